/**
 * How long the first page of a large file takes from the click to the drawn
 * page, on loopback and over a slow line; beside it, how long the browser needs
 * for the whole file, which is what a reader without ranges waits for.
 */
import type { CDPSession, Page } from '@playwright/test';
import { test } from '../fixtures.ts';
import { makePdf } from '../pdf.ts';
import { addBook, at } from './book.ts';

const pageCount = 450;
const rounds = Number(process.env['ROUNDS'] ?? 9);

const books = [
  { name: 'page tree of 8 to a node', fanOut: 8 },
  { name: 'all pages in one node', fanOut: Infinity },
];

for (const { name: tree, fanOut } of books) {
  test(`first page of a large file, ${tree}`, async ({ server, library: page }) => {
    const lines = (n: number): string[] =>
      Array.from({ length: 20 }, (_, i) => `Page ${n + 1}, line ${i + 1}: what the scribes copied, and what they left out.`);
    const pdf = makePdf(Array.from({ length: pageCount }, (_, n) => lines(n)), { title: 'A large book', picture: 45_000, fanOut });
    const token = await server.token();
    const book = await addBook(server, token, pdf);
    console.log(`\n${pageCount} pages, ${(pdf.length / 1e6).toFixed(1)} MB, ${tree}, ${rounds} rounds each`);

    const line = await page.context().newCDPSession(page);
    await line.send('Network.enable');
    for (const [name, mbit, ms] of [['loopback', 0, 0], ['20 Mbit/s, 40 ms', 20, 40]] as const) {
      await slow(line, mbit, ms);
      const opened: number[] = [];
      const chosen: number[] = [];
      const first: number[] = [];
      const whole: number[] = [];
      for (let i = 0; i < rounds; i++) {
        opened.push(await openFromLibrary(page, server.origin, 0));
        chosen.push(await openFromLibrary(page, server.origin, 1000));
        await line.send('Network.setCacheDisabled', { cacheDisabled: true });
        first.push(await firstVisit(page, `${server.origin}/d/${book.documentId}`));
        if (i < 3) whole.push(await download(page, `/api/editions/${book.editionId}/file`));
        await line.send('Network.setCacheDisabled', { cacheDisabled: false });
      }
      const say = (values: number[]): string => `p50 ${at(values, 0.5)} ms, p75 ${at(values, 0.75)} ms`;
      console.log(`${name}: opened from the library ${say(chosen)}, without a look at it ${say(opened)}; first visit by link ${say(first)}; the whole file alone p50 ${at(whole, 0.5)} ms`);
    }
  });
}

const firstPage = '.pdfViewer .page[data-page-number="1"][data-loaded="true"]';

/**
 * From the key that opens a document in the list to its first page's picture, in
 * ms; the key comes when the list has been looked at for so many ms.
 */
async function openFromLibrary(page: Page, origin: string, look: number): Promise<number> {
  await page.goto(origin);
  await page.getByRole('row').filter({ hasText: 'A large book' }).waitFor();
  await page.keyboard.press('j');
  await page.waitForTimeout(look);
  const began = performance.now();
  await page.keyboard.press('Enter');
  await page.locator(firstPage).waitFor();
  return performance.now() - began;
}

/** The same by a link, with nothing of the app in the browser's cache. */
async function firstVisit(page: Page, url: string): Promise<number> {
  await page.goto('about:blank');
  const began = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(firstPage).waitFor();
  return performance.now() - began;
}

async function download(page: Page, path: string): Promise<number> {
  return page.evaluate(async (address) => {
    const began = performance.now();
    await (await fetch(address, { cache: 'no-store' })).arrayBuffer();
    return performance.now() - began;
  }, path);
}

async function slow(line: CDPSession, mbit: number, ms: number): Promise<void> {
  const bytes = mbit > 0 ? (mbit * 1e6) / 8 : -1;
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: ms, downloadThroughput: bytes, uploadThroughput: bytes });
}
