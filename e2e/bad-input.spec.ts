import { drop, expect, row, signIn, test } from './fixtures.ts';
import { makePaper } from './pdf.ts';
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
