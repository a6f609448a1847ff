import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Locator, type Page, test as base } from '@playwright/test';

import { makePaper } from './pdf.ts';
import { owner, Server } from './server.ts';

interface Fixtures {
  /** A running server; `verify` must be clean when the test ends. */
  server: Server;
  /** A folder for files to upload, removed afterwards. */
  folder: string;
  /** A page that is signed in as the owner, in their library. */
  library: Page;
}

export const test = base.extend<Fixtures>({
  server: async ({ browser }, use) => {
    const server = await Server.start();
    await use(server);
    // Windows that a test opened by itself would live, and work, until the last test.
    await Promise.all(browser.contexts().map((context) => context.close()));
    await server.verify().finally(() => server.remove());
  },
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'scrollkeeper-files-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  library: async ({ server, page }, use) => {
    await server.createOwner();
    await signIn(page, server, owner);
    await use(page);
  },
});

export { expect } from '@playwright/test';

export async function signIn(page: Page, server: Server, person: { email: string; password: string }): Promise<void> {
  await page.goto(server.origin + '/sign-in');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/l\//);
}

/** Writes papers to the folder and returns their paths. */
export async function writePapers(folder: string, names: string[], pages = 2, padding = 0): Promise<string[]> {
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, `${name}.pdf`);
      await writeFile(path, makePaper(name, pages, padding));
      return path;
    }),
  );
}

/** Drops files on the window, as a person drags them in. */
export async function drop(page: Page, files: { name: string; data: Buffer; type?: string }[]): Promise<void> {
  const transfer = await page.evaluateHandle((list) => {
    const t = new DataTransfer();
    for (const f of list) {
      const bytes = Uint8Array.from(atob(f.base64), (c) => c.charCodeAt(0));
      t.items.add(new File([bytes], f.name, { type: f.type }));
    }
    return t;
  }, files.map((f) => ({ name: f.name, type: f.type ?? 'application/pdf', base64: f.data.toString('base64') })));
  // Before the app is there nobody takes them.
  await page.getByTestId('upload-files').waitFor({ state: 'attached' });
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer: transfer });
}

/** The row of the library's table that holds this text. */
export function row(page: Page, text: string | RegExp): Locator {
  return page.getByRole('row').filter({ hasText: text });
}
