/** A bibliography is looked through, comes in, and is taken back. */
import { drop, expect, row, test } from './fixtures.ts';
import { look } from './look.ts';
import { makePaper } from './pdf.ts';

const bibliography = `@article{lovelace1843, author = {Lovelace, Ada}, title = {Sketch of the Analytical Engine}, year = 1843, journal = {Scientific Memoirs}, doi = {10.1000/sketch}}
@book{noether1918, author = {Noether, Emmy}, title = {Invariant variational problems, year = 1918
@book{babbage1864, author = {Babbage, Charles}, title = {Passages from the <b>life</b> of a {\\"o}ld philosopher}, year = 1864}
@article{again, author = {Lovelace, A.}, title = {The sketch once more}, year = 1843, doi = {10.1000/SKETCH}}
`;

test('a bibliography is looked through, comes in, and is taken back', async ({ library: page, server }) => {
  const library = page.url();
  await drop(page, [{ name: 'works.bib', data: Buffer.from(bibliography), type: '' }]);
  const entry = page.getByRole('article', { name: 'works.bib' });
  await expect(entry).toContainText('2 works are new', { timeout: 20_000 });
  await expect(entry).toContainText('1 comes earlier in the file');
  await expect(entry).toContainText('Line 2, noether1918: the entry is not closed');
  await look(page, 'import-checked');
  await page.reload();
  await entry.getByRole('button', { name: 'Bring in 2 documents' }).click();
  await expect(entry).toContainText('2 documents came in', { timeout: 20_000 });
  await look(page, 'import-done');
  await entry.getByRole('link', { name: 'Show the library' }).click();
  await expect(row(page, 'Sketch of the Analytical Engine')).toContainText('1843');
  await expect(row(page, 'old philosopher').or(row(page, 'öld philosopher'))).toHaveCount(1);
  await look(page, 'import-library');

  // A work without a file has its facts, and takes a file.
  await page.getByRole('link', { name: 'Sketch of the Analytical Engine' }).click();
  await expect(page.getByRole('heading', { name: 'Sketch of the Analytical Engine' })).toBeVisible();
  await look(page, 'document-without-file');
  await expect(page.getByRole('button', { name: 'Add the PDF…' })).toBeVisible();
  await page.getByTestId('upload-version').setInputFiles({ name: 'sketch.pdf', mimeType: 'application/pdf', buffer: makePaper('sketch', 2) });
  await expect(page.locator('.textLayer span').filter({ hasText: 'This is page 1' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'Sketch of the Analytical Engine' })).toBeVisible();

  await page.goto(`${library}/import`);
  await page.setViewportSize({ width: 390, height: 800 });
  await look(page, 'import-phone');
  await entry.getByRole('button', { name: 'Undo' }).click();
  await expect(entry).toContainText('2 documents were moved to the trash again');
  await page.goto(library);
  await expect(row(page, 'Sketch of the Analytical Engine')).toHaveCount(0);
});
