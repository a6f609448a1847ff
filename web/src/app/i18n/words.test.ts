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
      const made = new Map<string, string>();
      for (const [, alias, namespace] of text.matchAll(/\{\s*t(?::\s*(\w+))?\s*(?:,[^}]*)?\}\s*=\s*useTranslation\('(\w+)'\)/g)) {
        made.set(alias ?? 't', namespace ?? '');
      }
      return [...text.matchAll(/(?<![\w.])(?:(i18next)\.)?(\w+)\(\s*'([\w.:]+)'/g)].flatMap(([, singleton, name = '', key = '']) => {
        if (singleton && name === 't') return [{ file, key }];
        const namespace = made.get(name);
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
