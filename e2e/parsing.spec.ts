import { expect, row, test, writePapers } from './fixtures.ts';

test('a server killed in mid-parse parses again after its start', async ({ server, library: page, folder }) => {
  const paths = await writePapers(folder, ['codex'], 3000);
  await page.getByTestId('upload-files').setInputFiles(paths);
  await expect(row(page, /codex/)).toContainText(/Parsing\s*\d+\/3,?000/, { timeout: 30_000 });
  await server.kill();
  await server.restart();
  await expect(row(page, 'On the codex of manuscripts')).toContainText('Ready', { timeout: 60_000 });
});

test('a document opens while it is still being parsed', async ({ library: page, folder }) => {
  const paths = await writePapers(folder, ['codex'], 3000);
  await page.getByTestId('upload-files').setInputFiles(paths);
  await expect(row(page, /codex/)).toContainText('Parsing', { timeout: 30_000 });
  await row(page, /codex/).getByRole('link').first().click();
  await expect(page.getByText('of 3000')).toBeVisible();
  await expect(page.locator('.textLayer span').filter({ hasText: 'This is page 1' })).toBeVisible();
  await expect(page.getByText('All text can be searched')).toBeVisible({ timeout: 60_000 });
});
