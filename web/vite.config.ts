import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { keepPlaceholder } from './vite/keep-placeholder.ts';
import { pdfjsFiles } from './vite/pdfjs-files.ts';
import { precompress } from './vite/precompress.ts';
import { readerPage } from './vite/reader-page.ts';

// vitest reports a failure with Map.groupBy, which Node 20 does not have yet.
Map.groupBy ??= function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

// Where `make dev` runs the Go server.
const server = process.env.SCROLLKEEPER_DEV_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), pdfjsFiles(), keepPlaceholder(), readerPage(), precompress()],
  // The Go server puts a fresh nonce in place of this word on every page it
  // serves; style tags made at run time (Mantine's) take it from the meta tag.
  html: { cspNonce: '__NONCE__' },
  build: {
    target: 'es2023',
    // A data: URL for a font or a worker would break the content security policy.
    assetsInlineLimit: 0,
    sourcemap: false,
    chunkSizeWarningLimit: 1300,
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api/live': { target: server, ws: true },
      '/api': { target: server },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test-setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    // One jsdom for all: making one per file was nineteen twentieths of the time.
    isolate: false,
  },
});
