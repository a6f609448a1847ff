import { drop, expect, row, test } from './fixtures.ts';
import { makePaper } from './pdf.ts';
import { owner } from './server.ts';

test('from the one-time link to the highlighted line', async ({ server, page, browser }) => {
  expect(server.setupUrl).toContain('/setup#');
  await page.goto(server.setupUrl);
  await page.getByLabel('Your name').fill(owner.name);
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('at least 10', { exact: false }).first()).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL(/\/l\//);
  await expect(page.getByText('Add a few papers to begin', { exact: false })).toBeVisible();

  await drop(page, [
    { name: 'palimpsest.pdf', data: makePaper('palimpsest', 3) },
    { name: 'marginalia.pdf', data: makePaper('marginalia', 2) },
  ]);
  await expect(row(page, 'On the palimpsest of manuscripts')).toContainText('Ready');
  await expect(row(page, 'On the marginalia of manuscripts')).toContainText('Ready');

  await page.keyboard.press('Control+k');
  // At once, as someone in a hurry does.
  await page.keyboard.type('palimpsest hypothesis');
  await expect(page.getByRole('dialog').getByRole('combobox')).toHaveValue('palimpsest hypothesis');
  await expect(page.getByRole('option').filter({ hasText: 'palimpsest' }).first()).toBeVisible();
  await page.keyboard.press('Escape');

  await page.goto(server.origin + '/search?q=' + encodeURIComponent('"palimpsest hypothesis" 3'));
  await expect(page.getByRole('heading', { name: '1 hit in 1 document' })).toBeVisible();
  await page.getByRole('button', { name: 'Open at hit' }).click();
  await page.waitForURL(/\/d\/.*page=3/);
  await expect(page.getByRole('textbox', { name: 'Page', exact: true })).toHaveValue('3');
  // The mark lies on the words it marks, by the text layer of pdf.js.
  const mark = page.locator('.pdfMark.ring').first();
  await expect(mark).toBeVisible();
  const words = page.locator('.page[data-page-number="3"] .textLayer span').filter({ hasText: 'The palimpsest hypothesis' });
  const [m, w] = [await mark.boundingBox(), await words.boundingBox()];
  if (!m || !w) throw new Error('no boxes');
  expect(m.y + m.height / 2).toBeGreaterThan(w.y - 2);
  expect(m.y + m.height / 2).toBeLessThan(w.y + w.height + 2);
  expect(m.x).toBeGreaterThan(w.x - 2);
  expect(m.x + m.width).toBeLessThan(w.x + w.width + 4);

  // Whoever finds the link later gets nothing by it.
  const later = await (await browser.newContext()).newPage();
  await later.goto(server.setupUrl);
  await expect(later.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(later.getByLabel('Your name')).toHaveCount(0);
});
