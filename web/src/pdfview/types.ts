/** The words that the viewer and its caller share. */
import type { Rect } from '../anchoring/words';

/** How the pages are coloured. Sepia tints the paper and leaves figures' colours. */
export type PageTheme = 'light' | 'dark' | 'sepia';

/**
 * What the zoom follows when the window changes. `auto` is the width of the page
 * up to a size that is good to read, `text` the width of its text column (for a
 * phone).
 */
export type Fit = 'width' | 'page' | 'text' | 'auto';

/** Coloured boxes on a page, in PDF points of the page's default user space. */
export interface Mark {
  readonly id: string;
  /** From 1. */
  readonly page: number;
  readonly boxes: readonly Rect[];
  /** `hit`: what was looked for. `passage`: the sentence around it. */
  readonly tone: 'hit' | 'passage';
}

/**
 * A point to look at: a page from 1, and where on it in PDF points. It may lie
 * beyond the page's edge.
 */
export interface Place {
  readonly page: number;
  readonly x: number;
  readonly y: number;
}

export interface OutlineEntry {
  readonly title: string;
  /** 0 for the outermost. */
  readonly level: number;
  /** From 1; null when the entry leads nowhere in this file. */
  readonly page: number | null;
  /** The height on the page, in PDF points; null for its top. */
  readonly y: number | null;
}

export interface DocumentFacts {
  readonly pageCount: number;
}

/** Why a file could not be opened. */
export type LoadFailure =
  /** The bytes are not a PDF that can be read. */
  | 'damaged'
  /** The server has no such file. */
  | 'missing'
  /** The server does not give it to this person. */
  | 'refused'
  | 'signed-out'
  /** No answer, or the server could not answer just now. */
  | 'unreachable'
  | 'unknown';

/**
 * How the delivery of further parts stands. The viewer asks again by itself,
 * whatever the state; `reconnect()` makes it ask at once.
 */
export type Connection = 'fine' | 'lost' | 'signed-out' | 'refused';

export interface PasswordRequest {
  /** True when the last answer was wrong. */
  readonly wrong: boolean;
  readonly answer: (password: string) => void;
}

export interface Zoom {
  /** 1 is the size on paper at 96 pixels an inch. */
  readonly scale: number;
  readonly fit: Fit | null;
}

export interface FindOptions {
  readonly caseSensitive?: boolean;
  readonly wholeWords?: boolean;
}

export interface FindState {
  readonly query: string;
  readonly status: 'idle' | 'searching' | 'found' | 'not-found';
  readonly total: number;
  /** Number of the match that is looked at, from 1; 0 for none. */
  readonly current: number;
  /** Pages with matches, in order, and how many each has. */
  readonly pages: readonly { readonly page: number; readonly count: number }[];
}

/** A match in its line: the text before it, itself, and the text after. */
export interface Excerpt {
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

/** Texts for people. The viewer has none of its own. */
export interface PdfLabels {
  /** Names the scrolling area. */
  readonly document: string;
  readonly page: (number: number) => string;
  /** Shown on a page that could not be drawn. */
  readonly pageFailed: string;
  /** Names a link inside the file that has no text of its own. */
  readonly internalLink: string;
  /** Names a note that the PDF itself carries. */
  readonly note: string;
}

/** Where the viewer's own files are served from, each with a slash at its end. */
export interface PdfAssets {
  readonly wasm: string;
  readonly cmaps: string;
  readonly standardFonts: string;
  readonly iccs: string;
}

/** What can be asked of an open viewer. All of it waits until the file is open. */
export interface PdfHandle {
  goToPage(page: number, at?: { x: number; y: number }): void;
  /** The window's top left corner, as a point of the current page; undefined until one is shown. */
  place(): Place | undefined;
  /** Puts `place` at the top left of the window. */
  goToPlace(place: Place): void;
  /** Moves by one window height, or to the ends of the file. */
  scroll(to: 'window-up' | 'window-down' | 'start' | 'end'): void;
  find(query: string, options?: FindOptions): void;
  findNext(): void;
  findPrevious(): void;
  /** Looks at one match: the page from 1, and its number on that page from 0. */
  goToMatch(page: number, index: number): void;
  closeFind(): void;
  /** A match with the words around it, named as for goToMatch. */
  excerpt(page: number, index: number): Excerpt | undefined;
  zoomIn(): void;
  zoomOut(): void;
  /** 1 is the size on paper. */
  zoomTo(scale: number): void;
  fit(fit: Fit): void;
  /** Turns all pages by a quarter: 90 clockwise, -90 back. */
  rotate(degrees: 90 | -90): void;
  /** Draws a page, `width` CSS pixels wide; undefined when it cannot be drawn. */
  thumbnail(page: number, width: number, signal: AbortSignal): Promise<HTMLCanvasElement | undefined>;
  /** Asks at once for what could not be fetched. */
  reconnect(): void;
  focus(): void;
}

/** What the viewer tells. */
export interface PdfEvents {
  onReady?: (facts: DocumentFacts) => void;
  /** The file's own outline, empty when it has none; comes after the first page is drawn. */
  onOutline?: (outline: readonly OutlineEntry[]) => void;
  onError?: (failure: LoadFailure) => void;
  onPassword?: (request: PasswordRequest) => void;
  onConnection?: (connection: Connection) => void;
  onPageChange?: (page: number) => void;
  onZoomChange?: (zoom: Zoom) => void;
  onFindState?: (state: FindState) => void;
  /** A link inside the file is about to be followed from here. */
  onJump?: (from: Place) => void;
}
