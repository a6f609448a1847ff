import { useCallback, useEffect, useRef, useState } from 'react';
import type { Live } from '../../lib/live';
import type { PdfHandle, Place } from '../../pdfview/types';
import { PlaceKeeper, PlaceShelf } from './places';

/** So far from the top is still the beginning, in CSS pixels. */
const beginning = 80;

interface Options {
  live: Live | undefined;
  documentId: string;
  editionId: string;
  me: string;
  /** The address says where to open the document. */
  addressed: boolean;
  pdf: PdfHandle | null;
  jump: (go: (pdf: PdfHandle) => void) => void;
}

/** Opens the document where I left it, and keeps where I am. To be told what is seen. */
export function useReadingPlace({ live, documentId, editionId, me, addressed, pdf, jump }: Options) {
  const [shelf] = useState(() => new PlaceShelf(me));
  const [keeper] = useState(
    () =>
      new PlaceKeeper((place, leaving) => {
        const { page, x, y } = place;
        void shelf.keep(documentId, { edition_id: editionId, page, x, y, at: new Date().toISOString() }, leaving);
      }),
  );
  // Asked for at once, while the file is still being opened.
  const [found] = useState(() => (addressed ? Promise.resolve(null) : shelf.find(documentId)));

  const opened = useRef(false);
  useEffect(() => {
    if (!pdf || opened.current) return undefined;
    let current = true;
    void found.then((place) => {
      if (!current) return;
      opened.current = true;
      // Who has begun to read meanwhile stays where they are.
      const moved = pdf.scrollTop > pdf.viewportHeight / 2;
      if (place && !moved) {
        const same = place.edition_id === editionId;
        const at = pdf.offsetOf(place.page, place.y, place.x);
        // In another file the page is the best guess, and there may be none of that number.
        if (at !== undefined && at > beginning) jump((to) => (same ? to.goToPlace(place) : to.goToPage(place.page)));
      }
      keeper.begin();
    });
    return () => {
      current = false;
    };
  }, [pdf, found, editionId, jump, keeper]);

  useEffect(() => {
    const leave = () => keeper.leave();
    const hide = () => {
      // A phone may end a page that is not seen without another word.
      if (document.visibilityState === 'hidden') keeper.leave();
    };
    window.addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', hide);
    return () => {
      window.removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', hide);
      keeper.leave();
    };
  }, [keeper]);

  useEffect(() => {
    if (!live) return undefined;
    if (live.state === 'live') void shelf.sendLate();
    return live.watch(() => {
      if (live.state === 'live') void shelf.sendLate();
    });
  }, [live, shelf]);

  return useCallback((place: Place | undefined) => keeper.see(place), [keeper]);
}
