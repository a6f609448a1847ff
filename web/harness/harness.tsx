/**
 * The viewer alone, for browser tests: they set its props and read what it told
 * through `window.harness`. Not part of the app.
 */
import { createRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import '../src/ui/tokens.css';
import { PdfView, type PdfViewProps } from '../src/pdfview/PdfView';
import { pageText } from '../src/anchoring/pageText';
import type { PdfEvents, PdfHandle, PdfLabels } from '../src/pdfview/types';
import { Announcer } from '../src/ui/announce';

const labels: PdfLabels = {
  document: 'Document',
  page: (page) => `Page ${page}`,
  pageFailed: 'failed',
  internalLink: 'link',
  note: 'note',
  caretOn: 'caret on',
  caretOff: 'caret off',
  selected: (text) => `selected ${text}`,
  placing: (tool) => `placing ${tool}`,
};

const assets = { wasm: '/pdfjs/wasm/', cmaps: '/pdfjs/cmaps/', standardFonts: '/pdfjs/standard_fonts/', iccs: '/pdfjs/iccs/' };

const told: { event: keyof PdfEvents; value: unknown[] }[] = [];
const handle = createRef<PdfHandle>();
let set: (props: Partial<PdfViewProps>) => void = () => undefined;

const names: (keyof PdfEvents)[] = [
  'onReady',
  'onError',
  'onView',
  'onScroll',
  'onSelect',
  'onDraw',
  'onToolEnd',
  'onMarkClick',
  'onMarkHover',
  'onMarkMove',
  'onCaret',
  'onZoomChange',
  'onPageChange',
];
const events = Object.fromEntries(
  names.map((event) => [
    event,
    (...value: unknown[]) => {
      if (event !== 'onView' && event !== 'onScroll') told.push({ event, value });
      else last[event] = value[0];
    },
  ]),
) as PdfEvents;
const last: Record<string, unknown> = {};

/** The words as the server tells them, under words/<page>.json; a page without has none. */
async function words(page: number) {
  const response = await fetch(`words/${page}.json`);
  return response.ok ? pageText((await response.json()) as Parameters<typeof pageText>[0]) : null;
}

function Harness() {
  const [props, setProps] = useState<Partial<PdfViewProps>>({});
  set = (more) => flushSync(() => setProps((before) => ({ ...before, ...more })));
  return (
    <>
      <PdfView
        ref={handle}
        url="file.pdf"
        assets={assets}
        labels={labels}
        theme="light"
        initialFit="auto"
        words={words}
        {...events}
        {...props}
      />
      <Announcer />
    </>
  );
}

export interface Api {
  readonly told: typeof told;
  readonly last: typeof last;
  readonly handle: typeof handle;
  set(props: Partial<PdfViewProps>): void;
}

declare global {
  interface Window {
    harness: Api;
  }
}

window.harness = { told, last, handle, set: (props) => set(props) };
createRoot(document.getElementById('root')!).render(<Harness />);
