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
