import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', 'pdfjs-dist');

// What pdf.js fetches at run time. The scripting engine (quickjs) stays out:
// scripts in a PDF never run here.
const folders = ['cmaps', 'standard_fonts', 'wasm', 'iccs'];
const wanted = (name: string) => !name.startsWith('quickjs');

const types: Record<string, string> = {
  '.wasm': 'application/wasm',
  '.js': 'text/javascript',
};

/**
 * Serves pdf.js's data files from our own origin under /pdfjs/: from
 * node_modules in development, copied to dist/pdfjs in a build.
 */
export function pdfjsFiles(): Plugin {
  return {
    name: 'pdfjs-files',
    configureServer(server) {
      server.middlewares.use('/pdfjs/', (req, res, next) => {
        const path = normalize(decodeURIComponent((req.url ?? '/').split('?')[0] ?? '/'));
        const folder = path.split('/')[1] ?? '';
        const file = join(root, path);
        if (!folders.includes(folder) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
          next();
          return;
        }
        res.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
        createReadStream(file).pipe(res);
      });
    },
    generateBundle() {
      for (const folder of folders) {
        for (const name of readdirSync(join(root, folder)).filter(wanted)) {
          this.emitFile({
            type: 'asset',
            fileName: `pdfjs/${folder}/${name}`,
            source: readFileSync(join(root, folder, name)),
          });
        }
      }
    },
  };
}
