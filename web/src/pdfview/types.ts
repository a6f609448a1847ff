/** The words that the viewer and its caller share. */
import type { Quad } from '../anchoring/quads';
import type { Rect } from '../anchoring/words';

export type { PageText } from '../anchoring/pageText';
export type { Quad } from '../anchoring/quads';
export type { Rect } from '../anchoring/words';

/** How the pages are coloured. Sepia tints the paper and leaves figures' colours. */
export type PageTheme = 'light' | 'dark' | 'sepia';

/**
 * What the zoom follows when the window changes. `auto` is the width of the page
 * up to a size that is good to read, `text` the width of its text column (for a
 * phone).
 */
export type Fit = 'width' | 'page' | 'text' | 'auto';

/**
 * How a mark is drawn. `hit`: what was looked for. `passage`: the sentence around it.
 * `citation`: a place of the text that leads elsewhere; it is drawn while it is active,
 * and a tap on a link of the file that lies on it is one on the mark.
 */
export type MarkShape = 'highlight' | 'underline' | 'area' | 'note' | 'text' | 'ink' | 'hit' | 'passage' | 'citation';

/**
 * One mark on one page, in PDF points of the page's default user space. A mark
 * that goes over two pages is two of these with the same id.
 *
 * The viewer draws a mark anew when the object is another one: keep the objects
 * of marks that did not change.
 */
export interface ViewMark {
  readonly id: string;
  /** From 1. */
  readonly page: number;
  readonly shape: MarkShape;
  /** Where its text stands, one per line; empty for `area`, `note`, `text` and `ink`. */
  readonly quads: readonly Quad[];
  /** The box of `area`, `note` and `text`. */
  readonly rect?: Rect | undefined;
  /** The lines of `ink`, each x, y, x, y …. */
  readonly paths?: readonly (readonly number[])[] | undefined;
  /**
   * Its colour: the style sheet has `--<tone>-fill` and `--<tone>-ink` for it (the
   * meanings' are in tokens.css). Letters, digits and hyphens.
   */
  readonly tone: string;
  /** What stands in a `text`. */
  readonly text?: string | undefined;
  /** Names the mark for people who do not see it; without one it takes no focus. */
  readonly label: string;
  /** Its place had to be guessed: a dashed edge. */
  readonly guessed?: boolean | undefined;
  /** Being looked at: underlined or outlined; with `movable` it shows handles. */
  readonly active?: boolean | undefined;
  /** Set back, as a resolved one or one that a filter leaves out. */
  readonly faded?: boolean | undefined;
  /** Whether this person may move it: `area`, `note` and `text` alone. */
  readonly movable?: boolean | undefined;
}

/** What another person has selected, shown in their colour with their name. */
export interface Pointer {
  readonly id: string;
  readonly name: string;
  /** Any CSS colour that white text can be read on. */
  readonly color: string;
  /** From 1. */
  readonly page: number;
  readonly quads: readonly Quad[];
}

/** What the pointer does. `select` takes text, and an area with Alt held down. */
export type Tool = 'select' | 'area' | 'note' | 'text' | 'ink';

/** One page's share of a selection. Code points of the page's text, half open, always whole words. */
export interface SelectionPart {
  /** From 1. */
  readonly page: number;
  readonly start: number;
  readonly end: number;
  readonly quads: readonly Quad[];
}

export interface TextSelection {
  /**
   * In reading order, one per page with text. Empty where the words' places are not
   * known (the page is not parsed yet): the text can be copied, not marked.
   */
  readonly parts: readonly SelectionPart[];
  /** As it is copied: in reading order, hyphenated words joined. */
  readonly text: string;
  /** Around what is selected and in the window, in the window's CSS pixels: where not to put a popup. */
  readonly at: DOMRect;
  /** Whether the pointer is up: what is selected will stay as it is for now. */
  readonly done: boolean;
}

/** What was drawn with a tool. `rect` for area, note and text, `paths` (x, y, x, y …) for ink. */
export interface Drawn {
  readonly shape: 'area' | 'note' | 'text' | 'ink';
  /** From 1. */
  readonly page: number;
  readonly rect?: Rect;
  readonly paths?: readonly (readonly number[])[];
}

/** A page in the window, and which part of its height: 0 is its top as shown, 1 its bottom. */
export interface VisiblePart {
  readonly page: number;
  readonly from: number;
  readonly to: number;
}

export interface View {
  /** The window's top left corner; undefined until a page is shown. */
  readonly top: Place | undefined;
  /** In the order of the pages. */
  readonly visible: readonly VisiblePart[];
  /** Counts up when pages have another size or place: what offsetOf gave is void then. */
  readonly layout: number;
}

export interface PageLayout {
  /** Pages one below the other, or one at a time. */
  readonly scroll: 'continuous' | 'single';
  /** Two side by side: `odd` begins with pages 1 and 2, `even` leaves page 1 alone. */
  readonly spread: 'none' | 'odd' | 'even';
}

/** A mark's place on a small page, in per cent of the page as shown. */
export interface MarkBox {
  readonly id: string;
  readonly tone: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface PrintOptions {
  /** From 1; all when left out. */
  readonly pages?: readonly number[];
  /** Whether the marks are printed too. */
  readonly marks: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
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
  /** Said when the caret in the text comes and goes. */
  readonly caretOn: string;
  readonly caretOff: string;
  /** Said of what is selected by keys. */
  readonly selected: (text: string) => string;
  /** Said when a box or line is put down to be placed by keys: how that is done. */
  readonly placing: (tool: Exclude<Tool, 'select'>) => string;
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

  /** Brings a mark into the window, unless it is there. Unknown ids do nothing. */
  showMark(id: string): void;
  /** Gives the focus to a mark, after showMark. */
  focusMark(id: string): void;
  clearSelection(): void;
  /** Around the selection as it stands now, in the window's CSS pixels; undefined when none of it is in the window. */
  selectionRect(): DOMRect | undefined;
  /** Shows or takes away the caret in the text, as F7 does in the pages. */
  caret(on: boolean): void;

  /**
   * How far a point of a page (PDF points) is from the top of all that scrolls, in
   * CSS pixels: where a card should stand. Undefined for no page. Of a page that
   * was not in the window yet it is an estimate; onView's `layout` counts up when
   * it is known better.
   */
  offsetOf(page: number, y: number, x?: number): number | undefined;
  /** Where a box of a page is now, in the window's CSS pixels, in the window or not. */
  clientRect(page: number, rect: Rect): DOMRect | undefined;
  /** All in CSS pixels. */
  readonly scrollTop: number;
  readonly viewportHeight: number;
  readonly contentHeight: number;
  scrollTo(top: number): void;

  /** What the file calls its pages ("iv", "312"), in order; null when it does not say. */
  labels(): Promise<readonly string[] | null>;
  /** Where the marks given stand on a page, for a thumbnail of it. Marks of other pages are left out. */
  markBoxes(page: number, marks: readonly ViewMark[]): Promise<readonly MarkBox[]>;
  /**
   * Draws the pages for paper and opens the browser's dialog. Resolves when the
   * dialog is closed; rejects with the signal's reason when it is aborted.
   */
  print(options: PrintOptions): Promise<void>;
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

  /** Where the window is; once a frame at most, also after a zoom or a turn of the pages. */
  onView?: (view: View) => void;
  onScroll?: (scrollTop: number) => void;
  /** Null when nothing is selected any more. Comes often while the pointer is down. */
  onSelect?: (selection: TextSelection | null) => void;
  /** Something was drawn; the viewer does not keep it. */
  onDraw?: (drawn: Drawn) => void;
  /** Esc was pressed with a tool in hand and nothing begun: choose `select` again. */
  onToolEnd?: () => void;
  /** All marks under the pointer, topmost (smallest) first; one when it came by keys. */
  onMarkClick?: (ids: readonly string[], at: DOMRect) => void;
  /** The same when the pointer moves over them, empty when it leaves, and for the one with the focus. */
  onMarkHover?: (ids: readonly string[]) => void;
  onMarkMove?: (id: string, page: number, rect: Rect) => void;
  /** The caret in the text came or went, by F7 or the handle. */
  onCaret?: (on: boolean) => void;
}
