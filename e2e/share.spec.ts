/** Marks out of a document and back in, its versions, and how it is looked at. */
import { readFile } from 'node:fs/promises';

import type { Download, Page } from '@playwright/test';

import { fillDiscussion, openLab, openPaper } from './discuss.ts';
import { expect, test } from './fixtures.ts';
import { look } from './look.ts';
import { makePaper } from './pdf.ts';
import { boxOf, drawnByPoppler, seenByMupdf, seenByPdfjs, type SeenMark } from './peers.ts';

// The paper's pages, in points.
const height = 842;

interface Mark {
  kind: string;
  private: boolean;
  body: string;
  author: { name: string };
  anchor: { status: string; exact: string; parts: { page: number; quads: number[][] }[] };
}

async function take(page: Page, name: string | RegExp): Promise<Download> {
  const panel = page.getByRole('dialog', { name: /^Share/ });
  if (!(await panel.isVisible())) await page.getByRole('button', { name: 'Share', exact: true }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), panel.getByRole('button', { name }).click()]);
  return download;
}

const text = async (download: Download): Promise<string> => readFile(await download.path(), 'utf8');

/** How far the farthest edge of any mark's line is from where the API says, in points. */
function farthest(seen: readonly SeenMark[], marks: readonly Mark[]): number {
  const boxes = (items: readonly { page: number; quads: number[][] }[]): [number, ...number[]][] =>
    items.flatMap(({ page, quads }) => quads.map((quad): [number, ...number[]] => [page, ...boxOf(quad)]));
  const theirs = boxes(seen);
  return Math.max(
    ...boxes(marks.flatMap(({ anchor }) => anchor.parts)).map(([page, ...box]) =>
      Math.min(
        ...theirs.filter(([other]) => other === page).map(([, ...there]) => Math.max(...box.map((edge, i) => Math.abs(edge - there[i]!)))),
      ),
    ),
  );
}

test('a discussion leaves in every format, and other programs see the marks where they are', async ({ server, browser }) => {
  const { documentId, token, ines } = await openLab(server, browser);
  await fillDiscussion(server, documentId, token);
  const { items } = await server.api<{ items: Mark[] }>(token, `/api/documents/${documentId}/annotations`);
  const shared = items.filter((mark) => !mark.private);
  expect(shared).toHaveLength(4);

  const pdf = await take(ines, /^Annotated PDF/);
  expect(pdf.suggestedFilename()).toBe('palimpsest (annotated).pdf');
  const bytes = await readFile(await pdf.path());
  for (const [program, seen] of [
    ['MuPDF', await seenByMupdf(bytes, height)],
    ['pdf.js', await seenByPdfjs(browser, bytes)],
  ] as const) {
    const highlights = seen.filter(({ subtype }) => subtype === 'Highlight');
    expect(highlights.length, program).toBe(shared.length);
    expect(farthest(highlights, shared), `${program}: points off`).toBeLessThanOrEqual(1);
    expect(new Set(highlights.map(({ author }) => author)), program).toEqual(new Set(shared.map(({ author }) => author.name)));
    expect(seen.some(({ contents }) => contents.includes('Copy this for the retreat')), `${program}: a private mark`).toBe(false);
  }
  const colour = await drawnByPoppler(bytes, 1, height);
  for (const { anchor } of shared.filter((mark) => mark.anchor.parts[0]!.page === 1)) {
    // Just inside the mark's edge, where no letter is.
    const [x0, y0, , y1] = boxOf(anchor.parts[0]!.quads[0]!);
    const [r, g, b] = colour(x0 + 1, y0 + (y1 - y0) / 2);
    expect(Math.min(r, g, b), `${anchor.exact}: paper is white, this is ${r} ${g} ${b}`).toBeLessThan(245);
  }

  const markdown = await text(await take(ines, /^Markdown/));
  expect(markdown).toContain('Worth saying in our own intro');
  expect(markdown).not.toContain('Copy this for the retreat');
  const csv = await take(ines, /^Table/);
  expect(csv.suggestedFilename()).toMatch(/\.csv$/);
  expect((await text(csv)).split('\n').length).toBeGreaterThan(4);
  expect(await text(await take(ines, /^Web page/))).toMatch(/^<!doctype html>/i);
  const linked = await take(ines, /^Web Annotations/);
  expect(linked.suggestedFilename()).toMatch(/\.jsonld$/);
  expect(JSON.parse(await text(linked))).toHaveProperty('@context');

  const panel = ines.getByRole('dialog', { name: /^Share/ });
  await panel.getByText('Person', { exact: true }).click();
  await panel.getByLabel('With my private marks').check();
  const byPerson = await text(await take(ines, /^Markdown/));
  expect(byPerson).toContain('Copy this for the retreat');
  expect(byPerson).not.toBe(markdown);
});

test('marks come into another copy of the paper; what cannot be read is told', async ({ server, browser, folder }) => {
  const { libraryId, documentId, token, ines } = await openLab(server, browser);
  await fillDiscussion(server, documentId, token);
  const linked = await take(ines, /^Web Annotations/);
  const path = `${folder}/marks.jsonld`;
  await linked.saveAs(path);

  // The same words in a file of other bytes.
  await ines.goto(`${server.origin}/l/${libraryId}`);
  await ines.getByTestId('upload-files').setInputFiles([{ name: 'copy.pdf', mimeType: 'application/pdf', buffer: makePaper('palimpsest', 4, 500) }]);
  const copies = async (): Promise<{ id: string; edition: { state: string } }[]> =>
    (await server.api<{ items: { id: string; edition: { state: string } }[] }>(token, `/api/libraries/${libraryId}/documents`)).items.filter(
      ({ id, edition }) => id !== documentId && edition.state === 'ready',
    );
  await expect.poll(async () => (await copies()).length).toBe(1);
  const copy = (await copies())[0]!.id;
  await openPaper(ines, server, copy);
  await ines.getByTestId('import-annotations').setInputFiles(path);
  await expect(ines.getByText('4 marks were brought in.', { exact: false })).toBeVisible();
  await expect(ines.getByRole('article').filter({ hasText: 'Worth saying in our own intro' })).toBeVisible();
  const { items } = await server.api<{ items: Mark[] }>(token, `/api/documents/${copy}/annotations`);
  expect(items.map(({ anchor }) => anchor.status)).toEqual(items.map(() => 'exact'));

  await ines.getByTestId('import-annotations').setInputFiles(path);
  await expect(ines.getByText('No mark was brought in.', { exact: false })).toBeVisible();
  await ines.getByTestId('import-annotations').setInputFiles([{ name: 'x.jsonld', mimeType: 'application/ld+json', buffer: Buffer.from('[1') }]);
  await expect(ines.getByText('This is no collection of Web Annotations', { exact: false })).toBeVisible();
});

test('a second version is read at once, and the first one still with its marks', async ({ server, browser }) => {
  const { documentId, token, ines } = await openLab(server, browser);
  await fillDiscussion(server, documentId, token);
  await openPaper(ines, server, documentId);
  await ines.getByRole('tab', { name: 'Info' }).click();
  await expect(ines.getByText('You read this one', { exact: false })).toBeVisible();
  await ines.getByTestId('upload-version').setInputFiles([{ name: 'published.pdf', mimeType: 'application/pdf', buffer: makePaper('palimpsest', 6) }]);
  const versions = ines.getByRole('list', { name: 'Versions of this document' });
  await expect(versions.getByRole('listitem')).toHaveCount(2);
  await expect(versions.getByRole('listitem').first()).toContainText('published.pdf');
  await expect(ines.locator('#reader-page-count')).toHaveText('of 6');

  await versions.getByRole('link', { name: /palimpsest\.pdf/ }).click();
  await expect(ines.getByText('You are reading a version that is not the current one.')).toBeVisible();
  await expect(ines.locator('#reader-page-count')).toHaveText('of 4');
  expect(ines.url()).toContain('edition=');
  await ines.getByRole('tab', { name: /Comments/ }).click();
  await expect(ines.getByRole('article').filter({ hasText: 'Worth saying in our own intro' })).toBeVisible();
  await ines.getByRole('link', { name: 'Go to the current one' }).click();
  await expect(ines.locator('#reader-page-count')).toHaveText('of 6');
  await expect(ines.getByText('You are reading a version that is not the current one.')).toBeHidden();
  await expect(ines.getByRole('article').filter({ hasText: 'Worth saying in our own intro' })).toBeVisible();
});

test('how the pages lie is remembered, and printing draws them', async ({ server, browser }) => {
  const { documentId, ines } = await openLab(server, browser);
  // The dialog is the system's own: only what goes to it is looked at.
  await ines.addInitScript(() => {
    window.print = () => {
      document.documentElement.dataset.printed = String(document.querySelectorAll('.pdfPrint img').length);
      window.dispatchEvent(new Event('afterprint'));
    };
  });
  await openPaper(ines, server, documentId);
  const view = ines.getByRole('button', { name: 'View and print' });
  await view.click();
  await ines.getByRole('menuitemradio', { name: 'Two pages, from page 1' }).click();
  await ines.keyboard.press('Escape');
  const side = async (): Promise<boolean> => {
    const boxes = await Promise.all([1, 2].map((n) => ines.locator(`.page[data-page-number="${n}"]`).boundingBox()));
    return boxes[0] !== null && boxes[1] !== null && Math.abs(boxes[0]!.y - boxes[1]!.y) < 2;
  };
  await expect.poll(side).toBe(true);
  await ines.reload();
  await expect.poll(side).toBe(true);

  await view.click();
  await ines.getByRole('menuitem', { name: 'Print…' }).click();
  const dialog = ines.getByRole('dialog', { name: 'Print' });
  await dialog.getByLabel('Pages to print').fill('9');
  await dialog.getByRole('button', { name: 'Print', exact: true }).click();
  await expect(dialog.getByText('Give pages from 1 to 4', { exact: false })).toBeVisible();
  await dialog.getByLabel('Pages to print').fill('1, 3-4');
  await dialog.getByRole('button', { name: 'Print', exact: true }).click();
  await expect(ines.locator('html')).toHaveAttribute('data-printed', '3');
  await expect(dialog).toBeHidden();
});

for (const { scheme, ...options } of [
  { scheme: 'light', colorScheme: 'light' },
  { scheme: 'dark', colorScheme: 'dark' },
  { scheme: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const) {
  test(`the menus, ${scheme}: no serious finding by axe`, async ({ server, browser }) => {
    const { documentId, token, ines } = await openLab(server, browser, { ...options, reducedMotion: 'reduce' });
    await fillDiscussion(server, documentId, token);
    await openPaper(ines, server, documentId);
    const shot = (name: string): Promise<void> => look(ines, `${name}-${scheme}`);
    const phone = scheme === 'phone';
    const more = ines.getByRole('button', { name: 'More tools' });
    if (phone) {
      await more.click();
      await expect(ines.getByRole('menuitem', { name: 'Share and export…' })).toBeVisible();
      await shot('more');
      await ines.getByRole('menuitem', { name: 'Share and export…' }).click();
    } else await ines.getByRole('button', { name: 'Share', exact: true }).click();
    await expect(ines.getByRole('dialog', { name: /^Share/ })).toBeVisible();
    await shot('share');
    await ines.keyboard.press('Escape');
    await expect(ines.getByRole('dialog', { name: /^Share/ })).toBeHidden();

    if (phone) await more.click();
    else {
      await ines.getByRole('button', { name: 'View and print' }).click();
      await expect(ines.getByRole('menuitem', { name: 'Print…' })).toBeVisible();
      await shot('view');
    }
    await ines.getByRole('menuitem', { name: 'Print…' }).click();
    await expect(ines.getByRole('dialog', { name: 'Print' })).toBeVisible();
    await shot('print');
    await ines.getByRole('button', { name: 'Cancel' }).click();

    if (phone) await ines.getByRole('button', { name: 'Raise the panel', exact: true }).click();
    await ines.getByRole('tab', { name: 'Info' }).click();
    await ines.getByRole('button', { name: /^Notifications for this document/ }).scrollIntoViewIfNeeded();
    await shot('info');
  });
}
