import { expect, row, test } from './fixtures.ts';
import { makePdf } from './pdf.ts';

const prose = Array.from({ length: 12 }, (_, i) => `Line ${i + 1} of what is said here is long enough to be the text of a paper.`);

test('a file without an outline shows the headings found in its text', async ({ library: page }) => {
  const pdf = makePdf(
    [
      ['Introduction', '', ...prose, '', '', 'Methods', '', ...prose],
      ['Results', '', ...prose],
    ],
    { title: 'On headings' },
  );
  await page.getByTestId('upload-files').setInputFiles({ name: 'headings.pdf', mimeType: 'application/pdf', buffer: pdf });
  await expect(row(page, 'On headings')).toContainText('Ready');
  await row(page, 'On headings').getByRole('link').first().click();
  await expect(page.locator('.textLayer span').first()).toBeVisible();

  await page.getByRole('tab', { name: 'Outline' }).click();
  const outline = page.getByRole('navigation', { name: 'Outline', exact: true });
  await expect(outline).toContainText('Headings found in the text');
  await expect(outline.getByRole('button')).toHaveText([/^Introduction\s*1$/, /^Methods\s*1$/, /^Results\s*2$/]);

  await outline.getByRole('button', { name: /Results/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Page', exact: true })).toHaveValue('2');
  await outline.getByRole('button', { name: /Methods/ }).click();
  await expect(page.getByRole('textbox', { name: 'Page', exact: true })).toHaveValue('1');
});
