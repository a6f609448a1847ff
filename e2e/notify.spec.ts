import { randomUUID } from 'node:crypto';
import { createServer, type Server as NetServer } from 'node:net';

import type { Page } from '@playwright/test';

import { drop, expect, row, signIn, test as base } from './fixtures.ts';
import { look } from './look.ts';
import { makePaper } from './pdf.ts';
import { owner, Server } from './server.ts';

const ada = { name: 'Ada Okonkwo', email: 'ada@example.org', password: 'another long password' };

/** Like the fixture server, with flags of its own. */
const test = base.extend<{ start: (...flags: string[]) => Promise<Server>; sink: MailSink }>({
  start: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (...flags) => {
      const server = await Server.start(...flags);
      servers.push(server);
      await server.createOwner();
      return server;
    });
    for (const server of servers) {
      await server.verify();
      await server.remove();
    }
  },
  sink: async ({}, use) => {
    const sink = await MailSink.start();
    await use(sink);
    await sink.stop();
  },
});

interface Paper {
  library: string;
  document: string;
  edition: string;
  tokens: { owner: string; ada: string };
  adaId: string;
}

/** A shared library of two people with one paper that is ready. */
async function share(server: Server, page: Page): Promise<Paper> {
  await server.createUser(ada);
  const tokens = { owner: await server.token(), ada: await server.token(ada.email) };
  const library = (await server.api<{ id: string }>(tokens.owner, '/api/libraries', { method: 'POST', body: '{"name":"Open Methods Lab"}' })).id;
  const { secret } = await server.api<{ secret: string }>(tokens.owner, `/api/libraries/${library}/invitations`, { method: 'POST', body: '{"role":"editor"}' });
  await server.api(tokens.ada, '/api/invitations/accept', { method: 'POST', body: JSON.stringify({ secret }) });
  const adaId = (await server.api<{ person: { id: string } }>(tokens.ada, '/api/session')).person.id;
  await page.goto(`${server.origin}/l/${library}`);
  await drop(page, [{ name: 'palimpsest.pdf', data: makePaper('palimpsest') }]);
  await expect(row(page, 'On the palimpsest of manuscripts')).toContainText('Ready');
  const { items } = await server.api<{ items: { id: string; edition: { id: string } }[] }>(tokens.owner, `/api/libraries/${library}/documents`);
  return { library, document: items[0]!.id, edition: items[0]!.edition.id, tokens, adaId };
}

/** The owner marks the first words of the paper and mentions Ada. */
async function mention(server: Server, paper: Paper, words: string): Promise<string> {
  const id = randomUUID();
  await server.api(paper.tokens.owner, `/api/documents/${paper.document}/annotations`, {
    method: 'POST',
    body: JSON.stringify({
      id,
      edition_id: paper.edition,
      kind: 'highlight',
      meaning: 'question',
      private: false,
      body: `@[${ada.name}](person:${paper.adaId}) ${words}`,
      parts: [{ page: 1, start: 0, end: 17 }],
    }),
  });
  return id;
}

test('a mention rings, is read in the inbox and leads to its mark; the mail is kept where no server is set', async ({ start, browser }) => {
  test.slow(); // it looks at six screens with axe
  const server = await start('--mail-delay', '1s');
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, server, owner);
  const paper = await share(server, page);

  const other = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(other, server, ada);
  await other.goto(`${server.origin}/l/${paper.library}`);
  await expect(other.getByRole('button', { name: 'Inbox', exact: true })).toBeVisible();
  const mark = await mention(server, paper, 'is this the 1911 edition?');
  await expect(other.getByRole('button', { name: 'Inbox, 1 unread' })).toBeVisible();
  await mention(server, paper, 'and this?');
  await expect(other.getByRole('button', { name: 'Inbox, 2 unread' })).toBeVisible();
  // What is read or deleted before its mail is due is not mailed.
  await expect
    .poll(async () => (await server.api<{ items: unknown[] }>(paper.tokens.owner, '/api/outbox?state=kept')).items.length, { timeout: 30_000 })
    .toBe(2);

  // The popover, the page, and the keys.
  await other.getByRole('button', { name: 'Inbox, 2 unread' }).click();
  await expect(other.getByRole('link', { name: /Ines Calder mentioned you.*1911 edition/ })).toBeVisible();
  await look(other, 'inbox-popover');
  await other.getByRole('link', { name: 'See everything' }).click();
  await expect(other.getByRole('heading', { name: 'Inbox', level: 1 })).toBeVisible();
  await expect(other.getByRole('list', { name: 'New' }).getByRole('listitem')).toHaveCount(2);
  await look(other, 'inbox');
  await other.keyboard.press('j');
  await other.keyboard.press('j');
  await expect(other.getByRole('link', { name: /1911 edition/ })).toBeFocused();
  await other.keyboard.press('Enter');
  await other.waitForURL(`**/d/${paper.document}#a=${mark}`);
  await expect(other.getByRole('button', { name: 'Inbox, 1 unread' })).toBeVisible();

  // What is deleted is not told any more, in no tab.
  const { items } = await server.api<{ items: { annotation_id: string }[] }>(paper.tokens.ada, '/api/notifications?unread=true');
  await server.api(paper.tokens.owner, `/api/annotations/${items[0]!.annotation_id}`, { method: 'DELETE' });
  await expect(other.getByRole('button', { name: 'Inbox', exact: true })).toBeVisible();
  await other.goto(`${server.origin}/inbox`);
  await expect(other.getByRole('list', { name: 'Earlier' }).getByRole('listitem')).toHaveCount(1);

  // Settings, kept at once.
  await other.getByRole('button', { name: 'Notifications' }).click();
  await other.getByRole('radio', { name: 'Once a day' }).check();
  await expect(other.getByText('Saved', { exact: true })).toBeVisible();
  await look(other, 'notification-settings');
  expect(await server.api(paper.tokens.ada, '/api/notifications/settings')).toEqual({ email: 'daily' });
  await server.api(paper.tokens.ada, '/api/notifications/settings', { method: 'PUT', body: '{"email":"at_once"}' });

  // The mail is kept for the operator.
  await mention(server, paper, 'the third');
  await page.getByRole('button', { name: /Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Outbox' }).click();
  await expect(page.getByText('No mail server is set', { exact: false })).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(row(page, /Ines Calder mentioned you on.*Kept/)).toHaveCount(3, { timeout: 1000 });
  }).toPass();
  await page.getByRole('button', { name: `Show the mail to ${ada.name}` }).first().click();
  await expect(page.getByText('the third', { exact: false })).toBeVisible();
  await look(page, 'outbox');

  // Activity says it too.
  await page.goto(`${server.origin}/l/${paper.library}/activity`);
  await expect(page.getByText(/Ines Calder made (2 marks|a mark)/).first()).toBeVisible();
  await expect(page.getByText('Ada Okonkwo joined')).toBeVisible();
  await look(page, 'activity');
});

test('a mail goes out by SMTP, and its link ends it', async ({ start, sink, browser }) => {
  const port = await freePort();
  const server = await start(
    ...['--listen', `127.0.0.1:${port}`, '--public-url', `http://127.0.0.1:${port}`],
    ...['--smtp-url', `smtp://127.0.0.1:${sink.port}`, '--smtp-starttls', 'off', '--mail-from', 'papers@example.org', '--mail-delay', '1s'],
  );
  const page = await (await browser.newContext()).newPage();
  await signIn(page, server, owner);
  const paper = await share(server, page);
  const mark = await mention(server, paper, 'is this the 1911 edition?');
  await expect.poll(() => sink.mails.length).toBe(1);
  const mail = sink.mails[0]!;
  expect(mail.to).toBe(ada.email);
  // Quoted-printable: a line is cut with = at its end.
  const text = mail.data.replaceAll('=\r\n', '').replaceAll('=3D', '=');
  expect(text).toContain('Ines Calder mentioned you');
  expect(text).toContain(`${server.origin}/d/${paper.document}#a=${mark}`);
  const link = /http:\/\/\S+\/unsubscribe#[\w-]+/.exec(text)![0];

  // Signed out, in another browser.
  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await look(other, 'unsubscribe');
  await other.getByRole('button', { name: 'Stop all e-mail' }).click();
  await expect(other.getByText('Done. You will get no more', { exact: false })).toBeVisible();
  expect(await server.api(paper.tokens.ada, '/api/notifications/settings')).toEqual({ email: 'off' });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((done) => probe.close(done));
  return port;
}

function listen(server: NetServer): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

/** As much of an SMTP server as one client needs (RFC 5321). */
class MailSink {
  readonly mails: { to: string; data: string }[] = [];
  port = 0;
  private readonly server = createServer((socket) => {
    let to = '';
    let data: string | undefined;
    let rest = '';
    socket.setEncoding('latin1');
    socket.on('error', () => undefined);
    socket.write('220 sink ESMTP\r\n');
    socket.on('data', (chunk: string) => {
      rest += chunk;
      for (;;) {
        const end = rest.indexOf('\r\n');
        if (end < 0) return;
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data !== undefined) {
          if (line === '.') {
            this.mails.push({ to, data });
            data = undefined;
            socket.write('250 taken\r\n');
          } else data += line.replace(/^\./, '') + '\r\n';
          continue;
        }
        const verb = line.slice(0, 4).toUpperCase();
        if (verb === 'RCPT') to = /<(.*?)>/.exec(line)?.[1] ?? '';
        if (verb === 'DATA') data = '';
        socket.write(verb === 'DATA' ? '354 go on\r\n' : verb === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
  });

  static async start(): Promise<MailSink> {
    const sink = new MailSink();
    sink.port = await listen(sink.server);
    return sink;
  }

  async stop(): Promise<void> {
    await new Promise((done) => this.server.close(done));
  }
}
