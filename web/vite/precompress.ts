import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

// Fonts, pictures and character maps are compressed already.
const compressible = new Set(['.js', '.mjs', '.css', '.svg', '.wasm', '.json', '.pfb', '.ttf', '.icc']);

/**
 * Puts a .br and a .gz beside each file of the build that gets smaller by it;
 * the server sends them to browsers that take them. Brotli is for HTTPS and
 * this machine: over plain HTTP browsers take gzip alone.
 */
export function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !compressible.has(extname(entry.name))) continue;
        const path = join(entry.parentPath, entry.name);
        const plain = readFileSync(path);
        const smaller = { br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }), gz: gzipSync(plain, { level: 9 }) };
        for (const [suffix, packed] of Object.entries(smaller)) {
          if (packed.length < 0.9 * plain.length) writeFileSync(`${path}.${suffix}`, packed);
        }
      }
    },
  };
}
