// Three people on two nodes go through a two-column paper and take it out again.
import type { Page } from '@playwright/test';
import { card, comment, openPaper, other, popup, rail, saved, selectLine } from './discuss.ts';
import { drop, expect, row, signIn, test } from './fixtures.ts';
import { makePdf } from './pdf.ts';
import { boxOf, drawnByPoppler, seenByMupdf, seenByPdfjs, type SeenMark } from './peers.ts';
import { owner, Server } from './server.ts';

const third = { name: 'Jonas Lindqvist', email: 'jonas@example.org', password: 'a third long password' };

interface Mark {
  id: string;
  kind: string;
  body: string;
  private: boolean;
  anchor: { exact: string; parts: { page: number; quads: number[][]; rect: number[] | null }[] };
  replies: { body: string }[];
}

const height = 842;

test('a reading group of three on two nodes marks, discusses, loses a node and exports', async ({ server: host, browser }) => {
  test.setTimeout(240_000);
  const one = await Server.beside(host);
  const two = await Server.beside(host);
  const { libraryId, token } = await makeGroup(host);
  const enter = async (node: Server, who: typeof owner): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    await signIn(page, node, who);
    return page;
  };
  const ines = await enter(one, owner);
  const ada = await enter(two, other);
  const jonas = await enter(two, third);

  await ines.goto(`${one.origin}/l/${libraryId}`);
  await drop(ines, [{ name: 'columns.pdf', data: twoColumns() }]);
  await expect(row(ines, 'Scribes in two columns')).toContainText('Ready');
  const { items } = await host.api<{ items: { id: string }[] }>(token, `/api/libraries/${libraryId}/documents`);
  const documentId = items[0]!.id;
  const marks = async (): Promise<Mark[]> => (await host.api<{ items: Mark[] }>(token, `/api/documents/${documentId}/annotations`)).items;
  await openPaper(ines, one, documentId);
  for (const page of [ada, jonas]) await openPaper(page, two, documentId);

  // Ines selects over three lines of the left column: nothing of the right one.
  await selectBetween(ines, 'Left line 2 of page 1', 'Left line 4 of page 1');
  await popup(ines).getByRole('button', { name: 'Method' }).click();
  await expect(rail(ada).getByRole('article')).toHaveCount(1);
  await expect(rail(jonas).getByRole('article')).toHaveCount(1);
  const [first] = await marks();
  expect(first!.anchor.exact).toBe(
    'Left line 2 of page 1 says what it says. Left line 3 of page 1 says what it says. Left line 4 of page 1 says what it says.',
  );

  // A question in the right column, an answer with a mention, and it is settled.
  await comment(ines, 'Right line 3 of page 1', 'Who copied this?');
  await card(ada, 'Who copied this?').click();
  const reply = card(ada, 'Who copied this?').getByRole('combobox', { name: /Reply to/ });
  await reply.click();
  await reply.pressSequentially('Ask @Jon');
  await ada.getByRole('option', { name: third.name }).click();
  await ada.keyboard.press('Control+Enter');
  await expect(jonas.getByRole('button', { name: /Inbox, 1 unread/ })).toBeVisible();
  await card(jonas, 'Who copied this?').click();
  await card(jonas, 'Who copied this?').getByRole('button', { name: 'Resolve' }).click();
  await expect(card(ines, 'Who copied this?').getByRole('button', { name: 'Reopen' })).toBeVisible();

  // Ada's node dies. What she writes is kept, and is there once when it is back.
  await two.kill();
  await comment(ada, 'Left line 5 of page 1', 'written without a server');
  await expect(ada.locator('footer').getByText('Offline, 1 change kept')).toBeVisible();
  await comment(ines, 'Right line 5 of page 1', 'meanwhile elsewhere');
  await expect(saved(ines)).toBeVisible();
  await two.restart();
  await expect(saved(ada)).toBeVisible({ timeout: 60_000 });
  await expect(card(ada, 'meanwhile elsewhere')).toBeVisible({ timeout: 60_000 });
  await expect(card(ines, 'written without a server')).toHaveCount(1);
  await expect(card(jonas, 'written without a server')).toHaveCount(1, { timeout: 60_000 });

  // A mark of Jonas' own stays his.
  await keepsPrivate(two, documentId, jonas);
  const all = await marks();
  expect(all.map(({ body }) => body).filter(Boolean).sort()).toEqual(['Who copied this?', 'meanwhile elsewhere', 'written without a server']);

  // Out as an annotated PDF: every mark at its place for three other programs.
  const response = await fetch(`${one.origin}/api/documents/${documentId}/annotations/export?format=pdf`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  const pdf = Buffer.from(await response.arrayBuffer());
  const highlights = all.filter(({ kind }) => kind === 'highlight');
  expect(highlights).toHaveLength(4);
  compare('MuPDF', highlights, await seenByMupdf(pdf, height));
  compare('pdf.js', highlights, await seenByPdfjs(browser, pdf));
  const plain = await drawnByPoppler(twoColumns(), 1, height);
  const marked = await drawnByPoppler(pdf, 1, height);
  for (const mark of highlights) {
    for (const part of mark.anchor.parts) {
      for (const quad of part.quads) {
        const [x0, y0, x1, y1] = boxOf(quad);
        // The paper just inside each corner has another colour now, just outside it has not.
        for (const [x, y] of [[x0 + 1.5, y1 - 1.5], [x1 - 1.5, y0 + 1.5]] as const) {
          if (isWhite(plain(x, y))) expect(isWhite(marked(x, y)), `poppler: (${x}, ${y}) in ${mark.anchor.exact}`).toBe(false);
        }
        expect(marked(x0 - 3, (y0 + y1) / 2), `poppler: left of ${mark.anchor.exact}`).toEqual(plain(x0 - 3, (y0 + y1) / 2));
      }
    }
  }
  await ines.screenshot({ path: 'results/screens/reading-group.png' });
  for (const page of [ines, ada, jonas]) await page.context().close();
  await one.stop();
  await two.stop();
});

/** Accounts for three and a shared library with all of them. */
async function makeGroup(host: Server): Promise<{ libraryId: string; token: string }> {
  await host.createOwner();
  const token = await host.token();
  const { id: libraryId } = await host.api<{ id: string }>(token, '/api/libraries', {
    method: 'POST',
    body: JSON.stringify({ name: 'Reading group' }),
  });
  for (const person of [other, third]) {
    await host.createUser(person);
    const { secret } = await host.api<{ secret: string }>(token, `/api/libraries/${libraryId}/invitations`, {
      method: 'POST',
      body: JSON.stringify({ role: 'commenter' }),
    });
    await host.api(await host.token(person.email), '/api/invitations/accept', { method: 'POST', body: JSON.stringify({ secret }) });
  }
  return { libraryId, token };
}

function twoColumns(): Buffer {
  const lines = (side: string, page: number): string[] =>
    Array.from({ length: 12 }, (_, i) => `${side} line ${i + 1} of page ${page} says what it says.`);
  const pages = [1, 2, 3].map((page) => [`This is page ${page} of the paper.`, ...lines('Left', page), '', ...lines('Right', page)]);
  return makePdf(pages, { title: 'Scribes in two columns', twoColumns: true });
}

/** Selects from the beginning of one line to the end of another, and beyond it into the gutter. */
async function selectBetween(page: Page, from: string, to: string): Promise<void> {
  const line = (text: string) => page.locator('.textLayer span').filter({ hasText: text }).first();
  const a = (await line(from).boundingBox())!;
  const b = (await line(to).boundingBox())!;
  await page.mouse.move(a.x + 2, a.y + a.height / 2);
  await page.mouse.down();
  await page.mouse.move(a.x + 60, b.y - 2, { steps: 4 });
  await page.mouse.move(b.x + b.width + 8, b.y + b.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(popup(page)).toBeVisible();
}

/** Jonas makes a private mark; nobody else's list has it, and its address leads nowhere for them. */
async function keepsPrivate(node: Server, documentId: string, jonas: Page): Promise<void> {
  await selectLine(jonas, 'Right line 8 of page 1');
  await jonas.keyboard.press('c');
  await jonas.getByRole('combobox', { name: 'Comment' }).fill('for my eyes');
  await jonas.getByRole('button', { name: 'Everyone here' }).click();
  await jonas.keyboard.press('Control+Enter');
  await expect(card(jonas, 'for my eyes')).toBeVisible();
  await expect(saved(jonas)).toBeVisible();
  const list = async (person: { email: string }): Promise<Mark[]> =>
    (await node.api<{ items: Mark[] }>(await node.token(person.email), `/api/documents/${documentId}/annotations`)).items;
  expect((await list(third)).filter(({ private: secret }) => secret)).toHaveLength(1);
  expect((await list(other)).filter(({ body }) => body === 'for my eyes')).toHaveLength(0);
}

function compare(program: string, highlights: Mark[], seen: SeenMark[]): void {
  for (const mark of highlights) {
    for (const part of mark.anchor.parts) {
      for (const quad of part.quads) {
        const wanted = boxOf(quad);
        const near = seen.some(
          (other) => other.page === part.page && other.subtype === 'Highlight' && other.quads.some((one) => boxOf(one).every((v, i) => Math.abs(v - wanted[i]!) <= 1)),
        );
        expect(near, `${program} sees "${mark.anchor.exact}" at ${wanted.join(' ')}`).toBe(true);
      }
    }
    if (mark.body) expect(seen.map(({ contents }) => contents), program).toContain(mark.body);
  }
}

const isWhite = ([r, g, b]: [number, number, number]): boolean => r > 250 && g > 250 && b > 250;
