import type { Page } from '@playwright/test';

import { expect, test } from './fixtures.ts';
import { Harness, parsed, type PageText } from './harness.ts';
import { makePdf } from './pdf.ts';

const lines = [
  'Readers mark what they read, and talk about it.',
  'The margin is where a paper is answered. It has been',
  'so for a thousand years.',
  'Nobody reads alone who reads what others have marked.',
];

let harness: Harness;
test.beforeAll(async () => {
  harness = await Harness.start();
});
test.afterAll(() => harness.stop());

/** The last thing that an event told. */
function told<T>(page: Page, event: string): Promise<T | undefined> {
  return page.evaluate((name) => window.harness.told.filter((one) => one.event === name).at(-1)?.value[0], event) as Promise<T | undefined>;
}

interface Selected {
  parts: { page: number; start: number; end: number; quads: number[][] }[];
  text: string;
  done: boolean;
}

test('text is selected by words, from margins, by clicks and by keys', async ({ server, library, page, context }) => {
  const pdf = makePdf([lines], { title: 'On margins' });
  const texts = await parsed(server, library, 'On margins', pdf);
  const { text, words } = texts[0]!;
  await page.goto(harness.open('select', pdf, texts));
  await expect(page.locator('.page[data-words]')).toBeVisible();

  /** Where the word stands on the screen that begins with this text. */
  const at = async (said: string): Promise<{ x: number; y: number; left: number; right: number }> => {
    const start = text.indexOf(said);
    const word = words.find((one) => one.start <= start && start < one.end)!;
    return page.evaluate((box) => {
      const { left, right, top, bottom } = window.harness.handle.current!.clientRect(1, box)!;
      return { x: (left + right) / 2, y: (top + bottom) / 2, left, right };
    }, word.boxes[0]!);
  };
  const drag = async (from: { x: number; y: number }, to: { x: number; y: number }): Promise<Selected> => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
    await page.mouse.move(to.x, to.y);
    await page.mouse.up();
    return (await told<Selected>(page, 'onSelect'))!;
  };

  await test.step('from the middle of a word to the middle of another', async () => {
    const selected = await drag(await at('mark'), await at('answered'));
    expect(selected.text).toBe('mark what they read, and talk about it. The margin is where a paper is answered.');
    expect(selected.done).toBe(true);
    const [part] = selected.parts;
    expect(text.slice(part!.start, part!.end)).toBe(selected.text);
    expect(part!.quads).toHaveLength(2);
  });

  await test.step('from the margin, and past the end of a line', async () => {
    const first = await at('The margin');
    const last = await at('years');
    const selected = await drag({ x: first.left - 60, y: first.y }, { x: last.right + 250, y: last.y });
    expect(selected.text).toBe('The margin is where a paper is answered. It has been so for a thousand years.');
  });

  await test.step('what is copied is what is selected', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.keyboard.press('Control+c');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'The margin is where a paper is answered. It has been so for a thousand years.',
    );
    await page.keyboard.press('Escape');
    expect(await told(page, 'onSelect')).toBeNull();
  });

  await test.step('two clicks take a word, three its sentence, Shift extends', async () => {
    const paper = await at('paper is');
    await page.mouse.dblclick(paper.x, paper.y);
    expect((await told<Selected>(page, 'onSelect'))?.text).toBe('paper');
    await page.mouse.click(paper.x, paper.y, { clickCount: 3 });
    expect((await told<Selected>(page, 'onSelect'))?.text).toBe('The margin is where a paper is answered.');
    await page.keyboard.press('Escape');
    await page.mouse.click(paper.x, paper.y);
    const thousand = await at('thousand');
    await page.keyboard.down('Shift');
    await page.mouse.click(thousand.x, thousand.y);
    await page.keyboard.up('Shift');
    expect((await told<Selected>(page, 'onSelect'))?.text).toBe('paper is answered. It has been so for a thousand');
    await page.keyboard.press('Escape');
  });

  await test.step('a caret goes through the text and selects', async () => {
    await page.keyboard.press('F7');
    await expect(page.locator('.pdfCaret')).toBeVisible();
    const nobody = await at('Nobody');
    await page.mouse.click(nobody.left + 1, nobody.y);
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('status')).toHaveText(/reads/);
    await page.keyboard.press('Shift+End');
    await expect.poll(async () => (await told<Selected>(page, 'onSelect'))?.text).toBe('reads alone who reads what others have marked.');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => (await told<Selected>(page, 'onSelect'))?.text).toBe('so');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(page.locator('.pdfCaret')).toBeHidden();
  });

  await test.step('overlapping marks are all told, and each has the focus in turn', async () => {
    await page.evaluate((page1: PageText) => {
      const quads = (from: number, to: number) =>
        page1.words.slice(from, to).map(({ boxes }) => {
          const [x0, y0, x1, y1] = boxes[0] as [number, number, number, number];
          return [x0, y1, x1, y1, x0, y0, x1, y0];
        });
      const mark = (id: string, from: number, to: number, tone: string) => ({ id, page: 1, shape: 'highlight', tone, label: `Highlight ${id}`, quads: quads(from, to) });
      window.harness.set({ marks: [mark('long', 0, 9, 'key'), mark('short', 2, 4, 'method')] });
    }, texts[0]!);
    const what = await at('what they');
    await page.mouse.click(what.x, what.y);
    expect(await told(page, 'onMarkClick')).toEqual(['short', 'long']);
    await page.evaluate(() => window.harness.handle.current!.focus());
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Highlight long' })).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Highlight short' })).toBeFocused();
    await page.keyboard.press('Enter');
    expect(await told(page, 'onMarkClick')).toEqual(['short']);
  });

  await test.step('an area is drawn with Alt, and placed by keys', async () => {
    const reads = await at('Nobody');
    await page.keyboard.down('Alt');
    await drag({ x: reads.left, y: reads.y + 60 }, { x: reads.left + 200, y: reads.y + 160 });
    await page.keyboard.up('Alt');
    const drawn = await told<{ shape: string; rect: number[] }>(page, 'onDraw');
    expect(drawn?.shape).toBe('area');
    expect(drawn!.rect[2]! - drawn!.rect[0]!).toBeGreaterThan(100);
    await page.evaluate(() => {
      window.harness.set({ tool: 'note' });
      window.harness.handle.current!.focus();
    });
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect((await told<{ shape: string }>(page, 'onDraw'))?.shape).toBe('note');
  });
});

test('without words the browser selects, and its text can be copied', async ({ page }) => {
  await page.goto(harness.open('plain', makePdf([lines]), []));
  const line = page.locator('.textLayer span').filter({ hasText: 'Nobody reads' });
  await expect(line).toBeVisible();
  const box = (await line.boundingBox())!;
  await page.mouse.move(box.x + 1, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect
    .poll(async () => {
      const selected = await told<Selected>(page, 'onSelect');
      return selected && { parts: selected.parts, done: selected.done, nobody: selected.text.startsWith('Nobody reads alone') };
    })
    .toEqual({ parts: [], done: true, nobody: true });
});

test('a jump holds when the scale changes in the same moment', async ({ page }) => {
  await page.goto(harness.open('jump', makePdf(Array.from({ length: 8 }, () => lines)), []));
  await expect.poll(() => told(page, 'onReady')).toBeTruthy();
  const after = await page.evaluate(async () => {
    const viewer = window.harness.handle.current!;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    viewer.goToPage(6);
    viewer.zoomTo(0.5);
    await frame();
    await frame();
    return viewer.place()?.page;
  });
  expect(after).toBe(6);
});
