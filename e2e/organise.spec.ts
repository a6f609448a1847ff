/** Tags and collections: made, put on documents, filtered by, changed and taken back, by pointer and by keys. */
import type { Browser, Locator, Page } from '@playwright/test';

import { openLab, other } from './discuss.ts';
import { drop, expect, row, signIn, test } from './fixtures.ts';
import { look } from './look.ts';
import { makePaper } from './pdf.ts';
import { owner, type Server } from './server.ts';

const names = ['palimpsest', 'marginalia', 'colophon'];
const nav = (page: Page, section: 'Tags' | 'Collections'): Locator => page.getByRole('region', { name: section });
const entry = (page: Page, section: 'Tags' | 'Collections', name: string): Locator =>
  nav(page, section).getByRole('link', { name: new RegExp(name) });
const toast = (page: Page, text: string | RegExp): Locator => page.locator('[role=status]').filter({ hasText: text }).last();
const undo = async (page: Page): Promise<void> => page.getByRole('button', { name: 'Undo' }).last().click();
const picker = (page: Page): Locator => page.getByRole('dialog');

/** Three papers in the owner's library, one after the other, so that their order is known. */
async function fill(page: Page): Promise<void> {
  for (const name of names) {
    await drop(page, [{ name: `${name}.pdf`, data: makePaper(name, 2) }]);
    await expect(row(page, name)).toBeVisible();
  }
  for (const name of names) await expect(row(page, `On the ${name}`)).toContainText('Ready', { timeout: 30_000 });
}

/** Takes the action of an entry's menu. */
async function act(page: Page, name: string | RegExp, action: string): Promise<void> {
  await page.getByRole('button', { name: typeof name === 'string' ? `Actions for ${name}` : name, exact: typeof name === 'string' }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

/** A second person in the owner's shared library, looking at its list. */
async function together(server: Server, browser: Browser): Promise<{ ines: Page; ada: Page }> {
  const { ines, ada, libraryId } = await openLab(server, browser);
  for (const page of [ines, ada]) await page.goto(`${server.origin}/l/${libraryId}`);
  return { ines, ada };
}

test('documents are tagged by keys, found by their tags, and everything can be taken back', async ({ library: page }) => {
  await fill(page);

  // One document, by keys: e, a name, Enter makes the tag and puts it on.
  await page.getByRole('grid').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await expect(picker(page)).toHaveAccessibleName('Tag 1 document');
  await page.keyboard.type('#Teaching  aids');
  await page.keyboard.press('Enter');
  await expect(toast(page, '#Teaching aids put on 1 document')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(picker(page)).toBeHidden();
  await expect(row(page, 'On the colophon')).toContainText('#Teaching aids');
  await expect(entry(page, 'Tags', 'Teaching aids')).toHaveAccessibleName(/1 document/);

  // Three, by the bar: on some is told, Enter puts it on the rest.
  await page.keyboard.press('ControlOrMeta+a');
  await page.getByRole('toolbar').getByRole('button', { name: 'Tag' }).click();
  await expect(picker(page)).toHaveAccessibleName('Tag 3 documents');
  await expect(picker(page).getByRole('option', { name: /Teaching aids/ })).toContainText('on some');
  await page.keyboard.type('teach');
  await page.keyboard.press('Enter');
  await expect(picker(page).getByRole('option', { name: /Teaching aids/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(toast(page, '#Teaching aids put on 2 documents')).toBeVisible();
  await expect(entry(page, 'Tags', 'Teaching aids')).toHaveAccessibleName(/3 documents/);
  await undo(page);
  await expect(entry(page, 'Tags', 'Teaching aids')).toHaveAccessibleName(/1 document$/);
  await page.keyboard.press('Escape');

  // The list by a tag, from the navigation, and out of it again.
  await entry(page, 'Tags', 'Teaching aids').click();
  await expect(page).toHaveURL(/tag=/);
  await expect(page.getByText('1 document matches')).toBeVisible();
  await expect(row(page, 'On the palimpsest')).toBeHidden();
  await page.getByRole('button', { name: 'Take away the filter #Teaching aids' }).click();
  await expect(row(page, 'On the palimpsest')).toBeVisible();

  // Another name and colour, and back.
  await act(page, '#Teaching aids', 'Rename or recolour');
  await picker(page).getByLabel('Name').fill('teaching');
  await picker(page).getByText('Purple').click({ force: true });
  await picker(page).getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'On the colophon')).toContainText('#teaching');
  await undo(page);
  await expect(row(page, 'On the colophon')).toContainText('#Teaching aids');

  // A name that is taken is said at the field.
  await page.getByRole('button', { name: 'New tag' }).click();
  await picker(page).getByLabel('Name').fill('TEACHING AIDS');
  await picker(page).getByRole('button', { name: 'Create' }).click();
  await expect(picker(page)).toContainText('This library has a tag of that name already.');
  await page.keyboard.press('Escape');

  // Deleted it leaves the rows; undone it is on them again.
  await act(page, '#Teaching aids', 'Delete');
  await expect(nav(page, 'Tags')).toContainText('No tags yet');
  await expect(row(page, 'On the colophon')).not.toContainText('#');
  await undo(page);
  await expect(row(page, 'On the colophon')).toContainText('#Teaching aids');
  await page.reload();
  await expect(row(page, 'On the colophon')).toContainText('#Teaching aids');
});

test('collections are a tree: filled by dragging and by keys, moved, deleted and restored', async ({ library: page }) => {
  await fill(page);
  const make = async (button: Locator, name: string): Promise<void> => {
    await button.click();
    await picker(page).getByLabel('Name').fill(name);
    await page.keyboard.press('Enter');
    await expect(picker(page)).toBeHidden();
    await expect(entry(page, 'Collections', name)).toBeVisible();
  };
  await make(page.getByRole('button', { name: 'New collection', exact: true }), 'Earth observation');
  await make(page.getByRole('button', { name: 'New collection', exact: true }), 'Reading group');
  await page.getByRole('button', { name: 'Actions for Earth observation' }).click();
  await make(page.getByRole('menuitem', { name: 'New collection inside' }), 'Groundwater');

  // A row is dragged onto one of them.
  await row(page, 'On the palimpsest').dragTo(entry(page, 'Collections', 'Groundwater'));
  await expect(toast(page, '1 document put into Groundwater')).toBeVisible();
  await expect(row(page, 'On the palimpsest')).toContainText('Groundwater');
  // What is inside counts outside too.
  await expect(entry(page, 'Collections', 'Earth observation')).toHaveAccessibleName(/1 document$/);

  // Two by keys, into a second collection.
  await page.getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+E');
  await expect(picker(page)).toHaveAccessibleName('Collections of 2 documents');
  await page.keyboard.type('reading');
  await page.keyboard.press('Enter');
  await expect(toast(page, '2 documents put into Reading group')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(entry(page, 'Collections', 'Reading group')).toHaveAccessibleName(/2 documents/);
  await page.keyboard.press('Escape');

  // Shown by the outer one; the tree opens and closes by keys.
  await entry(page, 'Collections', 'Earth observation').click();
  await expect(page.getByText('1 document matches')).toBeVisible();
  await expect(row(page, 'On the palimpsest')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(entry(page, 'Collections', 'Groundwater')).toBeHidden();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(entry(page, 'Collections', 'Groundwater')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'Filters' })).toContainText('Earth observation / Groundwater');
  await page.getByRole('group', { name: 'Filters' }).getByRole('button', { name: 'Show all' }).click();

  // Moved into another, and back; not into itself.
  await act(page, 'Earth observation', 'Move to');
  await expect(picker(page).getByLabel('Into').locator('option')).toHaveText(['The top', 'Reading group']);
  await picker(page).getByLabel('Into').selectOption({ label: 'Reading group' });
  await picker(page).getByRole('button', { name: 'Move to' }).click();
  await expect(entry(page, 'Collections', 'Reading group')).toHaveAccessibleName(/[23] documents/);
  await undo(page);
  await act(page, 'Reading group', 'Move up');
  await expect(nav(page, 'Collections').getByRole('link').first()).toHaveAccessibleName(/Reading group/);

  // Deleted with what is inside; the documents stay; undone all is back.
  await act(page, 'Earth observation', 'Delete');
  await expect(entry(page, 'Collections', 'Earth observation')).toBeHidden();
  await expect(row(page, 'On the palimpsest')).not.toContainText('Groundwater');
  await undo(page);
  await expect(row(page, 'On the palimpsest')).toContainText('Groundwater');
  await expect(entry(page, 'Collections', 'Groundwater')).toHaveAccessibleName(/1 document$/);
});

test('what one person orders, another sees at once; a reader can only look', async ({ server, browser }) => {
  const { ines, ada } = await together(server, browser);
  await ines.getByRole('grid').focus();
  await ines.keyboard.press('j');
  await ines.keyboard.press('e');
  await ines.keyboard.type('shared');
  await ines.keyboard.press('Enter');
  await expect(row(ada, 'On the palimpsest')).toContainText('#shared');
  await expect(entry(ada, 'Tags', 'shared')).toHaveAccessibleName(/1 document/);

  // Ada filters by it; when Ines takes it off, the row leaves Ada's list.
  await entry(ada, 'Tags', 'shared').click();
  await expect(row(ada, 'On the palimpsest')).toBeVisible();
  await ines.keyboard.press('Enter');
  await expect(ada.getByText('No document is here yet.')).toBeVisible();
  await ines.keyboard.press('Escape');

  const libraryId = /\/l\/([^/?#]+)/.exec(ines.url())![1]!;
  const token = await server.token(owner.email);
  const { items } = await server.api<{ items: { person_id: string; name: string }[] }>(token, `/api/libraries/${libraryId}/members`);
  const reader = items.find(({ name }) => name === other.name)!;
  await server.api(token, `/api/libraries/${libraryId}/members/${reader.person_id}`, { method: 'PATCH', body: JSON.stringify({ role: 'reader' }) });
  await expect(ada.getByRole('button', { name: 'New tag' })).toBeHidden();
  await expect(entry(ada, 'Tags', 'shared')).toBeVisible();
});

for (const { name, ...options } of [
  { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const) {
  test(`tags and collections, ${name}: no serious finding by axe`, async ({ server, browser }) => {
    await server.createOwner();
    const page = await (await browser.newContext({ ...options, reducedMotion: 'reduce' })).newPage();
    await signIn(page, server, owner);
    await fill(page);
    const libraryId = /\/l\/([^/?#]+)/.exec(page.url())![1]!;
    const token = await server.token();
    const send = <T>(path: string, body: unknown): Promise<T> => server.api<T>(token, path, { method: 'POST', body: JSON.stringify(body) });
    const { items } = await server.api<{ items: { id: string }[] }>(token, `/api/libraries/${libraryId}/documents`);
    const ids = items.map(({ id }) => id);
    const colors = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'];
    for (const [i, color] of colors.entries()) {
      const tag = await send<{ id: string }>(`/api/libraries/${libraryId}/tags`, { name: `${color} things`, color });
      if (i < 3) await send(`/api/tags/${tag.id}/documents`, { add: ids.slice(i) });
    }
    const outer = await send<{ id: string }>(`/api/libraries/${libraryId}/collections`, { name: 'Earth observation' });
    const inner = await send<{ id: string }>(`/api/libraries/${libraryId}/collections`, { name: 'Groundwater', parent_id: outer.id });
    await send(`/api/collections/${inner.id}/documents`, { add: ids.slice(0, 2) });
    await send(`/api/collections/${outer.id}/documents`, { add: ids.slice(0, 1) });

    await page.goto(`${server.origin}/l/${libraryId}?collection=${inner.id}`);
    await expect(page.getByText('2 documents match')).toBeVisible();
    await expect(row(page, 'On the').first()).toContainText('#grey things');
    await page.getByRole('checkbox').nth(1).click();
    await look(page, `organise-list-${name}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(options.viewport.width);
    await page.getByRole('toolbar').getByRole('button', { name: 'Tag' }).click();
    await expect(picker(page).getByRole('option')).toHaveCount(colors.length);
    await look(page, `organise-picker-${name}`);
    await page.keyboard.press('Escape');
    await expect(picker(page)).toBeHidden();
    if (name === 'phone') {
      await page.getByRole('button', { name: 'Open the navigation' }).click();
      await expect(entry(page, 'Collections', 'Groundwater')).toBeVisible();
      await look(page, `organise-nav-${name}`);
    }
    await page.getByRole('button', { name: 'Actions for #red things' }).click();
    await page.getByRole('menuitem', { name: 'Rename or recolour' }).click();
    await expect(picker(page).getByLabel('Name')).toBeVisible();
    await look(page, `organise-tag-${name}`);
  });
}
