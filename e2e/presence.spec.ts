import { openLab, openPaper, other } from './discuss.ts';
import { expect, signIn, test } from './fixtures.ts';
import { look } from './look.ts';
import { owner, Server } from './server.ts';
import type { Locator, Page } from '@playwright/test';

// Two browsers, each on a node of its own.
test.setTimeout(240_000);

const people = (page: Page): Locator => page.getByRole('group', { name: 'Also in this document' });
const pageField = (page: Page): Locator => page.getByRole('textbox', { name: 'Page', exact: true });

/** Goes to a page by its number, as one does. */
async function turnTo(page: Page, number: number): Promise<void> {
  await pageField(page).fill(String(number));
  await pageField(page).press('Enter');
  await expect(pageField(page)).toHaveValue(String(number));
}

/** Selects a line and leaves it selected. */
async function select(page: Page, text: string): Promise<void> {
  const line = page.locator('.textLayer span').filter({ hasText: text }).first();
  const box = (await line.boundingBox())!;
  await page.mouse.move(box.x + 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
}

test('readers on two nodes see, visit and follow each other', async ({ server, browser }) => {
  const lab = await openLab(server, browser, {}, 8);
  const { ines, documentId } = lab;
  const beside = await Server.beside(server);
  try {
    await lab.ada.context().close();
    await expect(people(ines)).toHaveCount(0);
    const ada = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await signIn(ada, beside, other);
    await openPaper(ada, beside, documentId);

    // Each sees the other, not themselves; on the page where they are.
    await expect(people(ines).getByRole('button')).toHaveCount(1);
    await expect(people(ines).getByRole('button', { name: 'Ada Okonkwo, page 1. Go there; Shift to follow' })).toBeVisible();
    await expect(people(ada).getByRole('button', { name: /Ines Calder, page 1/ })).toBeVisible();
    await turnTo(ada, 4);
    await expect(people(ines).getByText('p. 4')).toBeVisible();

    // Click goes there, and there is a way back.
    await people(ines).getByRole('button', { name: /Ada/ }).click();
    await expect(pageField(ines)).toHaveValue('4');
    await ines.keyboard.press('Alt+ArrowLeft');
    await expect(pageField(ines)).toHaveValue('1');
    await expect(people(ada).getByText('p. 1')).toBeVisible();

    // What the other has selected, with their name.
    await turnTo(ada, 1);
    await select(ada, 'This is page 1');
    await expect(ines.locator('.pdfPointerName')).toHaveText('Ada');
    await look(ines, 'presence-light');
    await ines.emulateMedia({ colorScheme: 'dark' });
    await look(ines, 'presence-dark');
    await ines.emulateMedia({ colorScheme: 'light' });
    await ada.keyboard.press('Escape');
    await expect(ines.locator('.pdfPointerName')).toHaveCount(0);

    // Following goes over page turns and jumps.
    await people(ines).getByRole('button', { name: /Ada/ }).click({ modifiers: ['Shift'] });
    await expect(ines.getByText('Following Ada', { exact: true })).toBeVisible();
    await turnTo(ada, 6);
    await expect(pageField(ines)).toHaveValue('6');
    await ada.mouse.move(600, 400);
    await ada.mouse.wheel(0, 5000);
    await expect(pageField(ada)).toHaveValue('8');
    await expect(pageField(ines)).toHaveValue('8');
    await look(ines, 'presence-following');
    await ines.keyboard.press('Escape');
    await expect(ines.getByText('Following Ada', { exact: true })).toHaveCount(0);
    await turnTo(ada, 2);
    await expect(people(ines).getByText('p. 2')).toBeVisible();
    await expect(pageField(ines)).toHaveValue('8');

    // By a key; scrolling by oneself ends it, and so does a jump.
    await ines.keyboard.press('f');
    await expect(pageField(ines)).toHaveValue('2');
    await expect(ines.getByText('Following Ada', { exact: true })).toBeVisible();
    await ines.mouse.move(700, 500);
    await ines.mouse.wheel(0, 200);
    await expect(ines.getByText('Following Ada', { exact: true })).toHaveCount(0);
    await ines.keyboard.press('f');
    await expect(ines.getByText('Following Ada', { exact: true })).toBeVisible();
    await turnTo(ines, 7);
    await expect(ines.getByText('Following Ada', { exact: true })).toHaveCount(0);

    // The same person in another window is still one.
    const second = await ada.context().newPage();
    await openPaper(second, beside, documentId);
    await turnTo(second, 5);
    await expect(people(ines).getByText('p. 5')).toBeVisible();
    await expect(people(ines).getByRole('button')).toHaveCount(1);
    await second.close();
    await expect(people(ines).getByText('p. 2')).toBeVisible();

    // Who does not want to be seen is not.
    await ada.getByRole('button', { name: /Ada Okonkwo/ }).last().click();
    await ada.getByRole('menuitemcheckbox', { name: 'Show others where I read' }).click();
    await expect(people(ines)).toHaveCount(0);
    await ada.getByRole('menuitemcheckbox', { name: 'Show others where I read' }).click();
    await expect(people(ines).getByRole('button')).toHaveCount(1);
    await ada.keyboard.press('Escape');

    // Leaving ends it with a word.
    await ines.locator('.pdfContainer').focus();
    await ines.keyboard.press('f');
    await expect(ines.getByText('Following Ada', { exact: true })).toBeVisible();
    await ada.close();
    await expect(ines.getByText('Ada Okonkwo has left the document.', { exact: false })).toBeVisible();
    await expect(people(ines)).toHaveCount(0);
  } finally {
    await beside.stop();
  }
});

test('a document opens where it was left, on any device', async ({ server, browser }) => {
  const { ines, ada, documentId, token } = await openLab(server, browser, {}, 8);
  await ada.context().close();
  const place = () =>
    server.api<{ position: { page: number } | null }>(token, `/api/documents/${documentId}/position`);
  const device = await (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true })).newPage();
  await signIn(device, server, owner);

  await turnTo(ines, 5);
  await expect.poll(async () => (await place()).position?.page).toBe(5);
  await device.goto(`${server.origin}/d/${documentId}`);
  await expect(pageField(device)).toHaveValue('5');
  // There is a way back, and the other window of one's own is nobody else.
  await expect(device.getByRole('button', { name: /Back to page 1/ })).toBeVisible();
  await expect(people(device)).toHaveCount(0);

  // An address that names a page is meant.
  await device.goto(`${server.origin}/d/${documentId}?page=2`);
  await expect(pageField(device)).toHaveValue('2');

  // What is read offline arrives later.
  await ines.context().setOffline(true);
  await turnTo(ines, 7);
  await expect
    .poll(() => ines.evaluate(() => Object.entries(localStorage).find(([key]) => key.startsWith('scrollkeeper.places.'))?.[1]))
    .toContain('"page":7');
  await ines.context().setOffline(false);
  await expect.poll(async () => (await place()).position?.page).toBe(7);
});

test('on a phone the others are one button', async ({ server, browser }) => {
  const { ines, ada, documentId } = await openLab(server, browser, {}, 4);
  const phone = await (
    await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  ).newPage();
  await signIn(phone, server, other);
  await openPaper(phone, server, documentId);
  await ada.context().close();
  await turnTo(ines, 3);
  await people(phone).getByRole('button', { name: '1 person is here too' }).click();
  await expect(phone.getByRole('menuitem', { name: /Ines Calder, page 3/ })).toBeVisible();
  await look(phone, 'presence-phone-menu');
  await phone.getByRole('menuitem', { name: 'Follow Ines Calder' }).click();
  await expect(phone.getByText('Following Ines', { exact: true })).toBeVisible();
  await expect(pageField(phone)).toHaveValue('3');
  await look(phone, 'presence-phone');
  await phone.getByRole('button', { name: 'Stop following' }).click();
  await expect(phone.getByText('Following Ines', { exact: true })).toHaveCount(0);
});
