/** For tests of discussing: two people in one library with a paper, and ways to mark it. */
import { type Browser, type BrowserContextOptions, expect, type Locator, type Page } from '@playwright/test';

import { drop, row, signIn } from './fixtures.ts';
import { makePaper } from './pdf.ts';
import { owner, type Server } from './server.ts';

export const other = { name: 'Ada Okonkwo', email: 'ada@example.org', password: 'another long password' };

export interface Lab {
  libraryId: string;
  documentId: string;
  /** The owner's token. */
  token: string;
  /** The owner's window and the other's, both with the paper open. */
  ines: Page;
  ada: Page;
}

/** Makes a shared library with a parsed paper; both have it open. */
export async function openLab(server: Server, browser: Browser, options: BrowserContextOptions = {}, pages = 4): Promise<Lab> {
  await server.createOwner();
  await server.createUser(other);
  const token = await server.token();
  const { id: libraryId } = await server.api<{ id: string }>(token, '/api/libraries', {
    method: 'POST',
    body: JSON.stringify({ name: 'Open Methods Lab' }),
  });
  const { secret } = await server.api<{ secret: string }>(token, `/api/libraries/${libraryId}/invitations`, {
    method: 'POST',
    body: JSON.stringify({ role: 'editor' }),
  });
  await server.api(await server.token(other.email), '/api/invitations/accept', {
    method: 'POST',
    body: JSON.stringify({ secret }),
  });
  const person = async (who: typeof owner): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })).newPage();
    await signIn(page, server, who);
    return page;
  };
  const ines = await person(owner);
  const ada = await person(other);
  await ines.goto(`${server.origin}/l/${libraryId}`);
  await drop(ines, [{ name: 'palimpsest.pdf', data: makePaper('palimpsest', pages) }]);
  await expect(row(ines, 'On the palimpsest of manuscripts')).toContainText('Ready');
  const documents = await server.api<{ items: { id: string }[] }>(token, `/api/libraries/${libraryId}/documents`);
  const documentId = documents.items[0]!.id;
  for (const page of [ines, ada]) await openPaper(page, server, documentId);
  return { libraryId, documentId, token, ines, ada };
}

export async function openPaper(page: Page, server: Server, documentId: string, hash = ''): Promise<void> {
  await page.goto(`${server.origin}/d/${documentId}${hash}`);
  await expect(page.locator('.textLayer span').filter({ hasText: 'This is page 1' })).toBeVisible();
}

/** Selects a line of the paper with the pointer, from its beginning to its end. */
export async function selectLine(page: Page, text: string | RegExp): Promise<void> {
  const line = page.locator('.textLayer span').filter({ hasText: text }).first();
  await line.scrollIntoViewIfNeeded();
  const box = (await line.boundingBox())!;
  await page.mouse.move(box.x + 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(popup(page)).toBeVisible();
}

export const popup = (page: Page): Locator => page.getByRole('toolbar', { name: 'Mark the selected text' });
export const rail = (page: Page): Locator => page.getByRole('list', { name: /Comments and marks/ });
/** The card that holds this text. */
export const card = (page: Page, text: string | RegExp): Locator => page.getByRole('article').filter({ hasText: text });
export const saved = (page: Page): Locator => page.locator('footer').getByText('Saved', { exact: true });

/** Selects a line and writes about it. */
export async function comment(page: Page, line: string | RegExp, text: string, shown: string = text): Promise<void> {
  await selectLine(page, line);
  await page.keyboard.press('c');
  await page.getByRole('combobox', { name: 'Comment' }).fill(text);
  await page.keyboard.press('Control+Enter');
  await expect(card(page, shown)).toBeVisible();
}

/** Puts a discussion of every sort on the paper, by the API. */
export async function fillDiscussion(server: Server, documentId: string, token: string): Promise<void> {
  const adas = await server.token(other.email);
  const { edition } = await server.api<{ edition: { id: string } }>(token, `/api/documents/${documentId}`);
  const text = async (page: number): Promise<string> =>
    (await server.api<{ text: string }>(token, `/api/editions/${edition.id}/pages/${page}`)).text;
  const post = <T>(who: string, path: string, body: unknown): Promise<T> =>
    server.api<T>(who, path, { method: 'POST', body: JSON.stringify(body) });
  const mark = async (who: string, page: number, words: string, meaning: string, body: string, secret = false): Promise<string> => {
    const start = [...(await text(page)).split(words)[0]!].length;
    const { id } = await post<{ id: string }>(who, `/api/documents/${documentId}/annotations`, {
      id: crypto.randomUUID(),
      edition_id: edition.id,
      kind: 'highlight',
      meaning,
      private: secret,
      body,
      parts: [{ page, start, end: start + [...words].length }],
    });
    return id;
  };
  await mark(adas, 1, 'This is page 1', 'key', 'Worth saying in our own intro. Ten years of fixes is the asset.');
  const asked = await mark(adas, 1, 'mark what they read', 'question', 'And **where does** this come from? $e^{i\\pi} = -1$');
  const { person } = await server.api<{ person: { id: string } }>(token, '/api/session');
  await post(adas, `/api/annotations/${asked}/replies`, { id: crypto.randomUUID(), body: `@[Ines Calder](person:${person.id}) you ran ours in May.` });
  await post(token, `/api/annotations/${asked}/replies`, { id: crypto.randomUUID(), body: '14 on the schedule, 16 in the room.' });
  await mark(token, 1, 'talk about it', 'method', 'Copy this for the retreat.', true);
  const done = await mark(token, 1, 'hypothesis holds', 'disagree', 'Our exit survey says the opposite.');
  await post(adas, `/api/annotations/${done}/resolve`, {});
  await mark(adas, 2, 'This is page 2', 'quote', '');
}
