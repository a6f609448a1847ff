import { drop, expect, row, signIn, test } from './fixtures.ts';
import { makePaper, makePdf } from './pdf.ts';
import { owner, Server } from './server.ts';

test('what is no PDF, empty or damaged gets a plain answer', async ({ library: page }) => {
  const whole = makePaper('palimpsest', 30);
  await drop(page, [
    { name: 'table.xlsx', data: Buffer.from('PK\x03\x04 not a pdf at all') },
    { name: 'nothing.pdf', data: Buffer.alloc(0) },
    { name: 'renamed.pdf', data: Buffer.from('hello '.repeat(500)) },
    { name: 'cut.pdf', data: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(4000, 'x')]) },
    { name: 'sound.pdf', data: whole },
  ]);
  await expect(page.getByText('Not a PDF, so it was left out').first()).toBeVisible();
  await expect(page.getByText('An empty file, so it was left out')).toBeVisible();
  await expect(row(page, 'cut')).toContainText('Failed');
  await expect(row(page, 'cut')).toContainText(/damaged/i);
  await expect(row(page, 'On the palimpsest of manuscripts')).toContainText('Ready');
});

test('a name with slashes, controls or 300 characters becomes one that is safe', async ({ library: page }) => {
  await drop(page, [
    { name: 'a'.repeat(300) + '.pdf', data: makePaper('one') },
    { name: '../../etc/passwd\u202Efdp.pdf', data: makePaper('two') },
  ]);
  await expect(row(page, 'On the one of manuscripts')).toContainText('Ready');
  await expect(row(page, 'On the two of manuscripts')).toContainText('Ready');
});

test('a file over the limit is refused before it is sent', async ({ page }) => {
  const server = await Server.start('--max-upload-bytes', '100KiB');
  try {
    await server.createOwner();
    await signIn(page, server, owner);
    await drop(page, [{ name: 'large.pdf', data: makePaper('large', 1, 200_000) }]);
    await expect(page.getByText('Larger than this server takes, so it was left out')).toBeVisible();
    await server.verify();
  } finally {
    await server.remove();
  }
});

test('a file over the page limit fails with that reason', async ({ page }) => {
  const server = await Server.start('--max-pages', '5');
  try {
    await server.createOwner();
    await signIn(page, server, owner);
    await drop(page, [{ name: 'long.pdf', data: makePaper('long', 6) }]);
    await expect(row(page, 'long')).toContainText('Too many pages');
    await server.verify();
  } finally {
    await server.remove();
  }
});

test('sign-in does not say which of the two was wrong', async ({ server, page }) => {
  await server.createOwner();
  for (const [email, password] of [[owner.email, 'not the password'], ['nobody@example.org', owner.password]] as const) {
    await page.goto(server.origin + '/sign-in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('do not go together', { exact: false })).toBeVisible();
  }
});

test('an upload waits for a session that ended, and goes on after sign-in', async ({ server, library: page }) => {
  // The session ends in another tab while this one sends.
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  const speed = (uploadThroughput: number): Promise<unknown> =>
    client.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await speed(150_000);
  await drop(page, Array.from({ length: 6 }, (_, i) => ({ name: `p${i}.pdf`, data: makePaper(`topic${i}`, 1, 150_000) })));
  await expect(page.getByRole('progressbar', { name: 'Uploaded in all' })).toBeVisible();
  const cookies = await page.context().cookies();
  const session = cookies.find((c) => c.name.includes('session'));
  await fetch(server.origin + '/api/session', { method: 'DELETE', headers: { cookie: `${session?.name}=${session?.value}` } });
  await expect(page.getByText('You were signed out')).toBeVisible({ timeout: 30_000 });
  await speed(-1);
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('6 documents', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('row').filter({ hasText: 'Ready' })).toHaveCount(6, { timeout: 60_000 });
});

test('a document or library of others is simply not there', async ({ server, library: page }) => {
  await page.goto(server.origin + '/d/00000000-0000-7000-8000-000000000000');
  await expect(page.getByText('This document does not exist')).toBeVisible();
});

test('a locked file asks for its password on the page and goes on', async ({ library: page }) => {
  const locked = makePdf([['The sealed letter', 'Nobody reads this without the word.']], { title: 'The sealed letter', password: 'sesame' });
  await drop(page, [{ name: 'letter.pdf', data: locked }]);
  await row(page, 'letter').getByRole('button', { name: 'Enter password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password of the file').fill('wrong');
  await dialog.getByRole('button', { name: 'Unlock' }).click();
  await expect(row(page, 'letter')).toContainText('That password did not open it');
  await row(page, 'letter').getByRole('button', { name: 'Enter password' }).click();
  await dialog.getByLabel('Password of the file').fill('sesame');
  await dialog.getByRole('button', { name: 'Unlock' }).click();
  await expect(row(page, 'The sealed letter')).toContainText('Ready');
});

test('somebody who may only read is told so, and adds nothing', async ({ server, library: page, browser }) => {
  const reader = { name: 'Rafael Duarte', email: 'rafael@example.org', password: 'a third long password' };
  await server.createUser(reader);
  const token = await server.token();
  const library = await server.api<{ id: string }>(token, '/api/libraries', { method: 'POST', body: JSON.stringify({ name: 'Lab' }) });
  const { secret } = await server.api<{ secret: string }>(token, `/api/libraries/${library.id}/invitations`, {
    method: 'POST', body: JSON.stringify({ role: 'reader' }),
  });
  await server.api(await server.token(reader.email), '/api/invitations/accept', { method: 'POST', body: JSON.stringify({ secret }) });
  const other = await (await browser.newContext()).newPage();
  await signIn(other, server, reader);
  await other.goto(`${server.origin}/l/${library.id}`);
  await expect(other.getByRole('button', { name: /Upload/ }).first()).toBeDisabled();
  await drop(other, [{ name: 'mine.pdf', data: makePaper('mine') }]);
  await page.goto(`${server.origin}/l/${library.id}`);
  await expect(page.getByText('Add a few papers to begin', { exact: false })).toBeVisible();
});

test('a database that dies comes back by itself, and nothing is lost', async ({ server, library: page }) => {
  await drop(page, [{ name: 'before.pdf', data: makePaper('before') }]);
  await expect(row(page, 'On the before of manuscripts')).toContainText('Ready');
  await server.killDatabase();
  await drop(page, [{ name: 'after.pdf', data: makePaper('after') }]);
  await expect(row(page, 'On the after of manuscripts')).toContainText('Ready', { timeout: 30_000 });
  await expect(row(page, 'On the before of manuscripts')).toBeVisible();
});
