/** The words: each feature's own en.json, and those of the app as a whole in en/. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

type Words = Record<string, unknown>;

const files: Record<string, Words> = {
  ...import.meta.glob<Words>('./en/*.json', { eager: true, import: 'default' }),
  ...import.meta.glob<Words>('../../features/*/en.json', { eager: true, import: 'default' }),
};

/** "./en/app.json" is the namespace app, "../../features/document/en.json" is document. */
const namespace = (path: string): string => /(?:features\/|en\/)([^/]+?)(?:\/en)?\.json$/.exec(path)?.[1] ?? path;

const en = Object.fromEntries(Object.entries(files).map(([path, words]) => [namespace(path), words]));

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en },
  defaultNS: 'app',
  ns: Object.keys(en),
  interpolation: { escapeValue: false }, // React escapes
  initAsync: false,
});

export { i18next };
