import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Where reading begins, and what it starts that no chunk imports. */
const entry = 'src/app/routes/DiscussedReader.tsx';
const library = 'node_modules/pdfjs-dist/';
const worker = /pdf\.worker\.min[^/]*\.mjs$/;

/**
 * Writes reader.html beside index.html: the same page, which also names the
 * scripts and styles of the reader, so that they come at once and not each when
 * the one before has run. The server sends it for the address of a document.
 */
export function readerPage(): Plugin {
  return {
    name: 'reader-page',
    apply: 'build',
    writeBundle({ dir = 'dist' }, bundle) {
      const files = Object.values(bundle);
      const chunks = new Map(files.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])));
      const scripts = new Set<string>();
      const styles = new Set<string>();
      const add = (name: string) => {
        const chunk = chunks.get(name);
        if (!chunk || scripts.has(name) || chunk.isEntry) return;
        scripts.add(name);
        for (const style of chunk.viteMetadata?.importedCss ?? []) styles.add(style);
        chunk.imports.forEach(add);
      };
      for (const { fileName, facadeModuleId } of chunks.values()) {
        if (facadeModuleId?.endsWith(entry) || facadeModuleId?.includes(library)) add(fileName);
      }
      const workers = files.filter(({ fileName }) => worker.test(fileName));
      if (scripts.size < 3 || workers.length !== 1) this.error('The reader has other parts than before: see reader-page.ts.');
      const links = [
        ...[...scripts].map((name) => `<link rel="modulepreload" crossorigin href="/${name}">`),
        ...workers.map(({ fileName }) => `<link rel="modulepreload" as="worker" crossorigin href="/${fileName}">`),
        ...[...styles].map((name) => `<link rel="stylesheet" crossorigin href="/${name}">`),
      ];
      const index = readFileSync(join(dir, 'index.html'), 'utf8');
      writeFileSync(join(dir, 'reader.html'), index.replace('</head>', `  ${links.join('\n    ')}\n  </head>`));
    },
  };
}
