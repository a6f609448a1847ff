import { readFile } from 'node:fs/promises';

import type { Page } from '@playwright/test';

import { KillableBrowser } from './browser.ts';
import { drop, expect, row, signIn, test, writePapers } from './fixtures.ts';
import { owner } from './server.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `paper${String(i + 1).padStart(2, '0')}`);

/** Slows what the page sends, so that there is a middle to interrupt. */
async function slowUploads(page: Page, bytesPerSecond: number): Promise<void> {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.emulateNetworkConditions', {
    offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond,
  });
}

async function expectAllReady(page: Page, count: number): Promise<void> {
  await expect(page.getByText(`${count} documents`, { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('row').filter({ hasText: 'of manuscripts' }).filter({ hasNotText: 'Ready' })).toHaveCount(0, { timeout: 60_000 });
}

test('24 files dropped at once all become ready, and equal ones are offered', async ({ library: page, folder }) => {
  const files = await Promise.all(
    (await writePapers(folder, names(24))).map(async (path, i) => ({ name: `${names(24)[i]}.pdf`, data: await readFile(path) })),
  );
  await drop(page, files);
  await expectAllReady(page, 24);
  await expect(page.getByText('24 uploaded')).toBeVisible();

  // The same bytes under another name are noticed before they are sent.
  await drop(page, [{ name: 'again.pdf', data: files[0]!.data }]);
  await expect(page.getByText('Already in this library')).toBeVisible();
  await page.getByRole('button', { name: /Open it/ }).click();
  await page.waitForURL(/\/d\//);
});

test('a killed browser goes on with the uploads, and nothing is picked again', async ({ server, folder }) => {
  await server.createOwner();
  const paths = await writePapers(folder, names(8), 2, 1_500_000);
  const browser = await KillableBrowser.create();
  try {
    const page = await browser.open();
    await signIn(page, server, owner);
    await slowUploads(page, 1_000_000);
    await page.getByTestId('upload-files').setInputFiles(paths);
    // Some bytes of some file are on the server, and not all of all.
    await expect(page.getByRole('progressbar', { name: 'Uploaded in all' })).toHaveAttribute('aria-valuenow', /^([5-9]|[1-7]\d)$/);
    const place = page.url();
    await browser.kill();

    const again = await browser.open();
    await again.goto(place);
    // Chromium writes cookies down only now and then: the session may be gone with it.
    const signInButton = again.getByRole('button', { name: 'Sign in' });
    const tray = again.getByRole('region', { name: 'Uploads' });
    await expect(signInButton.or(tray).first()).toBeVisible();
    if (await signInButton.isVisible()) await signIn(again, server, owner);
    await expect(again.getByRole('region', { name: 'Uploads' }).getByText(/Resumed \d upload/)).toBeVisible();
    await expectAllReady(again, 8);
  } finally {
    await browser.remove();
  }
});

test('a server killed in mid-upload and started again gets every file once', async ({ server, library: page, folder }) => {
  const paths = await writePapers(folder, names(8), 2, 1_500_000);
  await slowUploads(page, 2_000_000);
  await page.getByTestId('upload-files').setInputFiles(paths);
  await expect(page.getByRole('progressbar', { name: 'Uploaded in all' })).toHaveAttribute('aria-valuenow', /^([5-9]|[1-7]\d)$/);
  await server.kill();
  await server.restart();
  await expectAllReady(page, 8);
});

test('pause, continue and remove act on single uploads', async ({ library: page, folder }) => {
  const paths = await writePapers(folder, ['paper01', 'paper02'], 2, 3_000_000);
  await slowUploads(page, 500_000);
  await page.getByTestId('upload-files').setInputFiles(paths);
  await page.getByRole('button', { name: 'Pause paper01.pdf' }).click();
  await expect(page.getByText(/Paused/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Remove paper02.pdf from the list' }).click();
  await page.getByRole('button', { name: 'Continue paper01.pdf' }).click();
  await slowUploads(page, -1);
  await expect(row(page, 'On the paper01 of manuscripts')).toContainText('Ready', { timeout: 60_000 });
  await expect(row(page, 'On the paper02 of manuscripts')).toHaveCount(0);
});
