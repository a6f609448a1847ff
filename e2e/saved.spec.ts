/** Searches that are kept: saved, shared, mended, told of; and papers that have to do with one. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from '@playwright/test';

import { other } from './discuss.ts';
import { drop, expect, row, signIn, test } from './fixtures.ts';
import { look } from './look.ts';
import { makePdf } from './pdf.ts';
import { owner, type Server } from './server.ts';

const prose = Array.from({ length: 6 }, (_, i) => `Line ${i + 1} of what is said here is long enough to be the text of a paper.`);
const paper = (title: string, text: string): { name: string; data: Buffer } => ({
  name: `${title}.pdf`,
  data: makePdf([[title, text, ...prose]], { title }),
});
const nav = (page: Page): Locator => page.getByRole('region', { name: 'Saved searches' });
const toast = (page: Page, text: string | RegExp): Locator => page.locator('[role=status]').filter({ hasText: text }).last();
const bar = (page: Page): Locator => page.getByRole('group', { name: 'Saved search' });

/** Two people in a library that is empty. */
async function share(server: Server, browser: Browser): Promise<{ ines: Page; ada: Page; libraryId: string }> {
  await server.createOwner();
  await server.createUser(other);
  const tokens = { ines: await server.token(), ada: await server.token(other.email) };
  const { id } = await server.api<{ id: string }>(tokens.ines, '/api/libraries', { method: 'POST', body: '{"name":"Tidal Lab"}' });
  const { secret } = await server.api<{ secret: string }>(tokens.ines, `/api/libraries/${id}/invitations`, { method: 'POST', body: '{"role":"editor"}' });
  await server.api(tokens.ada, '/api/invitations/accept', { method: 'POST', body: JSON.stringify({ secret }) });
  const open = async (person: { email: string; password: string }): Promise<Page> => {
    const page = await (await browser.newContext()).newPage();
    await signIn(page, server, person);
    return page;
  };
  return { ines: await open(owner), ada: await open(other), libraryId: id };
}

test('a search is saved by keys, shared, told of, mended and taken back', async ({ server, browser }) => {
  const { ines, ada, libraryId } = await share(server, browser);
  await ada.goto(`${server.origin}/l/${libraryId}`);
  await ines.goto(`${server.origin}/search?q=estuary&library=${libraryId}`);
  await expect(ines.getByRole('region', { name: 'Results' })).toContainText('Nothing found for “estuary”');
  await ines.getByRole('heading', { level: 1 }).click();

  // By keys: s, a name, Enter; shared with the library.
  await ines.keyboard.press('s');
  const form = ines.getByRole('dialog', { name: 'Save search' });
  await expect(form.getByLabel('Name')).toHaveValue('estuary');
  await form.getByLabel('Name').fill('Tidal  papers');
  await form.getByLabel(/Share with everybody/).check();
  await form.getByLabel('Tell me when something new matches').check();
  await look(ines, 'saved-form');
  await form.getByLabel('Name').press('Enter');
  await expect(toast(ines, '“Tidal papers” is saved')).toBeVisible();
  await expect(bar(ines).getByRole('switch')).toBeChecked();

  // Ada sees it without loading anew, and brings what it is about.
  await expect(nav(ada).getByRole('link', { name: /Tidal papers ?, shared/ })).toBeVisible();
  await drop(ada, [paper('Power from the tides', 'All of it is about the estuary and its turbines.')]);
  await expect(row(ada, 'Power from the tides')).toContainText('Ready', { timeout: 30_000 });
  await expect(nav(ada).getByRole('link', { name: /Tidal papers ?, shared.*1 document$/ })).toBeVisible({ timeout: 15_000 });
  await look(ada, 'saved-nav');

  // Ines is told once, and the notice opens the search.
  const bell = ines.getByRole('button', { name: 'Inbox, 1 unread' });
  await expect(bell).toBeVisible({ timeout: 20_000 });
  await bell.click();
  const notice = ines.getByRole('dialog', { name: 'Inbox' }).getByRole('link', { name: /1 document newly matches “Tidal papers”/ });
  await expect(notice).toContainText('Power from the tides');
  await look(ines, 'saved-notice');
  await notice.click();
  await expect(ines.getByRole('searchbox')).toHaveValue('estuary');
  await expect(ines.getByRole('region', { name: 'Results' })).toContainText('Power from the tides');
  await expect(ines.getByRole('button', { name: 'Inbox', exact: true })).toBeVisible();

  // Another query on the page is offered to be kept.
  await ines.getByRole('searchbox').fill('estuary title:power');
  await bar(ines).getByRole('button', { name: 'Save changes' }).click();
  await expect(toast(ines, '“Tidal papers” searches for this now')).toBeVisible();
  await expect(bar(ines).getByRole('button', { name: 'Save changes' })).toBeHidden();
  expect((await new AxeBuilder({ page: ines }).include('main').analyze()).violations).toEqual([]);
  await look(ines, 'saved-search');

  // Deleted and back, in both windows.
  await bar(ines).getByRole('button', { name: 'Actions for Tidal papers' }).click();
  await ines.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(nav(ada)).toBeHidden();
  await ines.getByRole('button', { name: 'Undo' }).last().click();
  await expect(nav(ada).getByRole('link', { name: /Tidal papers/ })).toBeVisible();
});

test('a search whose tag is gone says so and is mended', async ({ library: page, server }) => {
  const libraryId = /\/l\/([0-9a-f-]+)/.exec(page.url())?.[1] ?? '';
  const token = await server.token();
  const tag = await server.api<{ id: string }>(token, `/api/libraries/${libraryId}/tags`, { method: 'POST', body: '{"name":"review"}' });
  await server.api(token, `/api/libraries/${libraryId}/saved-searches`, { method: 'POST', body: '{"name":"To read","query":"estuary tag:review"}' });
  await expect(nav(page).getByRole('link', { name: /To read/ })).toBeVisible();
  await server.api(token, `/api/tags/${tag.id}`, { method: 'DELETE' });
  const link = nav(page).getByRole('link', { name: /To read.*cannot be answered any more/ });
  await expect(link).toBeVisible();
  await link.click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('“To read” cannot be answered any more');
  await expect(alert).toContainText('No tag here is called “review”');
  await look(page, 'saved-broken');
  await alert.getByRole('button', { name: 'Edit the search' }).click();
  await expect(page.getByRole('searchbox')).toBeFocused();
  expect(await page.evaluate(() => String(getSelection()))).toBe('tag:review');
  await alert.getByRole('button', { name: 'Search without tag:review' }).click();
  await expect(page.getByRole('searchbox')).toHaveValue('estuary');
  await bar(page).getByRole('button', { name: 'Save changes' }).click();
  await expect(toast(page, '“To read” searches for this now')).toBeVisible();

  // From the palette.
  await page.goto(`${server.origin}/l/${libraryId}`);
  await expect(nav(page).getByRole('link', { name: /To read/ })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').fill('to read');
  await page.getByRole('option', { name: /To read/ }).click();
  await expect(page).toHaveURL(/saved=/);
  await expect(page.getByRole('searchbox')).toHaveValue('estuary');
});

test('papers that have to do with one stand beside it', async ({ library: page }) => {
  const cited = 'A History of Karakuri Automata and Clockwork Puppetry';
  const about = 'karakuri automata, clockwork androids, puppetry, marionettes and theatre machines of Edo';
  await drop(page, [
    { name: 'cited.pdf', data: makePdf([[`On ${about}.`, ...prose]], { title: cited }) },
    {
      name: 'citing.pdf',
      data: makePdf([[`More on ${about} [1].`, ...prose, 'References', `[1] A. Silva. ${cited}. Journal of Machines, 4, 2015.`]], { title: 'Androids before Electricity' }),
    },
  ]);
  for (const title of [cited, 'Androids before Electricity']) await expect(row(page, title)).toContainText('Ready', { timeout: 30_000 });
  await row(page, 'Androids before Electricity').getByRole('link').first().click();
  await page.getByRole('tab', { name: 'Info' }).click();
  const related = page.getByRole('region', { name: 'Related' });
  await expect(related.getByRole('list', { name: 'Cites, in this library' }).getByRole('link', { name: cited })).toBeVisible();
  await expect(related.getByRole('list', { name: 'More like this' }).getByRole('link', { name: cited })).toBeVisible();
  expect((await new AxeBuilder({ page }).include('[role=tabpanel]').analyze()).violations).toEqual([]);
  await related.scrollIntoViewIfNeeded();
  await look(page, 'related');
  await related.getByRole('list', { name: 'Cites, in this library' }).getByRole('link', { name: cited }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveTitle(new RegExp(cited));
  await page.getByRole('tab', { name: 'Info' }).click();
  await expect(related.getByRole('list', { name: 'Cited by, in this library' }).getByRole('link', { name: 'Androids before Electricity' })).toBeVisible();
});
