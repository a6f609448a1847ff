/** The open file: its handle, and what it told last. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isSignedOut, onSessionTurn, reportSignedOut } from '../../lib/session';
import type {
  Connection,
  FindState,
  LoadFailure,
  OutlineEntry,
  PasswordRequest,
  PdfEvents,
  PdfHandle,
  Zoom,
} from '../../pdfview/types';

const noFind: FindState = { query: '', status: 'idle', total: 0, current: 0, pages: [] };

export interface Viewer {
  /** Changes when the file is opened anew: the key of the PdfView. */
  readonly attempt: number;
  readonly handle: PdfHandle | null;
  readonly takeHandle: (handle: PdfHandle | null) => void;
  /** 0 until the file is open. */
  readonly pageCount: number;
  readonly page: number;
  readonly zoom: Zoom | undefined;
  /** The file's own; undefined until it has been read. */
  readonly outline: readonly OutlineEntry[] | undefined;
  readonly find: FindState;
  readonly failure: LoadFailure | undefined;
  readonly connection: Connection;
  readonly passwordRequest: PasswordRequest | undefined;
  readonly events: PdfEvents;
  /** Opens the file once more. */
  readonly reopen: () => void;
}

export function useViewer(firstPage: number): Viewer {
  const [attempt, setAttempt] = useState(0);
  const [handle, setHandle] = useState<PdfHandle | null>(null);
  const [pageCount, setPageCount] = useState(0);
  const [page, setPage] = useState(firstPage);
  const [zoom, setZoom] = useState<Zoom>();
  const [outline, setOutline] = useState<readonly OutlineEntry[]>();
  const [find, setFind] = useState<FindState>(noFind);
  const [failure, setFailure] = useState<LoadFailure>();
  const [connection, setConnection] = useState<Connection>('fine');
  const [passwordRequest, setPasswordRequest] = useState<PasswordRequest>();

  const reopen = useCallback(() => {
    setFailure(undefined);
    setConnection('fine');
    setPageCount(0);
    setOutline(undefined);
    setFind(noFind);
    setAttempt((n) => n + 1);
  }, []);

  const events = useMemo<PdfEvents>(
    () => ({
      onReady: (facts) => {
        setPageCount(facts.pageCount);
        setPasswordRequest(undefined);
      },
      onOutline: setOutline,
      onError: (kind) => {
        setPasswordRequest(undefined);
        setFailure(kind);
      },
      onPassword: setPasswordRequest,
      onConnection: setConnection,
      onPageChange: setPage,
      onZoomChange: setZoom,
      onFindState: setFind,
    }),
    [],
  );

  useSignedOut(failure === 'signed-out' || connection === 'signed-out', () => {
    if (failure) reopen();
    else handle?.reconnect();
  });

  return {
    attempt,
    handle,
    takeHandle: setHandle,
    pageCount,
    page,
    zoom,
    outline,
    find,
    failure,
    connection,
    passwordRequest,
    events,
    reopen,
  };
}

/** Reports the end of the session, and calls back when there is one again. */
function useSignedOut(signedOut: boolean, onReturn: () => void) {
  const latest = useRef(onReturn);
  useEffect(() => {
    latest.current = onReturn;
  });
  useEffect(() => {
    if (!signedOut) return undefined;
    reportSignedOut();
    return onSessionTurn(() => {
      if (!isSignedOut()) latest.current();
    });
  }, [signedOut]);
}
