import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom, from the bottom up. A feature never imports a feature:
 * what two need is in ui or lib, and they meet in app.
 */
const src = join(import.meta.dirname, '..');
const allowed: Record<string, string[]> = {
  api: [],
  lib: ['api'],
  ui: ['lib'],
  anchoring: ['lib', 'api'],
  pdfview: ['anchoring', 'ui', 'lib'],
  features: ['pdfview', 'anchoring', 'ui', 'lib', 'api'],
  app: ['features', 'pdfview', 'anchoring', 'ui', 'lib', 'api'],
};

interface Import {
  from: string;
  to: string;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(join(src, from), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(([, path = '']) => ({
    from,
    to: relative(src, join(src, dirname(from), path)),
  }));
});

const zone = (path: string) => path.split(sep)[0] ?? '';
const feature = (path: string) => path.split(sep)[1] ?? '';
const isTest = (path: string) => /\.test\.tsx?$/.test(path);

describe('imports', () => {
  it('are found at all', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('point downward', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!from.includes(sep)) return false; // main.tsx, test-setup.ts
      // A test may want the words that people read.
      if (isTest(from) && to === join('app', 'i18n')) return false;
      return zone(from) !== zone(to) && !allowed[zone(from)]?.includes(zone(to));
    });
    expect(wrong).toEqual([]);
  });

  it('never lead from one feature to another', () => {
    const wrong = imports.filter(
      ({ from, to }) => zone(from) === 'features' && zone(to) === 'features' && feature(from) !== feature(to),
    );
    expect(wrong).toEqual([]);
  });

  it('know every folder', () => {
    const folders = new Set(files.filter((file) => file.includes(sep)).map(zone));
    expect([...folders].filter((folder) => !(folder in allowed))).toEqual([]);
  });
});
