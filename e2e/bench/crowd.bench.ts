/**
 * What a full document asks of a browser: 2,000 marks, and 50 people in it at
 * once, 49 of them sockets that move about as readers do. Beside each figure
 * stands the same without them, of the same run.
 */
import type { Browser, Page } from '@playwright/test';
import WebSocket from 'ws';
import { expect, signIn, test } from '../fixtures.ts';
import { makePdf } from '../pdf.ts';
import { owner, type Server } from '../server.ts';
import { addBook, at, type Book } from './book.ts';

const marks = 2000;
const rounds = Number(process.env['ROUNDS'] ?? 3);

for (const pages of [450, 7]) {
  test(`frames with ${marks} marks on ${pages} pages`, async ({ server, library: page }) => {
    const token = await server.token();
    const marked = await addBook(server, token, text(pages, 'marked'));
    const plain = await addBook(server, token, text(pages, 'plain'));
    await mark(server, token, marked, pages);
    const found: Record<string, number[]> = { plain: [], marked: [] };
    for (let i = 0; i < rounds; i++) {
      for (const [name, book] of [['plain', plain], ['marked', marked]] as const) {
        await open(page, server, book);
        if (name === 'marked') await expect(page.getByRole('tab', { name: /Comments/ })).toContainText(/2.?000/);
        found[name]!.push(...(await frames(page)));
      }
    }
    const p95 = (name: string): number => at(found[name]!, 0.95);
    console.log(
      `\n${marks} marks on ${pages} pages, scrolling: frame p50 ${at(found['marked']!, 0.5)} ms, p95 ${p95('marked')} ms; ` +
        `without p50 ${at(found['plain']!, 0.5)} ms, p95 ${p95('plain')} ms; ratio of p95 ${(p95('marked') / p95('plain')).toFixed(2)} (bar 1.1)`,
    );
  });
}

test('50 people in one document', async ({ server, browser }) => {
  await server.createOwner();
  const token = await server.token();
  const { items } = await server.api<{ items: { id: string }[] }>(token, '/api/libraries');
  const libraryId = items[0]!.id;
  const book = await addBook(server, token, text(40, 'crowded'));
  const reader = await someone(browser, server);
  await open(reader, server, book);
  const alone = await frames(reader);

  const crowd: Reader[] = [];
  for (let i = 0; i < 49; i++) crowd.push(await join(server, token, libraryId, book, i));
  const still = crowd.map((one, i) => one.wander(i));
  await expect(reader.getByRole('group', { name: 'Also in this document' })).toBeVisible();
  await expect(reader.getByText('+45', { exact: true })).toBeVisible();
  const among = await frames(reader);

  // Marks that others make, from their request until the reader's window counts them.
  const late: number[] = [];
  for (let i = 0; i < 30; i++) {
    // A card can wait behind the counter of what is new; the number of marks does not.
    const seen = reader.getByRole('tab', { name: new RegExp(`^Comments\\s*${i + 1}$`) }).waitFor({ timeout: 20_000 });
    const began = performance.now();
    await crowd[i % crowd.length]!.note(1, `From the crowd, number ${i}.`);
    await seen;
    late.push(performance.now() - began);
  }
  for (const end of still) end();
  for (const one of crowd) one.leave();
  console.log(
    `\n50 people in one document, each of 49 telling twice a second where they are: frame p95 ${at(among, 0.95)} ms, alone ${at(alone, 0.95)} ms; ` +
      `a mark of somebody's is counted in the window after p50 ${at(late, 0.5)} ms, p95 ${at(late, 0.95)} ms (bar 500 ms)`,
  );
});

const words = 'what the scribes copied and what they left out of the margin';

function text(pages: number, title: string): Buffer {
  const lines = (n: number): string[] => Array.from({ length: 36 }, (_, i) => `Page ${n + 1}, line ${i + 1}: ${words}.`);
  return makePdf(Array.from({ length: pages }, (_, n) => lines(n)), { title, fanOut: 8 });
}

/** Highlights a line at a time, spread evenly over the pages. */
async function mark(server: Server, token: string, book: Book, pages: number): Promise<void> {
  const each = Math.ceil(marks / pages);
  const starts = new Map<number, number[]>();
  for (let page = 1; page <= pages; page++) {
    const { text: body } = await server.api<{ text: string }>(token, `/api/editions/${book.editionId}/pages/${page}`);
    starts.set(page, [...body.matchAll(/what the|left out|the margin/g)].map((one) => one.index).filter((start) => start + 60 < body.length));
  }
  const queue = Array.from({ length: marks }, (_, i) => i);
  const meanings = ['key', 'method', 'question', 'disagree', 'quote'];
  const worker = async (): Promise<void> => {
    for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
      const page = Math.floor(i / each) + 1;
      const places = starts.get(page)!;
      const start = places[(i * 7) % places.length]! + (i % 3);
      await server.api(token, `/api/documents/${book.documentId}/annotations`, {
        method: 'POST',
        body: JSON.stringify({
          id: crypto.randomUUID(),
          edition_id: book.editionId,
          kind: 'highlight',
          meaning: meanings[i % meanings.length],
          private: false,
          body: `Number ${i}.`,
          parts: [{ page, start, end: start + 20 + (i % 30) }],
        }),
      });
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}

async function open(page: Page, server: Server, book: Book): Promise<void> {
  await page.goto(`${server.origin}/d/${book.documentId}?page=1`);
  await page.locator('.pdfViewer .page[data-page-number="1"][data-loaded="true"]').waitFor();
}

/** The time of each frame while the pages are scrolled evenly for six seconds, in ms. */
async function frames(page: Page): Promise<number[]> {
  return page.evaluate(
    () =>
      new Promise<number[]>((done) => {
        const pages = document.querySelector<HTMLElement>('.pdfContainer')!;
        pages.scrollTop = 0;
        const took: number[] = [];
        const began = performance.now();
        let last = began;
        const frame = (now: number): void => {
          took.push(now - last);
          last = now;
          pages.scrollTop += 12;
          if (now - began < 6000) requestAnimationFrame(frame);
          else done(took.slice(10));
        };
        requestAnimationFrame(frame);
      }),
  );
}

async function someone(browser: Browser, server: Server): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, server, owner);
  return page;
}

interface Reader {
  /** Moves about until the returned function is called. */
  wander(seed: number): () => void;
  /** Leaves a note on a page. */
  note(page: number, body: string): Promise<void>;
  leave(): void;
}

/** Another person in the document, with a socket as the browser has one. */
async function join(server: Server, token: string, libraryId: string, book: Book, i: number): Promise<Reader> {
  const person = { name: `Reader ${i + 1}`, email: `reader${i + 1}@example.org`, password: 'correct horse battery' };
  await server.createUser(person);
  const own = await server.token(person.email);
  const { secret } = await server.api<{ secret: string }>(token, `/api/libraries/${libraryId}/invitations`, {
    method: 'POST',
    body: JSON.stringify({ role: 'editor' }),
  });
  await server.api(own, '/api/invitations/accept', { method: 'POST', body: JSON.stringify({ secret }) });

  const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/api/live`, { headers: { authorization: `Bearer ${own}` } });
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  let id = 0;
  const say = (command: object): void => socket.send(JSON.stringify({ id: ++id, ...command }));
  socket.on('message', (data: Buffer) => {
    if (data.toString() === '{}') socket.send('{}');
  });
  say({ connect: {} });
  say({ subscribe: { channel: `library:${libraryId}` } });
  say({ subscribe: { channel: `document:${book.documentId}` } });
  return {
    wander: (seed) => {
      let step = seed;
      const timer = setInterval(() => {
        step++;
        const page = 1 + ((seed + (step >> 4)) % 5);
        say({
          rpc: { method: 'presence', data: { document_id: book.documentId, page, x: 72, y: 700 - ((step * 13) % 600), selection: null } },
        });
      }, 500);
      return () => clearInterval(timer);
    },
    note: (page, body) =>
      server.api(own, `/api/documents/${book.documentId}/annotations`, {
        method: 'POST',
        body: JSON.stringify({
          id: crypto.randomUUID(),
          edition_id: book.editionId,
          kind: 'note',
          meaning: 'key',
          private: false,
          body,
          parts: [{ page, rect: [72, 700, 92, 720] }],
        }),
      }),
    leave: () => socket.close(),
  };
}
