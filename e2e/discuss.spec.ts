import { card, comment, openLab, openPaper, popup, saved, selectLine } from './discuss.ts';
import { expect, signIn, test } from './fixtures.ts';
import { owner } from './server.ts';

// Two browsers, and a server that is killed and comes back.
test.setTimeout(180_000);

test('two people discuss a passage, live', async ({ server, browser }) => {
  const { ines, ada } = await openLab(server, browser);

  await selectLine(ines, 'This is page 1');
  await popup(ines).getByRole('button', { name: 'Question' }).click();
  await expect(saved(ines)).toBeVisible();
  await expect(ada.getByRole('article')).toHaveCount(1);

  await comment(ines, 'Readers mark what', 'Is this **always** so? $a^2$', 'always');
  await expect(card(ada, 'always')).toBeVisible();

  // A reply with a mention.
  await card(ada, 'always').click();
  const reply = card(ada, 'always').getByRole('combobox', { name: /Reply to/ });
  await reply.click();
  await reply.pressSequentially('I think @In');
  await expect(ada.getByRole('option', { name: 'Ines Calder' })).toBeVisible();
  await ada.keyboard.press('Enter');
  await reply.pressSequentially('knows');
  await ada.keyboard.press('Control+Enter');
  await expect(card(ines, 'always').getByText('@Ines Calder')).toBeVisible();

  // A reaction, and the end of the matter.
  await card(ines, 'always').click();
  await card(ines, 'always').getByText('Is this').hover();
  await card(ines, 'always').getByRole('button', { name: 'React' }).first().click();
  await ines.getByRole('menuitem', { name: '🎉' }).click();
  await expect(card(ada, 'always').getByRole('button', { name: '🎉 by Ines Calder' })).toBeVisible();
  await card(ada, 'always').getByRole('button', { name: 'Resolve' }).click();
  await expect(card(ines, 'always').getByRole('button', { name: 'Reopen' })).toBeVisible();
  await ines.keyboard.press('Escape');
  await expect(card(ines, 'Resolved by Ada Okonkwo')).toBeVisible();

  // Deleted and taken back by a key.
  await card(ines, 'This is page 1').click();
  await ines.keyboard.press('Delete');
  await expect(ada.getByRole('article')).toHaveCount(1);
  await ines.keyboard.press('Control+z');
  await expect(ada.getByRole('article')).toHaveCount(2);
});

test('what is written offline arrives once, after a reload and a killed server', async ({ server, browser }) => {
  const { ines, ada, documentId } = await openLab(server, browser);
  await comment(ines, 'This is page 1', 'before');
  await expect(saved(ines)).toBeVisible();

  await server.kill();
  await comment(ines, 'Readers mark what', 'written in the dark');
  await card(ines, 'before').click();
  const reply = card(ines, 'before').getByRole('combobox', { name: /Reply to/ });
  await reply.fill('an answer in the dark');
  await ines.keyboard.press('Control+Enter');
  await expect(ines.locator('footer').getByText('Offline, 2 changes kept')).toBeVisible();
  await ines.screenshot({ path: 'results/discuss-offline.png' });

  // The answers to what is sent now are lost on the way: it is sent again.
  await ines.route(/annotations/, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    await route.fetch().catch(() => undefined);
    await route.abort('connectionreset');
  });
  await server.restart();
  // Both have to find the server again, each in its own time.
  await expect(ada.getByRole('article')).toHaveCount(2, { timeout: 60_000 });
  await expect(ines.locator('footer').getByText(/kept/)).toBeVisible();
  await ines.unroute(/annotations/);
  await ines.reload();
  await expect(saved(ines)).toBeVisible({ timeout: 45_000 });
  await expect(ines.getByRole('article')).toHaveCount(2);
  await expect(ines.getByText('written in the dark')).toHaveCount(1);
  const token = await server.token();
  const { items } = await server.api<{ items: { body: string; replies: unknown[] }[] }>(token, `/api/documents/${documentId}/annotations`);
  expect(items.map(({ body, replies }) => [body, replies.length])).toEqual([
    ['before', 1],
    ['written in the dark', 0],
  ]);
});

test('of two edits at the same time neither is lost', async ({ server, browser }) => {
  const { ines, documentId } = await openLab(server, browser);
  await comment(ines, 'This is page 1', 'first words');
  await expect(saved(ines)).toBeVisible();

  // The same person at another machine, while this one is offline.
  const token = await server.token();
  const { items } = await server.api<{ items: { id: string }[] }>(token, `/api/documents/${documentId}/annotations`);
  const edit = async (revision: number, body: string): Promise<void> => {
    await server.api(token, `/api/annotations/${items[0]!.id}`, { method: 'PATCH', body: JSON.stringify({ revision, body }) });
  };
  await ines.context().setOffline(true);
  await edit(1, 'from the other machine');
  await card(ines, 'first words').click();
  await ines.keyboard.press('c');
  await ines.getByRole('combobox', { name: 'Comment' }).fill('from this machine');
  await ines.keyboard.press('Control+Enter');
  await expect(ines.locator('footer').getByText('Offline, 1 change kept')).toBeVisible();
  await ines.context().setOffline(false);
  const asked = ines.getByRole('group', { name: /You changed this elsewhere/ });
  await expect(asked).toContainText('from the other machine');
  await expect(asked).toContainText('from this machine');
  await ines.screenshot({ path: 'results/discuss-stale.png' });
  await asked.getByRole('button', { name: 'Use this one' }).click();
  await expect(saved(ines)).toBeVisible();
  await expect(card(ines, 'from this machine')).toBeVisible();
});

test('a private mark stays private until it is shared, and a link leads to a mark', async ({ server, browser }) => {
  const { ines, ada, documentId } = await openLab(server, browser, {}, 6);
  await selectLine(ines, 'This is page 1');
  await ines.keyboard.press('c');
  await ines.getByRole('combobox', { name: 'Comment' }).fill('for me alone');
  await ines.getByRole('button', { name: 'Everyone here' }).click();
  // From there too, and not only from the text.
  await ines.keyboard.press('Control+Enter');
  await expect(card(ines, 'for me alone').getByText('only you')).toBeVisible();
  await expect(saved(ines)).toBeVisible();
  await comment(ines, 'Readers mark what', 'for all');
  await expect(card(ada, 'for all')).toBeVisible();
  await expect(ada.getByText('for me alone')).toHaveCount(0);

  await card(ines, 'for me alone').click();
  await card(ines, 'for me alone').getByRole('button', { name: 'More' }).click();
  await ines.getByRole('menuitem', { name: 'Share with the library' }).click();
  await expect(card(ada, 'for me alone')).toBeVisible();

  // A mark on a later page, opened by its link.
  const token = await server.token();
  await ada.getByRole('textbox', { name: 'Page' }).fill('5');
  await ada.keyboard.press('Enter');
  await comment(ada, 'This is page 5', 'far below');
  await expect(ines.getByText('1 new from Ada Okonkwo on page 5')).toBeVisible();
  const { items } = await server.api<{ items: { id: string; body: string }[] }>(token, `/api/documents/${documentId}/annotations`);
  const far = items.find(({ body }) => body === 'far below')!;
  await ines.goto(`${server.origin}/`);
  await ines.goto(`${server.origin}/d/${documentId}#a=${far.id}&p=5`);
  await expect(card(ines, 'far below').getByRole('button', { name: 'Resolve' })).toBeVisible();
  await expect(ines.locator('.textLayer span').filter({ hasText: 'This is page 5' })).toBeInViewport();
  await expect(popup(ines)).toHaveCount(0);
});

test('what is selected by touch is marked from a popup that fits a phone', async ({ server, browser }) => {
  const { ada, documentId } = await openLab(server, browser);
  for (const [before, width] of [390, 320].entries()) {
    const phone = await (
      await browser.newContext({ viewport: { width, height: 740 }, hasTouch: true, isMobile: true })
    ).newPage();
    await signIn(phone, server, owner);
    await openPaper(phone, server, documentId);
    // A finger's handles move the selection; no pointer goes down on the page.
    await phone.evaluate(() => {
      const line = [...document.querySelectorAll('.textLayer span')].find(({ textContent }) => textContent?.startsWith('This is page 1'));
      getSelection()?.setBaseAndExtent(line!.firstChild!, 0, line!.firstChild!, 14);
    });
    const tools = (await popup(phone).boundingBox())!;
    expect(tools.x).toBeGreaterThanOrEqual(0);
    expect(tools.x + tools.width).toBeLessThanOrEqual(width);
    const line = (await phone.locator('.textLayer span').filter({ hasText: 'This is page 1' }).first().boundingBox())!;
    expect(tools.y).toBeGreaterThan(line.y + line.height);
    await expect(popup(phone).getByRole('button', { name: 'Copy' })).toBeInViewport({ ratio: 1 });
    await popup(phone).getByRole('button', { name: 'Quote', exact: true }).tap();
    // The window is closed when the mark has arrived.
    await expect(ada.getByRole('article').filter({ hasText: 'This is page 1' })).toHaveCount(before + 1);
    await phone.context().close();
  }
});

test('areas, drawings and keys, and the meanings as a library names them', async ({ server, browser }) => {
  const { ines, ada, libraryId, documentId } = await openLab(server, browser);
  // A library's own word for a meaning.
  await ines.goto(`${server.origin}/l/${libraryId}/members`);
  await ines.getByRole('textbox', { name: 'Name of Method' }).fill('Protocol');
  await ines.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(ines.getByText('Saved for everyone in this library.')).toBeVisible();
  await openPaper(ines, server, documentId);

  const sheet = (await ines.locator('.page').first().boundingBox())!;
  const drag = async (x: number, y: number): Promise<void> => {
    await ines.mouse.move(sheet.x + x, sheet.y + y);
    await ines.mouse.down();
    await ines.mouse.move(sheet.x + x + 60, sheet.y + y + 40, { steps: 4 });
    await ines.mouse.move(sheet.x + x + 160, sheet.y + y + 90, { steps: 4 });
    await ines.mouse.up();
  };
  await ines.keyboard.press('a');
  await expect(ines.getByRole('button', { name: 'Area', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await drag(200, 320);
  await ines.getByRole('combobox', { name: 'Comment' }).fill('what this figure shows');
  await ines.keyboard.press('Control+Enter');
  await expect(card(ada, 'what this figure shows')).toBeVisible();

  await ines.getByRole('button', { name: 'More tools' }).click();
  await ines.getByRole('menuitemradio', { name: 'Draw' }).click();
  await drag(400, 320);
  // Strokes that follow each other at once are one drawing.
  await expect(ada.getByRole('article')).toHaveCount(2);
  await ines.keyboard.press('Escape');
  await expect(ines.getByRole('button', { name: 'Text', exact: true })).toHaveAttribute('aria-pressed', 'true');

  // The focus is on the card; one key gives another meaning, the next takes it away.
  await card(ines, 'what this figure shows').click();
  await ines.keyboard.press('2');
  await expect(card(ada, 'what this figure shows')).toBeVisible();
  await expect(card(ines, 'what this figure shows').getByText('Protocol').first()).toBeVisible();
  await ines.keyboard.press('j');
  await ines.keyboard.press('k');
  await expect(card(ines, 'what this figure shows').getByRole('button', { name: 'Resolve' })).toBeVisible();
  await ines.keyboard.press('r');
  await expect(ines.getByRole('combobox', { name: /Reply to/ })).toBeFocused();
  await ines.screenshot({ path: 'results/discuss-area.png' });
  await expect(saved(ines)).toBeVisible();
});
