/**
 * The viewer alone (web/harness), built once and served as the product serves its
 * pages, with the same content security policy: for tests of what is drawn where.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import type { Page } from '@playwright/test';

import { expect, row } from './fixtures.ts';
import { owner, type Server } from './server.ts';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; " +
  "font-src 'self' data:; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** A page's text as the server answers it. */
export interface PageText {
  text: string;
  rotation: number;
  words: { start: number; end: number; boxes: number[][] }[];
}

/** What tests use of `window.harness`; see web/harness/harness.tsx. */
interface Viewer {
  readonly told: readonly { event: string; value: unknown[] }[];
  readonly last: Record<string, unknown>;
  readonly handle: {
    current: {
      clientRect(page: number, rect: readonly number[]): DOMRect | undefined;
      rotate(degrees: 90 | -90): void;
      goToPage(page: number): void;
      place(): { page: number; y: number } | undefined;
      zoomTo(scale: number): void;
      focus(): void;
    } | null;
  };
  set(props: Record<string, unknown>): void;
}

declare global {
  interface Window {
    harness: Viewer;
  }
}

export class Harness {
  private readonly files = new Map<string, Buffer>();
  private readonly folder: string;
  private readonly server: HttpServer;

  private constructor(folder: string) {
    this.folder = folder;
    this.server = createServer((request, response) => {
      void this.answer(new URL(request.url ?? '/', 'http://x').pathname, request.headers.range ?? '').then(({ status, body, headers }) => {
        response.writeHead(status, { 'content-security-policy': policy, ...headers }).end(body);
      });
    });
  }

  static async start(): Promise<Harness> {
    const folder = await mkdtemp(join(tmpdir(), 'scrollkeeper-harness-'));
    const web = resolve(import.meta.dirname, '../web');
    await promisify(execFile)('npx', ['vite', 'build', '--config', 'harness/vite.config.ts', '--outDir', folder], { cwd: web });
    const harness = new Harness(folder);
    await new Promise<void>((done) => harness.server.listen(0, '127.0.0.1', done));
    return harness;
  }

  /** Where a file with these page texts is open. */
  open(name: string, pdf: Buffer, pages: readonly PageText[]): string {
    this.files.set(`/${name}/file.pdf`, pdf);
    pages.forEach((page, i) => this.files.set(`/${name}/words/${i + 1}.json`, Buffer.from(JSON.stringify(page))));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}/`;
  }

  async stop(): Promise<void> {
    await new Promise((done) => this.server.close(done));
    await rm(this.folder, { recursive: true, force: true });
  }

  private async answer(path: string, range: string): Promise<{ status: number; body?: Buffer; headers?: Record<string, string> }> {
    const own = this.files.get(path);
    const name = path.endsWith('/') ? 'index.html' : path;
    const body = own ?? (await readFile(join(this.folder, name)).catch(() => undefined));
    if (!body) return { status: 404 };
    const headers = { 'content-type': types[extname(name)] ?? 'application/octet-stream', 'accept-ranges': 'bytes' };
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(range) ?? [];
    if (from === undefined) return { status: 200, body, headers };
    const last = to ? Math.min(Number(to), body.length - 1) : body.length - 1;
    return {
      status: 206,
      body: body.subarray(Number(from), last + 1),
      headers: { ...headers, 'content-range': `bytes ${from}-${last}/${body.length}` },
    };
  }
}

/** What the server's own reading of a file says about its pages. */
export async function parsed(server: Server, library: Page, name: string, pdf: Buffer): Promise<PageText[]> {
  await library.getByTestId('upload-files').setInputFiles([{ name: `${name}.pdf`, mimeType: 'application/pdf', buffer: pdf }]);
  await expect(row(library, name)).toContainText('Ready', { timeout: 30_000 });
  await row(library, name).getByRole('link').first().click();
  await library.waitForURL(/\/d\//);
  const id = /\/d\/([^?#]+)/.exec(library.url())?.[1] ?? '';
  const token = await server.token(owner.email);
  const { edition } = await server.api<{ edition: { id: string } }>(token, `/api/documents/${id}`);
  return [await server.api<PageText>(token, `/api/editions/${edition.id}/pages/1`)];
}
