import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { expect, test } from './fixtures.ts';

// Real papers and hostile files, where they lie beside the clone.
const corpus = process.env['SCROLLKEEPER_CORPUS_DIR'] ?? resolve(import.meta.dirname, '../../shared/corpus');
const pdfs = (folder: string): string[] =>
  existsSync(join(corpus, folder))
    ? readdirSync(join(corpus, folder)).filter((f) => f.endsWith('.pdf')).sort().map((f) => join(corpus, folder, f))
    : [];

test('real papers added in the browser all become ready', async ({ library: page }) => {
  const papers = pdfs('papers');
  if (papers.length === 0) console.log(`Left out: there are no papers in ${corpus}.`);
  test.skip(papers.length === 0, 'no papers beside the clone');
  await page.getByTestId('upload-files').setInputFiles(papers);
  await expect(page.getByText(`${papers.length} documents`, { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('row').filter({ hasText: /Queued|Checking|Parsing/ })).toHaveCount(0, { timeout: 60_000 });
  await expect(page.getByText('Needs attention')).toHaveCount(0);
});

test('hostile files imported by the command line end ready or with a reason', async ({ server }) => {
  // A sample here; all of them with SCROLLKEEPER_CORPUS=full.
  const step = process.env['SCROLLKEEPER_CORPUS'] === 'full' ? 1 : 20;
  const files = [...pdfs('hostile').filter((_, i) => i % step === 0), ...pdfs('bombs')];
  if (files.length === 0) console.log(`Left out: there are no hostile files in ${corpus}.`);
  test.skip(files.length === 0, 'no hostile files beside the clone');
  test.setTimeout(step === 1 ? 900_000 : 180_000);
  await server.createOwner();
  const token = await server.token();
  const run = await server.run(['import', '--server', server.origin, '--token', token, '--json', '--wait', ...files]);
  expect([0, 3]).toContain(run.code);
  const lines = run.stdout.trim().split('\n').map((l) => JSON.parse(l) as { file?: string; status?: string; error?: { kind: string; message: string } | null });
  const results = lines.filter((l) => l.file);
  expect(results).toHaveLength(files.length);
  for (const r of results) {
    expect(['ready', 'present', 'failed'], `${r.file}: ${r.status}`).toContain(r.status);
    if (r.status === 'failed') expect(r.error?.kind, r.file).toMatch(/^[a-z_]+$/);
  }
  const papers = await server.api<{ items: unknown[] }>(token, '/api/libraries');
  expect(papers.items).toHaveLength(1);
});
