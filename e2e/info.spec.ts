/** What is read is shown: the facts with their sources, corrections that stay, references and citations. */
import { type Locator, type Page } from '@playwright/test';

import { openLab, type Lab } from './discuss.ts';
import { drop, expect, row, signIn, test } from './fixtures.ts';
import { look } from './look.ts';
import { makePdf } from './pdf.ts';
import { owner, type Server } from './server.ts';

const title = 'On the margins of shared manuscripts';

/** Two pages of text that cite three works, and a list of them. */
const pages = [
  [
    title,
    'Ada Lovelace and Charles Babbage',
    '',
    'Readers mark what they read [1], and talk about it in the margin.',
    'Others have found the same in other libraries [1, 2], again and again.',
    'What holds for one reader holds for many of them, as was shown later.',
  ],
  ['A second page goes on about margins, and cites a third work [3].', 'It says again what was said before [1].'],
  [
    'References',
    '[1] A. Turing and G. Hopper. On computable margins. Journal of Manuscripts, 12(3):45-67, 1936.',
    '    doi:10.1000/margins.1936',
    '[2] K. Noether. Invariants of annotation. Annals of Reading, 7:1-20, 1918.',
    '[3] E. Germain. Letters on marginalia. University Press, Paris, 1820.',
  ],
];
const paper = makePdf(pages, { title });

const info = (page: Page): Locator => page.getByRole('region', { name: 'About this document' });
const tab = (page: Page, name: string | RegExp): Locator => page.getByRole('tab', { name });
const form = (page: Page, field: string): Locator => page.getByRole('form', { name: `Correct: ${field}` });

async function addPaper(page: Page, server: Server, lab?: Lab, data = paper): Promise<{ token: string; documentId: string }> {
  await drop(page, [{ name: 'margins.pdf', data }]);
  await expect(row(page, 'margins')).toContainText('Ready', { timeout: 30_000 });
  const token = lab?.token ?? (await server.token());
  const libraryId = /\/l\/([^/?#]+)/.exec(page.url())![1]!;
  const list = await server.api<{ items: { id: string }[] }>(token, `/api/libraries/${libraryId}/documents`);
  const { id } = list.items[0]!;
  return { token, documentId: id };
}

async function openPaper(page: Page, server: Server, documentId: string, panel: string | RegExp): Promise<void> {
  await page.goto(`${server.origin}/d/${documentId}`);
  await expect(page.locator('.textLayer span').filter({ hasText: 'Readers mark what they read' })).toBeVisible();
  await tab(page, panel).click();
}

/** Waits until the file has been read once more. */
async function readAgain(server: Server, token: string, documentId: string): Promise<void> {
  const parsedAt = async () =>
    (await server.api<{ edition: { parsed_at: string } }>(token, `/api/documents/${documentId}`)).edition.parsed_at;
  const before = await parsedAt();
  const said = await server.run(['reparse', '--all', '--data', server.data]);
  expect(said.stdout).toContain('1 paper will be read again.');
  await expect.poll(parsedAt, { timeout: 30_000 }).not.toBe(before);
}

test('a correction stays through a reload and a parse again, and can be taken back', async ({ library: page, server }) => {
  const { token, documentId } = await addPaper(page, server);
  await openPaper(page, server, documentId, 'Info');
  const facts = info(page);

  // The title, by the pointer, and undone.
  await facts.getByText(title).click();
  await form(page, 'Title').getByRole('textbox').fill('What Ines calls it');
  await page.keyboard.press('Enter');
  await expect(facts.getByText('What Ines calls it')).toBeVisible();
  await expect(facts.getByRole('button', { name: /Title, typed by Ines Calder/ })).toHaveText(/Ines/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(facts.getByText(title)).toBeVisible();

  // And by keys.
  await facts.getByRole('button', { name: 'Correct: Title' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('What Ines calls it');
  await page.keyboard.press('Enter');
  await expect(facts.getByText('What Ines calls it')).toBeVisible();
  await expect(facts.getByRole('button', { name: 'Correct: Title' })).toBeFocused();

  // The authors: one is added, moved up, and the list is kept.
  await facts.getByRole('button', { name: 'Correct: Authors' }).click();
  const names = form(page, 'Authors');
  await names.getByRole('button', { name: 'Add an organisation' }).click();
  await page.keyboard.type('The Margin Group');
  await names.getByRole('button', { name: 'Add a person' }).click();
  await page.keyboard.type('Grace');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Hopper');
  await names.getByRole('button', { name: 'Move Grace Hopper up' }).click();
  await names.getByRole('button', { name: 'Save' }).click();
  await expect(names).toBeHidden();
  const authors = facts.getByRole('listitem').filter({ hasText: /Hopper|Margin Group/ });
  await expect(authors).toHaveText(['Grace Hopper', 'The Margin Group']);

  // A wrong date is refused, and says why.
  await facts.getByRole('button', { name: 'Correct: Published' }).click();
  await form(page, 'Published').getByRole('textbox').fill('2019-02-30');
  await page.keyboard.press('Enter');
  await expect(form(page, 'Published').getByRole('alert')).toContainText('no such day');
  await page.keyboard.press('Escape');
  await expect(form(page, 'Published')).toBeHidden();

  await readAgain(server, token, documentId);
  await page.reload();
  await expect(facts.getByText('What Ines calls it')).toBeVisible();
  await expect(authors).toHaveText(['Grace Hopper', 'The Margin Group']);
  const read = await server.api<{ title: string; csl: { author: unknown[] } }>(token, `/api/documents/${documentId}`);
  expect(read.title).toBe('What Ines calls it');
  expect(read.csl.author.slice(-2)).toEqual([{ family: 'Hopper', given: 'Grace' }, { literal: 'The Margin Group' }]);

  // What was read is still there beside it.
  await facts.getByRole('button', { name: /^Title, / }).click();
  const readings = page.getByRole('dialog', { name: 'Title: what is said, and where' });
  await expect(readings.getByText(title).first()).toBeVisible();
  await readings.getByRole('button', { name: 'Use what was read' }).click();
  await expect(facts.getByText(title)).toBeVisible();
  await page.goto(`${server.origin}/`);
  await expect(row(page, title)).toBeVisible();
});

test('fields are found by name and completed from other papers; tags and the citation key stand on the page', async ({ library: page, server }) => {
  const { token, documentId: known } = await addPaper(page, server);
  await server.api(token, `/api/documents/${known}/fields/container-title`, { method: 'PUT', body: JSON.stringify({ value: 'Journal of Marginal Studies' }) });
  const data = makePdf([['Of glosses', '', 'Readers mark what they read, and gloss it.']], { title: 'Of glosses' });
  await drop(page, [{ name: 'glosses.pdf', data }]);
  await expect(row(page, 'Of glosses')).toContainText('Ready', { timeout: 30_000 });
  await row(page, 'Of glosses').getByRole('link').first().click();
  await tab(page, 'Info').click();
  const facts = info(page);
  const add = async (field: string): Promise<Locator> => {
    await facts.getByRole('button', { name: 'Add a field' }).click();
    await facts.getByRole('combobox', { name: 'Add a field' }).fill(field);
    await page.getByRole('option', { name: field, exact: true }).click();
    return form(page, field);
  };
  const wanted = async (field: string): Promise<Locator> => {
    const correct = facts.getByRole('button', { name: `Correct: ${field}`, exact: true });
    if ((await correct.count()) === 0) return add(field);
    await correct.click();
    return form(page, field);
  };

  const translators = await add('Translators');
  await translators.getByLabel('Family name 1').fill('Hopper');
  await translators.getByRole('button', { name: 'Save' }).click();
  await expect(facts.getByRole('button', { name: 'Correct: Translators' })).toBeVisible();

  // A journal that another paper has.
  await (await wanted('In')).getByRole('combobox').fill('marginal');
  await page.getByRole('option', { name: 'Journal of Marginal Studies' }).click();
  await look(page, 'info-form');
  await form(page, 'In').getByRole('button', { name: 'Save' }).click();
  await expect(facts.getByText('Journal of Marginal Studies')).toBeVisible();

  await (await wanted('Kind of work')).getByRole('combobox').selectOption({ label: 'Report' });
  await form(page, 'Kind of work').getByRole('button', { name: 'Save' }).click();
  await expect(facts.getByText('Report', { exact: true })).toBeVisible();

  await (await wanted('Published')).getByRole('textbox').fill('3 May 2019');
  await page.keyboard.press('Enter');
  await expect(form(page, 'Published')).toBeHidden();
  await expect(facts.getByText('3 May 2019')).toBeVisible();

  await facts.getByRole('button', { name: 'Choose another key' }).click();
  await facts.getByRole('textbox', { name: 'Citation key' }).fill('glosses19');
  await page.keyboard.press('Enter');
  await expect(facts.getByText('glosses19')).toBeVisible();

  await facts.getByRole('button', { name: 'Tag', exact: true }).click();
  const picker = page.getByRole('dialog');
  await picker.getByRole('combobox').fill('to read');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(picker).toBeHidden();
  await expect(facts.getByRole('region', { name: 'Tags and collections' })).toContainText('to read');
  await look(page, 'info');
  await page.reload();
  for (const text of ['Hopper', 'Journal of Marginal Studies', 'Report', '3 May 2019', 'glosses19', 'to read']) await expect(facts).toContainText(text);
});

test('who may not edit sees where facts are from, and nothing to correct them by', async ({ server, browser }) => {
  const lab = await openLab(server, browser);
  const { person } = await server.api<{ person: { id: string } }>(await server.token('ada@example.org'), '/api/session');
  await server.api(lab.token, `/api/libraries/${lab.libraryId}/members/${person.id}`, { method: 'PATCH', body: JSON.stringify({ role: 'reader' }) });
  await lab.ada.reload();
  await tab(lab.ada, 'Info').click();
  const facts = info(lab.ada);
  await expect(facts.getByRole('button', { name: /^Title, / })).toBeVisible();
  await expect(facts.getByRole('button', { name: /^Correct/ })).toHaveCount(0);
  await expect(facts.getByRole('button', { name: 'Add a field' })).toHaveCount(0);
  await facts.getByText('On the palimpsest of manuscripts').first().click();
  await expect(lab.ada.getByRole('form', { name: /Correct/ })).toHaveCount(0);

  // Two who correct the same field: the second sees the first one's word before deciding.
  await tab(lab.ines, 'Info').click();
  await info(lab.ines).getByRole('button', { name: 'Correct: Title' }).click();
  await lab.ines.context().setOffline(true); // hears nothing of it meanwhile
  await server.api(lab.token, `/api/documents/${lab.documentId}/fields/title`, { method: 'PUT', body: JSON.stringify({ value: 'From elsewhere' }) });
  await lab.ines.context().setOffline(false);
  await expect(facts.getByText('From elsewhere')).toBeVisible();
});

test('references are listed, lead to their places, and pop up at their citations', async ({ library: page, server }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const { documentId } = await addPaper(page, server);
  await openPaper(page, server, documentId, /References/);
  const list = page.getByRole('list', { name: 'References' });
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await expect(tab(page, /References/)).toContainText('3');

  // Filter, and copy.
  await page.getByRole('textbox', { name: 'Filter the references' }).fill('noether');
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Copy the reference as text' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Invariants of annotation');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear the filter' }).click();

  // To where it is cited, and to where it is printed, with the lines shown for a moment.
  await list.getByRole('button', { name: 'Reference 1: go to where it is cited on page 2' }).click();
  await expect(page.locator('[data-page-number="2"] .pdfMark[data-mark="shown"]').first()).toBeAttached();
  await expect(page.getByRole('textbox', { name: 'Page' })).toHaveValue('2');
  await list.getByRole('button', { name: 'Reference 3: go to where it is printed, page 3' }).click();
  await expect(page.locator('[data-page-number="3"] .pdfMark[data-mark="shown"]').first()).toBeAttached();
  await expect(page.locator('.pdfMark[data-mark="shown"]')).toHaveCount(0);

  // The popup comes under a resting pointer and goes with it.
  await page.keyboard.press('Escape');
  await page.goto(`${server.origin}/d/${documentId}#p=1`);
  await tab(page, 'Info').click();
  const citation = page.getByRole('button', { name: /^Citation: / }).nth(1);
  await expect(citation).toBeAttached();
  const box = (await citation.boundingBox())!;
  const popup = page.getByRole('dialog', { name: /^Citation: / });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(popup.getByRole('listitem')).toHaveCount(2);
  await page.mouse.move(box.x + 100, box.y + 200);
  await expect(popup).toBeHidden();

  // A click keeps it.
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.move(box.x + 100, box.y + 200);
  await expect(popup).toBeVisible();
  await popup.getByRole('button', { name: 'In the list' }).last().click();
  await expect(popup).toBeHidden();
  await expect(list.getByRole('listitem').nth(1)).toHaveAttribute('aria-current', 'true');
  await expect(list.getByRole('listitem').nth(1)).toBeInViewport();

  // By keys alone: Tab comes to it, Enter opens it, Esc leads back.
  await citation.focus();
  await page.keyboard.press('Enter');
  await expect(popup).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(popup).toBeHidden();
  await expect(citation).toBeFocused();
});

test('a tap on a citation shows its reference, also where the file has a link', async ({ server, browser }) => {
  await server.createOwner();
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })).newPage();
  await signIn(page, server, owner);
  // A link along the whole line, to the top of page 3, whose object is 8.
  const linked = makePdf(pages, {
    title,
    page: '/Annots [<< /Type /Annot /Subtype /Link /Rect [72 706 560 724] /Border [0 0 0] /Dest [8 0 R /XYZ 72 800 0] >>]',
  });
  const { documentId } = await addPaper(page, server, undefined, linked);
  await openPaper(page, server, documentId, 'Info');
  const citation = page.getByRole('button', { name: /^Citation: / }).first();
  await expect(citation).toBeAttached();
  const link = page.locator('[data-page-number="1"] .annotationLayer [data-internal-link]');
  await expect(link).toBeAttached();
  const popup = page.getByRole('dialog', { name: /^Citation: / });
  const field = page.getByRole('textbox', { name: 'Page' });
  const tap = async (x: number, y: number) => page.touchscreen.tap(x, y);

  const box = (await citation.boundingBox())!;
  await tap(box.x + box.width / 2, box.y + box.height / 2);
  await expect(popup.getByRole('listitem')).toHaveCount(1);
  await expect(popup).toContainText('On computable margins');
  await expect(field).toHaveValue('1');
  const shown = (await popup.boundingBox())!;
  expect(shown.x).toBeGreaterThanOrEqual(0);
  expect(shown.x + shown.width).toBeLessThanOrEqual(390);
  const go = popup.getByRole('button', { name: 'Reference 1: go to where it is printed, page 3' });
  expect((await go.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await go.tap();
  await expect(popup).toBeHidden();
  await expect(field).toHaveValue('3');

  // Elsewhere on the line the link is one as ever.
  await page.goto(`${server.origin}/d/${documentId}#p=1`);
  await expect(citation).toBeAttached();
  await expect(link).toBeAttached();
  const line = (await link.boundingBox())!;
  await tap(line.x + 8, line.y + line.height / 2);
  await expect(popup).toBeHidden();
  await expect(field).toHaveValue('3');
  await page.context().close();
});

test('pages that cannot be read are named where one looks for them', async ({ library: page, server }) => {
  const lines = ['Margins', 'Readers mark what they read, and talk about it in the margin.'];
  const whole = makePdf([lines, lines, lines, lines], { title: 'Margins' }).toString('latin1');
  // Of pages 2 and 4 the objects are no pages any more. Each has two objects; page 1 is 4.
  const broken = [6, 10].reduce((file, id) => file.replace(`${id} 0 obj\n<< /Type /Page `, `${id} 0 obj\n<< /Type /Gone `), whole);
  await drop(page, [{ name: 'broken.pdf', data: Buffer.from(broken, 'latin1') }]);
  await expect(row(page, 'broken')).toContainText('Ready', { timeout: 30_000 });
  await row(page, 'broken').getByRole('link').first().click();
  await tab(page, 'Info').click();
  const facts = info(page);
  await expect(facts).toContainText('2 pages could not be read: 2 (damaged), 4 (damaged). They may still show, but their text cannot be searched.');
  await expect(page.getByText('Text can be searched, but for 2 pages')).toBeVisible();
  // The same bytes would give the same answer.
  await expect(facts.getByRole('button', { name: 'Read again' })).toHaveCount(0);
  await facts.getByRole('button', { name: 'Go to page 4' }).click();
  await expect(page.getByRole('textbox', { name: 'Page' })).toHaveValue('4');
});

test('files without their first lines, or with some before them, are taken and shown', async ({ library: page, server }) => {
  const whole = makePdf([['Margins', 'Readers mark what they read.']]);
  for (const [name, data] of [
    ['headless', whole.subarray(whole.indexOf('\n') + 1)],
    ['printed', Buffer.concat([Buffer.from('\u001b%-12345X@PJL COMMENT\r\n'.repeat(80)), whole])],
  ] as const) {
    await page.goto(`${server.origin}/`);
    await drop(page, [{ name: `${name}.pdf`, data }]);
    await expect(row(page, name)).toContainText('Ready', { timeout: 30_000 });
    await row(page, name).getByRole('link').first().click();
    await expect(page.locator('.textLayer span').filter({ hasText: 'Readers mark what they read.' })).toBeVisible();
  }
});

test('the tabs in the other themes and on a phone', async ({ server, browser }) => {
  await server.createOwner();
  for (const [name, options] of [
    ['dark', { colorScheme: 'dark' as const, viewport: { width: 1440, height: 900 } }],
    ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  ] as const) {
    const page = await (await browser.newContext(options)).newPage();
    await signIn(page, server, owner);
    if (name === 'dark') await addPaper(page, server);
    const token = await server.token();
    const libraryId = /\/l\/([^/?#]+)/.exec(page.url())![1]!;
    const { items } = await server.api<{ items: { id: string }[] }>(token, `/api/libraries/${libraryId}/documents`);
    await openPaper(page, server, items[0]!.id, 'Info');
    await expect(info(page).getByText(title).first()).toBeVisible();
    await tab(page, /References/).click();
    await expect(page.getByRole('list', { name: 'References' }).getByRole('listitem')).toHaveCount(3);
    // Nothing runs over the edge.
    expect(await page.evaluate(() => window.document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.context().close();
  }
});
