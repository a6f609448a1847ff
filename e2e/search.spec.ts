import { AxeBuilder } from '@axe-core/playwright';
import { expect, row, test } from './fixtures.ts';
import { makePdf } from './pdf.ts';

const prose = Array.from({ length: 6 }, (_, i) => `Line ${i + 1} of what is said here is long enough to be the text of a paper.`);

test('a search is narrowed, put right, and explained', async ({ library: page }) => {
  for (const [name, word] of [['Tidal power', 'estuary'], ['Solar power', 'photovoltaic']] as const) {
    const pdf = makePdf([[`All of it is about ${word} energy.`, ...prose]], { title: name });
    await page.getByTestId('upload-files').setInputFiles({ name: `${word}.pdf`, mimeType: 'application/pdf', buffer: pdf });
    await expect(row(page, name)).toContainText('Ready');
  }
  await page.goto(new URL('/search?q=energy', page.url()).href);
  const results = page.getByRole('region', { name: 'Results' });
  await expect(results.getByRole('heading', { level: 1 })).toHaveText('2 hits in 2 documents');

  const box = page.getByRole('searchbox');
  await box.fill('energy title:tidal');
  await expect(results.getByRole('heading', { level: 1 })).toHaveText('1 hit in 1 document');
  await results.getByRole('button', { name: 'How to ask' }).click();
  await expect(page.getByRole('dialog', { name: 'How to ask' })).toContainText('year:2019..2023');
  await page.keyboard.press('Escape');
  expect((await new AxeBuilder({ page }).include('main').analyze()).violations).toEqual([]);

  await results.getByRole('button', { name: 'Search without title: tidal' }).click();
  await expect(box).toHaveValue('energy');
  await expect(results.getByRole('heading', { level: 1 })).toHaveText('2 hits in 2 documents');

  await box.fill('tydal');
  await results.getByRole('button', { name: 'Search for “tidal”' }).click();
  await expect(box).toHaveValue('tidal');
  await expect(results.getByRole('link', { name: /Tidal power/ })).toBeVisible();

  await box.fill('energy year:soon');
  await expect(results.getByRole('alert')).toContainText('“soon” is no year');
});
