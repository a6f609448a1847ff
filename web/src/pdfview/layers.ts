/** What pdf.js's layers lack for people who do not see them. */
import type { PdfLabels } from './types';

/**
 * Stands in for pdf.js's own translator, which would load a second set of
 * texts in its own language. Labels come from PdfLabels instead.
 */
export const quietL10n = {
  getLanguage: () => 'en-us',
  getDirection: () => 'ltr',
  get: () => Promise.resolve(''),
  translate: () => Promise.resolve(),
  translateOnce: () => Promise.resolve(),
  destroy: () => Promise.resolve(),
  pause: () => undefined,
  resume: () => undefined,
};

// The outline of a speech bubble (lucide's message-square-text, ISC).
const bubble =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="#fde58a" stroke="#845600" ' +
  'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">' +
  '<path d="M21 15a2 2 0 0 1-2 2H7l-4 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2z"/>' +
  '<path d="M13 8H7M17 12H7"/></svg>';

/**
 * What pdf.js puts before the file name of a note's icon. The name becomes the
 * fragment of this address and means nothing: every note has this one icon, and
 * none is fetched.
 */
export const noteIcon = `data:image/svg+xml,${encodeURIComponent(bubble)}#`;

/** Names the links and notes of a page's annotation layer that have no text of their own. */
export function nameLinks(page: HTMLElement, labels: Pick<PdfLabels, 'internalLink' | 'note'>): void {
  for (const link of page.querySelectorAll<HTMLAnchorElement>('.annotationLayer a')) {
    if (link.textContent?.trim() || link.title || link.hasAttribute('aria-label')) continue;
    link.setAttribute('aria-label', labels.internalLink);
  }
  for (const image of page.querySelectorAll<HTMLImageElement>('.annotationLayer img:not([alt])')) {
    image.alt = labels.note;
  }
}
