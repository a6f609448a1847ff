/**
 * Where other parts of the app take part in reading: what the reader tells them,
 * and what they give it to show. The reader knows nothing of what that is about.
 */
import type { ReactNode } from 'react';
import type { PageTheme, PdfEvents, PdfHandle, Pointer, Tool, ViewMark } from '../../pdfview/types';

/** The reading as it stands. */
export interface Reading {
  /** Null until the file is open. */
  readonly pdf: PdfHandle | null;
  readonly page: number;
  /** 0 until the file is open. */
  readonly pageCount: number;
  readonly theme: PageTheme;
  /** Panels are sheets from below. */
  readonly narrow: boolean;
  /** The panel at the right that is open. */
  readonly panel: string | undefined;
  readonly showPanel: (id: string | undefined) => void;
  /** Moves the pages and remembers where they were, for the way back. */
  readonly jump: (go: (pdf: PdfHandle) => void) => void;
}

/** A tab of the right panel. */
export interface SidePanel {
  readonly id: string;
  readonly title: string;
  /** Said after the title. */
  readonly count?: number | undefined;
  /** Buttons at the right of the tabs, while it is open. */
  readonly tools?: ReactNode;
  readonly content: ReactNode;
}

/** A part of the Info panel, below the facts. */
export interface InfoPart {
  readonly id: string;
  readonly title: string;
  readonly content: ReactNode;
}

export interface ReaderSlots {
  readonly marks?: readonly ViewMark[];
  readonly pointers?: readonly Pointer[];
  readonly tool?: Tool;
  /** `onJump` is told of every jump, not only of links. */
  readonly events?: PdfEvents;
  /** Come before the reader's own. */
  readonly panels?: (reading: Reading) => readonly SidePanel[];
  /** The panel that is open when nobody has chosen another. */
  readonly firstPanel?: string;
  /** In the middle of the toolbar. */
  readonly tools?: (reading: Reading) => ReactNode;
  /** Further items of the menu of a narrow toolbar. */
  readonly menu?: (reading: Reading) => ReactNode;
  /** At the right of the toolbar. */
  readonly actions?: (reading: Reading) => ReactNode;
  /** Below the toolbar: what must be known while reading. */
  readonly notice?: ReactNode;
  /** Further parts of the Info panel. */
  readonly info?: readonly InfoPart[];
  /** At the beginning of the footer. */
  readonly status?: (reading: Reading) => ReactNode;
  /** Over the pages. */
  readonly over?: (reading: Reading) => ReactNode;
  /** At the right edge of the pages. */
  readonly edge?: (reading: Reading) => ReactNode;
  /** Over a small picture of a page, and beside its number. */
  readonly onThumbnail?: (page: number, reading: Reading) => { over: ReactNode; beside: ReactNode; label: string };
}
