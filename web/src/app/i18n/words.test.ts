import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { i18next } from '.';

const src = join(import.meta.dirname, '..', '..');

interface Use {
  file: string;
  key: string;
}

/** Every literal key in the code, with its namespace: from `ns:key`, or from the hook that made the function. */
function usedKeys(): Use[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .flatMap((file) => {
      const text = readFileSync(join(src, file), 'utf8');
      const made: { name: string; namespace: string; at: number }[] = [];
      for (const { 1: alias, 2: namespace, index } of text.matchAll(/\{\s*t(?::\s*(\w+))?\s*(?:,[^}]*)?\}\s*=\s*useTranslation\('(\w+)'\)/g)) {
        made.push({ name: alias ?? 't', namespace: namespace ?? '', at: index });
      }
      return [...text.matchAll(/(?<![\w.])(?:(i18next)\.)?(\w+)\(\s*'([\w.:]+)'/g)].flatMap(({ 1: singleton, 2: name = '', 3: key = '', index }) => {
        if (singleton && name === 't') return [{ file, key }];
        // Each component makes its own.
        const namespace = made.findLast((one) => one.name === name && one.at < index)?.namespace;
        return namespace ? [{ file, key: key.includes(':') ? key : `${namespace}:${key}` }] : [];
      });
    });
}

describe('the words', () => {
  const used = usedKeys();

  it('are looked for in the code', () => {
    expect(used.length).toBeGreaterThan(100);
  });

  it('exist for every key that is used', () => {
    const missing = used.filter(({ key }) => !i18next.exists(key) && !i18next.exists(`${key}_other`));
    expect(missing).toEqual([]);
  });
});
