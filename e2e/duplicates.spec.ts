/** Two documents that are one work become one, with what was marked on each, and two again. */
import { card, comment } from './discuss.ts';
import { drop, expect, row, test } from './fixtures.ts';
import { look } from './look.ts';
import { makePdf } from './pdf.ts';

const title = 'On the margins of shared manuscripts';
const line = 'Readers mark what they read, and talk about it in the margin.';
const paper = [title, 'Ada Lovelace and Charles Babbage', '', line, 'Others have found the same in other libraries, again and again.'];

test('duplicates are merged with their marks, a version is chosen, and all is undone', async ({ library: page, server }) => {
  await drop(page, [{ name: 'preprint.pdf', data: makePdf([paper], { title }) }]);
  await expect(row(page, 'preprint.pdf').or(row(page, title))).toContainText('Ready', { timeout: 30_000 });
  await drop(page, [{ name: 'published.pdf', data: makePdf([['A sheet of the publisher.'], paper], { title }) }]);
  await expect(row(page, title)).toHaveCount(2);
  await expect(row(page, 'Ready')).toHaveCount(2, { timeout: 30_000 });
  const library = page.url();
  const token = await server.token();
  const libraryId = /\/l\/([^/?#]+)/.exec(library)![1]!;
  const { items } = await server.api<{ items: { id: string; edition: { filename: string } }[] }>(token, `/api/libraries/${libraryId}/documents?sort=added&order=asc`);
  const [preprint, published] = items as [(typeof items)[0], (typeof items)[0]];
  expect([preprint.edition.filename, published.edition.filename]).toEqual(['preprint.pdf', 'published.pdf']);

  await page.goto(`${server.origin}/d/${published.id}`);
  await expect(page.locator('.textLayer span').filter({ hasText: line })).toBeVisible();
  await comment(page, line, 'Is that so?');

  await page.goto(library);
  await page.getByRole('link', { name: 'Duplicates' }).click();
  await expect(page.getByRole('heading', { name: 'The same title, with authors and years that agree' })).toBeVisible();
  await look(page, 'duplicates');
  // The one that came first is the one to keep, unless somebody says otherwise.
  await expect(page.getByRole('radio', { name: /preprint\.pdf/ })).toBeChecked();
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page.getByText(`Merged into “${title}”`)).toBeVisible();
  await expect(page.getByText('No duplicates.')).toBeVisible();

  await page.goto(`${server.origin}/d/${preprint.id}`);
  await expect(card(page, 'Is that so?')).toBeVisible();
  await page.getByRole('tab', { name: 'Info' }).click();
  const versions = page.getByRole('list', { name: 'Versions of this document' }).getByRole('listitem');
  await expect(versions).toHaveCount(2);
  await expect(versions.first()).toContainText('preprint.pdf');
  await page.getByRole('button', { name: 'Show published.pdf as the current version' }).click();
  await expect(versions.first()).toContainText('published.pdf');
  await page.reload();
  await expect(page.locator('.textLayer span').filter({ hasText: 'A sheet of the publisher.' })).toBeVisible();

  await page.goto(`${library}/trash`);
  await expect(row(page, 'Merged into')).toHaveCount(1);
  await look(page, 'trash-merged');
  await row(page, 'Merged into').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText('Document is back in the library')).toBeVisible();
  await page.goto(`${server.origin}/d/${published.id}`);
  await page.getByRole('tab', { name: 'Comments' }).click();
  await expect(card(page, 'Is that so?')).toBeVisible();

  // By hand, from the list, keeping the other one.
  await page.goto(library);
  await expect(row(page, title)).toHaveCount(2);
  for (const box of await page.getByRole('checkbox', { name: title }).all()) await box.click();
  await page.getByRole('toolbar', { name: 'Selected documents' }).getByRole('button', { name: 'Merge' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /published\.pdf/ }).check();
  await look(page, 'merge-dialog');
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await expect(row(page, title)).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, title)).toHaveCount(2);
});
