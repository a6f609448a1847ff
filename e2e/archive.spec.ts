/** A library goes out as a ZIP, and comes in again in another library. */
import { readFile } from 'node:fs/promises';
import { drop, expect, row, test } from './fixtures.ts';
import { look } from './look.ts';

const bibliography = `@article{lovelace1843, author = {Lovelace, Ada}, title = {Sketch of the Analytical Engine}, year = 1843, keywords = {engines}}
@book{babbage1864, author = {Babbage, Charles}, title = {Passages from the life of a philosopher}, year = 1864, groups = {History}}
`;

test('a library goes out as a ZIP and comes in again', async ({ library: page }) => {
  const library = page.url();
  await drop(page, [{ name: 'works.bib', data: Buffer.from(bibliography), type: '' }]);
  await page.getByRole('button', { name: 'Bring in 2 documents' }).click({ timeout: 20_000 });
  await page.getByRole('link', { name: 'Show the library' }).click({ timeout: 20_000 });
  await expect(row(page, 'Sketch of the Analytical Engine')).toContainText('1843');

  await page.getByRole('button', { name: /Switch library/ }).click();
  await page.getByRole('menuitem', { name: 'Export this library' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('checkbox', { name: 'With my private marks' })).toBeChecked();
  await look(page, 'archive-begin');
  await dialog.getByRole('button', { name: 'Prepare the ZIP' }).click();
  await expect(dialog).toContainText('Ready to be saved', { timeout: 20_000 });
  await expect(dialog).toContainText('2 works · 0 PDFs');
  await look(page, 'archive-ready');
  const [saved] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Save the ZIP' }).click()]);
  expect(saved.suggestedFilename()).toMatch(/ \d{4}-\d\d-\d\d\.zip$/);
  const zip = await readFile(await saved.path());
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  // Where it is from, nothing is new; in another library everything is.
  await drop(page, [{ name: 'library.zip', data: zip, type: 'application/zip' }]);
  const entry = page.getByRole('article', { name: 'library.zip' });
  await expect(entry).toContainText('2 are in this library already', { timeout: 20_000 });
  await page.getByRole('button', { name: /Switch library/ }).click();
  await page.getByRole('menuitem', { name: 'New library' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('The copy');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Switch library, now The copy' })).toBeVisible();
  expect(page.url()).not.toBe(library);
  await drop(page, [{ name: 'library.zip', data: zip, type: 'application/zip' }]);
  await expect(entry).toContainText('2 works are new', { timeout: 20_000 });
  await look(page, 'archive-checked');
  await entry.getByRole('button', { name: 'Bring in 2 documents' }).click();
  await expect(entry).toContainText('2 documents came in', { timeout: 20_000 });
  await entry.getByRole('link', { name: 'Show the library' }).click();
  await expect(row(page, 'Sketch of the Analytical Engine')).toContainText('engines');
  await expect(row(page, 'Passages from the life of a philosopher')).toContainText('History');
  await look(page, 'archive-copy');
});
