import type { Page } from '@playwright/test';

import { expect, test } from './fixtures.ts';
import { Harness, parsed } from './harness.ts';
import { makePdf } from './pdf.ts';

// One word a line, with room around it, so that its ink can be found by itself; of
// letters that begin and end with next to no white of their own.
const words = ['Vary', 'Agency', 'Typography', 'Wavy', 'Absurdity', 'Tally'];
const pages = [words.flatMap((word) => [word, '', ''])];

// Half a point or less to a pixel, and room for the whole page in the window.
test.use({ deviceScaleFactor: 2, viewport: { width: 1800, height: 1800 } });

let harness: Harness;
test.beforeAll(async () => {
  harness = await Harness.start();
});
test.afterAll(() => harness.stop());

/** The largest distance in points between a word's mark and its ink on the page, over all words; `inside`: how far ink sticks out. */
async function errors(page: Page): Promise<{ edge: number; outside: number; seen: number }> {
  return page.evaluate(() => {
    const { handle } = window.harness;
    const div = document.querySelector<HTMLElement>('.page[data-page-number="1"]')!;
    const canvas = div.querySelector<HTMLCanvasElement>('.canvasWrapper canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return { edge: 0, outside: 0, seen: 0 };
    const box = canvas.getBoundingClientRect();
    // Canvas pixels to a CSS pixel, and CSS pixels to a point.
    const density = canvas.width / box.width;
    const one = handle.current!.clientRect(1, [100, 100, 110, 110])!;
    const scale = one.width / 10;
    let [edge, outside, seen] = [0, 0, 0];
    for (const mark of document.querySelectorAll<SVGPathElement>('.pdfMarks .pdfMark')) {
      const drawn = mark.getBoundingClientRect();
      const margin = 4 * scale;
      const left = Math.round((drawn.left - box.left - margin) * density);
      const top = Math.round((drawn.top - box.top - margin) * density);
      const width = Math.round((drawn.width + 2 * margin) * density);
      const height = Math.round((drawn.height + 2 * margin) * density);
      const { data } = context.getImageData(left, top, width, height);
      let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = 4 * (y * width + x);
          if (data[at + 3]! === 0 || data[at]! > 128) continue;
          x0 = Math.min(x0, x);
          y0 = Math.min(y0, y);
          x1 = Math.max(x1, x + 1);
          y1 = Math.max(y1, y + 1);
        }
      }
      if (x1 < x0) continue;
      seen++;
      // How far each edge of the ink lies inside the mark's; negative is outside.
      const points = (pixels: number) => pixels / density / scale;
      const inner = [
        points(x0) - 4,
        points(y0) - 4,
        points(width - x1) - 4,
        points(height - y1) - 4,
      ];
      outside = Math.max(outside, ...inner.map((value) => -value));
      // Along the line the mark ends where the word ends.
      const along = drawn.width > drawn.height ? [inner[0]!, inner[2]!] : [inner[1]!, inner[3]!];
      edge = Math.max(edge, ...along.map(Math.abs));
    }
    return { edge, outside, seen };
  });
}

const describe = ({ seen, edge, outside }: { seen: number; edge: number; outside: number }): string =>
  seen === words.length && edge <= 1 && outside <= 1
    ? 'in place'
    : `${seen} words seen, ${edge.toFixed(2)} pt off at an end, ${outside.toFixed(2)} pt outside`;

for (const { name, entries } of [
  { name: 'upright', entries: '' },
  { name: 'cropped', entries: '/CropBox [60.5 480.25 420.75 800]' },
  { name: 'turned', entries: '/Rotate 90 /CropBox [40 500 500 830]' },
]) {
  test(`marks lie on their words at every turn and zoom: ${name}`, async ({ server, library, page }) => {
    const pdf = makePdf(pages, { title: `Places ${name}`, page: entries });
    const texts = await parsed(server, library, `Places ${name}`, pdf);
    expect(texts[0]!.words).toHaveLength(words.length);
    await page.goto(harness.open(name, pdf, texts));
    await expect(page.locator('.textLayer span').first()).toBeAttached();
    await page.evaluate((text) => {
      const marks = text.words.map((word, i) => {
        const [x0, y0, x1, y1] = word.boxes[0] as [number, number, number, number];
        return {
          id: String(i),
          page: 1,
          shape: 'highlight' as const,
          tone: 'key',
          label: `Highlight ${i}`,
          quads: [[x0, y1, x1, y1, x0, y0, x1, y0] as const],
        };
      });
      window.harness.set({ marks });
    }, texts[0]!);
    for (const scale of [0.75, 1, 1.5]) {
      for (const turn of [0, 90, 180, 270]) {
        await page.evaluate((to) => window.harness.handle.current!.zoomTo(to), scale);
        // The pages are drawn anew after a turn or a zoom.
        await expect
          .poll(async () => describe(await errors(page)), { message: `${name} ×${scale} turned by ${turn}` })
          .toBe('in place');
        await page.evaluate(() => window.harness.handle.current!.rotate(90));
      }
    }
  });
}
