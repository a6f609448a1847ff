import { card, fillDiscussion, openLab, selectLine } from './discuss.ts';
import { drop, expect, row, signIn, test } from './fixtures.ts';
import { look } from './look.ts';
import { makePaper } from './pdf.ts';
import { owner } from './server.ts';

for (const { look: name, ...options } of [
  { look: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { look: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { look: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const) {
  test(`every screen, ${name}: no serious finding by axe, no error in the console`, async ({ server, browser }) => {
    await server.createOwner();
    const page = await (await browser.newContext({ ...options, reducedMotion: 'reduce' })).newPage();
    const errors: string[] = [];
    page.on('pageerror', (e) => errors.push(e.message));
    page.on('console', (m) => {
      // A refused request is logged by the browser itself; what matters is a broken policy.
      if (/Content Security Policy|violates/.test(m.text())) errors.push(m.text());
    });

    await page.goto(server.origin + '/sign-in');
    await expect(page.getByLabel('E-mail')).toBeVisible();
    await look(page, `sign-in-${name}`);
    await signIn(page, server, owner);
    await expect(page.getByText('Add a few papers to begin', { exact: false })).toBeVisible();
    await look(page, `first-run-${name}`);
    const library = page.url();

    await drop(page, [
      { name: 'palimpsest.pdf', data: makePaper('palimpsest', 12) },
      { name: 'cut.pdf', data: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(4000, 'x')]) },
    ]);
    await expect(row(page, 'On the palimpsest of manuscripts')).toBeVisible();
    await expect(row(page, 'cut').getByText(/Retry|Failed/).first()).toBeAttached();
    await look(page, `library-${name}`);

    await page.goto(library + '/members');
    await expect(page.getByRole('button', { name: 'Create link' })).toBeVisible();
    await look(page, `members-${name}`);
    await page.goto(library + '/trash');
    await expect(page.getByText('The trash is empty.')).toBeVisible();
    await look(page, `trash-${name}`);
    await page.goto(library + '/activity');
    await expect(page.getByText('Ines Calder').first()).toBeVisible();
    await look(page, `activity-${name}`);
    await page.goto(server.origin + '/inbox');
    await expect(page.getByText('Nothing new')).toBeVisible();
    await look(page, `inbox-${name}`);
    await page.goto(server.origin + '/outbox');
    await expect(page.getByText('No mails')).toBeVisible();
    await look(page, `outbox-${name}`);
    await page.goto(server.origin + '/search?q=hypothesis');
    await expect(page.getByRole('heading', { name: /hits in 1 document/ })).toBeVisible();
    await look(page, `search-${name}`);
    await page.goto(library);
    await row(page, 'On the palimpsest of manuscripts').getByRole('link').first().click();
    await expect(page.locator('.textLayer span').filter({ hasText: 'This is page 1' })).toBeVisible();
    await look(page, `document-${name}`);
    expect(errors).toEqual([]);
  });

}

for (const { look: name, ...options } of [
  { look: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { look: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { look: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  // A window of 1440 by 900 whose reader has zoomed to 200 %.
  { look: 'zoomed', colorScheme: 'light', viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
] as const) {
  test(`a discussed paper, ${name}: no serious finding by axe`, async ({ server, browser }) => {
    test.setTimeout(180_000);
    const { ines, ada, documentId, token } = await openLab(server, browser, { ...options, reducedMotion: 'reduce' });
    const errors: string[] = [];
    ines.on('pageerror', (e) => errors.push(e.message));
    ines.on('console', (m) => {
      if (/Content Security Policy|violates/.test(m.text())) errors.push(m.text());
    });
    await ada.close();
    await fillDiscussion(server, documentId, token);
    await expect(ines.getByText(/new from Ada/).or(ines.getByRole('article')).first()).toBeVisible();
    if (name === 'phone' || name === 'zoomed') {
      await look(ines, `discuss-rest-${name}`);
      await ines.getByRole('button', { name: 'Raise the panel' }).click();
      await ines.getByRole('button', { name: 'Next mark' }).click();
      await ines.getByRole('button', { name: 'Next mark' }).click();
      await expect(ines.getByRole('article')).toBeVisible();
      await look(ines, `discuss-${name}`);
      expect(await ines.evaluate(() => document.documentElement.scrollWidth)).toBe(options.viewport.width);
      return;
    }
    await card(ines, 'where does').click();
    await expect(card(ines, 'where does').getByRole('button', { name: 'Resolve' })).toBeVisible();
    await look(ines, `discuss-${name}`);
    await selectLine(ines, 'The palimpsest hypothesis');
    await look(ines, `discuss-popup-${name}`);
    await ines.keyboard.press('Escape');
    await ines.getByRole('button', { name: /Filter comments/ }).click();
    await look(ines, `discuss-filter-${name}`);
    await ines.keyboard.press('Escape');
    if (name === 'light') {
      await ines.getByRole('button', { name: 'Page colours' }).click();
      await ines.getByRole('menuitemradio', { name: 'Sepia' }).click();
      await look(ines, 'discuss-sepia');
    }
    expect(errors).toEqual([]);
  });
}
