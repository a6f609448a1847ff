import { drop, expect, row, test } from './fixtures.ts';
import { makePaper } from './pdf.ts';

test('two people see one library change live, by an invitation link', async ({ library: page, browser }) => {
  // A shared library, and a link into it.
  await page.getByRole('button', { name: /Ines Calder/ }).first().click();
  await page.getByRole('menuitem', { name: /New library/ }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Open Methods Lab');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByText('Open Methods Lab').first()).toBeVisible();
  await page.getByRole('link', { name: /Members/ }).click();
  await page.getByRole('button', { name: 'Create link' }).click();
  const link = await page.getByLabel('Invitation link').inputValue();
  expect(link).toContain('/join#');

  const other = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await other.goto(link);
  await expect(other.getByText('Join Open Methods Lab')).toBeVisible();
  await other.getByLabel('Your name').fill('Ada Okonkwo');
  await other.getByLabel('E-mail').fill('ada@example.org');
  await other.getByLabel('Password', { exact: true }).fill('another long password');
  await other.getByRole('button', { name: 'Create account and join' }).click();
  await other.waitForURL(/\/l\//);
  await expect(other.getByText('Open Methods Lab').first()).toBeVisible();

  // The first sees the second arrive; the second sees the first one's paper.
  await expect(page.getByText('ada@example.org')).toBeVisible();
  await page.getByRole('link', { name: /^Library/ }).click();
  await drop(page, [{ name: 'palimpsest.pdf', data: makePaper('palimpsest') }]);
  await expect(row(other, 'On the palimpsest of manuscripts')).toContainText('Ready');

  // A new title travels, and so does the trash.
  await expect(row(page, 'On the palimpsest of manuscripts')).toContainText('Ready');
  await page.keyboard.press('j');
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: 'Title' }).fill('A better title');
  await page.keyboard.press('Enter');
  await expect(row(other, 'A better title')).toBeVisible();
  await row(page, 'A better title').getByRole('checkbox').check();
  await page.getByRole('toolbar', { name: 'Selected documents' }).getByRole('button', { name: /Delete/ }).click();
  await expect(row(other, 'A better title')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(other, 'A better title')).toBeVisible();

  // A link works once.
  const third = await (await browser.newContext()).newPage();
  await third.goto(link);
  await expect(third.getByText('was used, withdrawn or has run out', { exact: false })).toBeVisible();

  // Somebody who is removed loses the library at once.
  await page.getByRole('link', { name: /Members/ }).click();
  await page.getByRole('button', { name: 'More for Ada Okonkwo' }).click();
  await page.getByRole('menuitem', { name: 'Remove from library' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(other.getByText('A better title')).toHaveCount(0);
});
