/** Documents are cited, copied and taken out as a bibliography. */
import { drop, expect, row, test } from './fixtures.ts';
import { look } from './look.ts';

const bibliography = `@article{lovelace1843, author = {Lovelace, Ada}, title = {Sketch of the {Analytical} Engine}, year = 1843, journal = {Scientific Memoirs}, volume = 3, doi = {10.1000/sketch}, keywords = {engines}, groups = {History/Computing}}
@book{babbage1864, author = {Babbage, Charles}, title = {Passages from the life of a philosopher & <script>alert(1)</script>}, year = 1864, publisher = {Longman}}
`;

test('documents are cited in a style, copied, and taken out as BibTeX', async ({ library: page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const library = page.url();
  await drop(page, [{ name: 'works.bib', data: Buffer.from(bibliography), type: '' }]);
  await page.getByRole('button', { name: 'Bring in 2 documents' }).click();
  await expect(page.getByText('2 documents came in')).toBeVisible({ timeout: 20_000 });
  await page.goto(library);
  await expect(row(page, 'Sketch')).toHaveCount(1);
  // What the record says beside its facts came along.
  await expect(row(page, 'Sketch')).toContainText('engines');
  await expect(row(page, 'Sketch')).toContainText('Computing');
  for (const title of ['Sketch', 'Passages']) await row(page, title).getByRole('checkbox').click();
  await page.getByRole('toolbar', { name: 'Selected documents' }).getByRole('button', { name: 'Cite' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cite 2 documents' });
  await dialog.getByLabel('Style').selectOption({ label: (await dialog.getByLabel('Style').locator('option').filter({ hasText: 'APA' }).first().textContent())! });
  await expect(dialog).toContainText('(Babbage, 1864; Lovelace, 1843)');
  await expect(dialog.getByRole('group', { name: 'Bibliography' }).locator('i').first()).toBeVisible();
  await look(page, 'cite');
  await dialog.getByRole('button', { name: 'Copy bibliography' }).click();
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    return { html: await (await item!.getType('text/html')).text(), text: await (await item!.getType('text/plain')).text() };
  });
  expect(copied.html).toContain('<i>');
  expect(copied.html).not.toContain('<script>alert');
  expect(copied.text).toContain('Lovelace, A. (1843). Sketch of the Analytical Engine.');
  await dialog.getByRole('button', { name: 'Copy BibTeX' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/@article\{lovelace1843,[^@]*keywords = \{engines\}/);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Export the whole library' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'RIS' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.ris$/);

  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByRole('link', { name: 'Sketch of the Analytical Engine' }).click();
  await page.getByRole('button', { name: 'Cite this document' }).click();
  await expect(page.getByRole('dialog', { name: 'Cite this document' })).toContainText('(Lovelace, 1843)');
  await look(page, 'cite-phone');
});
