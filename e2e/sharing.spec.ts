/** A paper shared by a link: read and commented without an account, and over at once. */
import type { Page } from '@playwright/test';

import { card, comment, openLab } from './discuss.ts';
import { expect, test } from './fixtures.ts';
import { look } from './look.ts';

/** Makes a link in the reader's share dialog, and gives its address. */
async function shareByLink(page: Page, access: string, password = ''): Promise<string> {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('button', { name: /^Share by link/ }).click();
  const dialog = page.getByRole('dialog', { name: /by link$/ });
  await dialog.getByText(access, { exact: true }).click();
  if (password) await dialog.getByLabel(/^Password/).fill(password);
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const address = await dialog.getByTestId('share-address').textContent();
  expect(address).toMatch(/\/s\/[\w-]{43}$/);
  return address ?? '';
}

test('a guest reads and comments by a link, the maker sees it live, and revoking ends it', async ({ server, browser }) => {
  const { ines, documentId } = await openLab(server, browser);
  const address = await shareByLink(ines, 'Comment');
  await look(ines, 'share-dialog');
  await ines.keyboard.press('Escape');

  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const guest = await context.newPage();
  const page = await guest.goto(address);
  expect(page?.headers()['referrer-policy']).toBe('no-referrer');
  expect(await page?.text()).toContain('<meta name="citation_title"');
  await expect(guest.locator('.textLayer span').filter({ hasText: 'This is page 1' })).toBeVisible();
  await guest.getByRole('textbox', { name: 'Your name' }).fill('Grace Hopper');
  await guest.getByRole('button', { name: 'Start' }).click();
  await expect(guest.getByText('You are Grace Hopper (guest)')).toBeVisible();
  await look(guest, 'guest-reader');

  await comment(guest, 'Readers mark what', 'Seen from outside.');
  await expect(card(ines, 'Seen from outside.')).toContainText('Grace Hopper (guest)');
  // And what a member answers reaches the guest.
  await card(ines, 'Seen from outside.').click();
  const reply = card(ines, 'Seen from outside.').getByRole('combobox', { name: /Reply to/ });
  await reply.fill('Thank you!');
  await reply.press('Control+Enter');
  await expect(guest.getByText('Thank you!')).toBeVisible();

  // Nothing else is open to the guest.
  const status = await guest.evaluate(async (id) => {
    const answer = await fetch(`/api/documents/${id}`);
    return answer.status;
  }, documentId);
  expect(status).toBe(401);

  await ines.getByRole('button', { name: 'Share', exact: true }).click();
  await ines.getByRole('button', { name: /^Share by link/ }).click();
  const dialog = ines.getByRole('dialog', { name: /by link$/ });
  await expect(dialog.getByText(/Opened in one browser/)).toBeVisible();
  await dialog.getByRole('button', { name: /^Revoke the link/ }).click();
  await ines.getByRole('dialog', { name: 'Revoke this link?' }).getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(guest.getByRole('heading', { name: 'This link shows nothing any more' })).toBeVisible();
  await look(guest, 'guest-ended');
  const again = await guest.goto(address);
  expect(again?.status()).toBe(410);
});

test('a link with a password says nothing without it, also on a phone', async ({ server, browser }) => {
  const { ines } = await openLab(server, browser);
  const address = await shareByLink(ines, 'Read', 'open sesame');
  const context = await browser.newContext({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  const guest = await context.newPage();
  const page = await guest.goto(address);
  expect(await page?.text()).not.toContain('citation_');
  await guest.getByLabel('Password', { exact: true }).fill('a guess');
  await guest.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(guest.getByText(/not this link.s password/)).toBeVisible();
  await look(guest, 'guest-password');
  await guest.getByLabel('Password', { exact: true }).fill('open sesame');
  await guest.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(guest.locator('.textLayer span').filter({ hasText: 'This is page 1' })).toBeVisible();
  await look(guest, 'guest-phone');
});
