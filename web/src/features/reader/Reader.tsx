import { Drawer, useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentDetail, Edition } from '../../lib/api';
import { useKeys, type Binding } from '../../lib/keys';
import { isSignedOut, onSessionTurn, reportSignedOut } from '../../lib/session';
import { PdfView } from '../../pdfview/PdfView';
import type {
  Connection,
  FindOptions,
  FindState,
  LoadFailure,
  Mark,
  OutlineEntry,
  PageTheme,
  PasswordRequest,
  PdfAssets,
  PdfHandle,
  PdfLabels,
  Zoom,
} from '../../pdfview/types';
import { announce } from '../../ui/announce';
import { toast, toastError } from '../../ui/toast';
import { downloadUrl, fileUrl, pageListQuery, pageTextQuery, useRetry, useSendPassword } from './api';
import { Footer, isLocked } from './Footer';
import { marksOfHit } from './hit';
import { InfoPanel } from './InfoPanel';
import { LeftPanel } from './LeftPanel';
import { OpenProblem } from './OpenProblem';
import { PasswordForm } from './PasswordForm';
import { usePlaces } from './places';
import classes from './ReaderPage.module.css';
import type { ReaderPageProps } from './ReaderPage';
import { useFirstTab, usePanel, useThemeChoice, type Tab } from './settings';
import { Toolbar } from './Toolbar';
import { useTarget } from './target';

const assets: PdfAssets = {
  wasm: '/pdfjs/wasm/',
  cmaps: '/pdfjs/cmaps/',
  standardFonts: '/pdfjs/standard_fonts/',
  iccs: '/pdfjs/iccs/',
};

const noFind: FindState = { query: '', status: 'idle', total: 0, current: 0, pages: [] };
const noMarks: readonly Mark[] = [];

// A page is told when one has stayed on it for this long, in ms.
const settleAfter = 400;

interface Props extends ReaderPageProps {
  document: DocumentDetail;
  edition: Edition;
}

export function Reader(props: Props) {
  const { document, edition, onNextHit, onPreviousHit } = props;
  const { t } = useTranslation('reader');
  const narrow = useMediaQuery('(max-width: 899.98px)', false, { getInitialValueInEffect: false });

  // --- the viewer and what it told ---
  const pdf = useRef<PdfHandle>(null);
  const [handle, setHandle] = useState<PdfHandle | null>(null);
  const takeHandle = useCallback((next: PdfHandle | null) => {
    pdf.current = next;
    setHandle(next);
  }, []);
  const [attempt, setAttempt] = useState(0);
  const [pageCount, setPageCount] = useState(0);
  const [page, setPage] = useState(props.page ?? 1);
  const [zoom, setZoom] = useState<Zoom>();
  const [ownOutline, setOwnOutline] = useState<readonly OutlineEntry[]>();
  const [failure, setFailure] = useState<LoadFailure>();
  const [connection, setConnection] = useState<Connection>('fine');
  const [passwordRequest, setPasswordRequest] = useState<PasswordRequest>();
  const [findState, setFindState] = useState<FindState>(noFind);

  const reopen = useCallback(() => {
    setFailure(undefined);
    setConnection('fine');
    setPageCount(0);
    setAttempt((n) => n + 1);
  }, []);

  useSignedOut(failure === 'signed-out' || connection === 'signed-out', () => {
    if (failure) reopen();
    else pdf.current?.reconnect();
  });

  // --- where to be, and the way back ---
  const { target, tell } = useTarget(props.page, props.hit, props.onPlaceChange, settleAfter);
  const { last: back, leave, drop } = usePlaces();
  const jump = useCallback(
    (go: (viewer: PdfHandle) => void) => {
      const viewer = pdf.current;
      if (!viewer) return;
      leave(viewer.place());
      go(viewer);
    },
    [leave],
  );
  const goBack = useCallback(() => {
    if (!back) return;
    drop();
    pdf.current?.goToPlace(back);
  }, [back, drop]);
  const goToPage = useCallback(
    (wanted: number) => {
      if (wanted !== page) jump((viewer) => viewer.goToPage(wanted));
    },
    [jump, page],
  );

  // --- the search hit that led here ---
  const parsed = edition.state === 'ready';
  const { data: hitText } = useQuery({
    ...pageTextQuery(document.id, edition.id, target.page ?? 1),
    enabled: parsed && target.hit !== undefined,
  });
  const found = useMemo(
    () => (hitText && target.hit ? marksOfHit(hitText, target.hit) : undefined),
    [hitText, target.hit],
  );
  const marks = found?.marks ?? noMarks;
  const ready = pageCount > 0;
  const arrived = useRef(target);
  useEffect(() => {
    if (!ready) return;
    // The first target is where the file is opened; later ones are jumps.
    if (arrived.current !== target) {
      arrived.current = target;
      leave(pdf.current?.place());
      if (target.page && !target.hit) pdf.current?.goToPage(target.page);
    }
  }, [ready, target, leave]);
  useEffect(() => {
    if (ready && found?.at && target.page) pdf.current?.goToPage(target.page, found.at);
  }, [ready, found, target]);

  // --- panels, theme ---
  const [leftOpen, setLeftOpen] = usePanel('left', true);
  const [infoOpen, setInfoOpen] = usePanel('info', false);
  const [sheet, setSheet] = useState<'left' | 'info' | null>(null);
  const [firstTab, setFirstTab] = useFirstTab();
  const [tab, setTab] = useState<Tab>(firstTab);
  const chooseTab = (next: Tab) => {
    setTab(next);
    if (next !== 'find') setFirstTab(next);
    else setFindFocus((n) => n + 1);
  };
  const [themeChoice, setThemeChoice] = useThemeChoice();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const theme: PageTheme = themeChoice === 'auto' ? scheme : themeChoice;
  useSepiaApp(theme === 'sepia');

  const leftShown = narrow ? sheet === 'left' : leftOpen;
  const infoShown = narrow ? sheet === 'info' : infoOpen;
  const showLeft = (open: boolean) => (narrow ? setSheet(open ? 'left' : null) : setLeftOpen(open));
  const showInfo = (open: boolean) => (narrow ? setSheet(open ? 'info' : null) : setInfoOpen(open));

  // --- find ---
  const [query, setQuery] = useState('');
  const [findOptions, setFindOptions] = useState<FindOptions>({});
  const [findFocus, setFindFocus] = useState(0);
  const openFind = () => {
    setTab('find');
    showLeft(true);
    setFindFocus((n) => n + 1);
  };
  const find = (next: string, options: FindOptions) => {
    if (query === '' && next !== '') leave(pdf.current?.place());
    setQuery(next);
    setFindOptions(options);
    pdf.current?.find(next, options);
  };
  const closeFind = () => {
    setQuery('');
    setTab(firstTab);
    pdf.current?.closeFind();
    pdf.current?.focus();
  };

  // --- the outline: the file's own, else the one the server made ---
  const wantsList = parsed && ownOutline?.length === 0;
  const { data: list } = useQuery({ ...pageListQuery(document.id, edition.id), enabled: wantsList });
  const outline = useMemo((): readonly OutlineEntry[] | undefined => {
    if (!ownOutline || ownOutline.length > 0 || !list) return ownOutline;
    return list.outline.map((item) => ({ ...item, y: null }));
  }, [ownOutline, list]);

  // --- the file's password, which opens it here first ---
  const answered = useRef<string>(undefined);
  const { mutate: sendPassword } = useSendPassword(document.id);
  const mayEdit = document.role === 'owner' || document.role === 'admin' || document.role === 'editor';
  const locked = isLocked(edition);
  useEffect(() => {
    if (!ready || !locked || !mayEdit || answered.current === undefined) return;
    sendPassword({ editionId: edition.id, password: answered.current }, { onError: toastError });
    answered.current = undefined;
  }, [ready, locked, mayEdit, edition.id, sendPassword]);

  const { mutate: retry } = useRetry(document.id);

  // --- said to screen readers ---
  useSaid(ready ? t('footer.page', { page, total: pageCount }) : '');
  useSaid(
    findState.query === '' || findState.status === 'searching'
      ? ''
      : findState.total === 0
        ? t('find.none')
        : findState.current > 0
          ? `${t('find.announce', { count: findState.total })}. ${t('find.announceCurrent', {
              current: findState.current,
              total: findState.total,
              page,
            })}`
          : t('find.announce', { count: findState.total }),
  );

  // --- keys ---
  const group = t('keys.group');
  const act = (run: (viewer: PdfHandle) => void) => () => {
    if (pdf.current) run(pdf.current);
  };
  const bindings: Binding[] = [
    { keys: 'Mod+F', label: t('keys.find'), group, run: openFind },
    { keys: '+', label: t('keys.zoomIn'), group, run: act((viewer) => viewer.zoomIn()) },
    { keys: '=', run: act((viewer) => viewer.zoomIn()) },
    { keys: '-', label: t('keys.zoomOut'), group, run: act((viewer) => viewer.zoomOut()) },
    { keys: '0', label: t('keys.zoomFit'), group, run: act((viewer) => viewer.fit('width')) },
    { keys: '[', label: t('keys.left'), group, run: () => showLeft(!leftShown) },
    { keys: ']', label: t('keys.right'), group, run: () => showInfo(!infoShown) },
    { keys: 'PageDown', run: act((viewer) => viewer.scroll('window-down')) },
    { keys: 'PageUp', run: act((viewer) => viewer.scroll('window-up')) },
    { keys: 'Home', run: act((viewer) => jump(() => viewer.scroll('start'))) },
    { keys: 'End', run: act((viewer) => jump(() => viewer.scroll('end'))) },
  ];
  if (onNextHit) bindings.push({ keys: 'n', label: t('keys.nextHit'), group, run: onNextHit });
  if (onPreviousHit) bindings.push({ keys: 'p', label: t('keys.previousHit'), group, run: onPreviousHit });
  // Only while there is a way back: Alt+Left is the browser's own at other times.
  if (back) bindings.push({ keys: 'Alt+ArrowLeft', label: t('keys.back'), group, run: goBack });
  if (query !== '') bindings.push({ keys: 'Esc', run: closeFind });
  else if (infoShown && !narrow) bindings.push({ keys: 'Esc', run: () => showInfo(false) });
  useKeys(bindings);

  const labels = useMemo<PdfLabels>(
    () => ({
      document: t('document'),
      page: (number) => t('page.label', { page: number }),
      pageFailed: t('page.failed'),
      internalLink: t('page.link'),
      note: t('page.note'),
    }),
    [t],
  );

  const closeSheet = () => setSheet(null);
  const leftPanel = (
    <LeftPanel
      pdf={ready ? handle : null}
      tab={tab}
      page={page}
      pageCount={pageCount}
      theme={theme}
      outline={outline}
      outlineMayCome={!parsed && edition.state !== 'failed'}
      findState={findState}
      query={query}
      findOptions={findOptions}
      findFocus={findFocus}
      onTab={chooseTab}
      onPage={(wanted) => {
        goToPage(wanted);
        closeSheet();
      }}
      onOutline={(entry) => {
        const { page: wanted, y } = entry;
        if (wanted === null) return;
        jump((viewer) => (y === null ? viewer.goToPage(wanted) : viewer.goToPlace({ page: wanted, x: 0, y })));
        closeSheet();
      }}
      onFind={find}
      onMatch={(wanted, index) => {
        pdf.current?.goToMatch(wanted, index);
        closeSheet();
      }}
      onStep={(direction) => (direction === 'next' ? pdf.current?.findNext() : pdf.current?.findPrevious())}
      onCloseFind={() => {
        closeFind();
        closeSheet();
      }}
    />
  );
  const infoPanel = (
    <InfoPanel document={document} pageCount={pageCount} onClose={narrow ? undefined : () => showInfo(false)} />
  );

  return (
    <div className={classes.reader} data-left={(leftShown && !narrow) || undefined}>
      {leftShown && !narrow ? <aside className={classes.left}>{leftPanel}</aside> : null}
      <div className={classes.middle}>
        <Toolbar
          pdf={handle}
          page={page}
          pageCount={pageCount}
          zoom={ready ? zoom : undefined}
          theme={theme}
          themeChoice={themeChoice}
          downloadUrl={downloadUrl(edition.id)}
          leftOpen={leftShown}
          infoOpen={infoShown}
          narrow={narrow}
          onPage={goToPage}
          onTheme={setThemeChoice}
          onLeft={() => showLeft(!leftShown)}
          onInfo={() => showInfo(!infoShown)}
          onFind={openFind}
        />
        <div className={classes.pages}>
          <PdfView
            key={attempt}
            ref={takeHandle}
            url={fileUrl(edition.id)}
            assets={assets}
            labels={labels}
            theme={theme}
            initialFit={narrow ? 'text' : 'auto'}
            initialPage={page}
            marks={marks}
            onReady={(facts) => {
              setPageCount(facts.pageCount);
              setPasswordRequest(undefined);
              if (window.document.activeElement === window.document.body) pdf.current?.focus();
            }}
            onOutline={setOwnOutline}
            onError={(kind) => {
              setPasswordRequest(undefined);
              setFailure(kind);
            }}
            onPassword={({ wrong, answer }) =>
              setPasswordRequest({
                wrong,
                answer: (password) => {
                  answered.current = password;
                  answer(password);
                },
              })
            }
            onConnection={setConnection}
            onPageChange={(now) => {
              setPage(now);
              tell(now);
            }}
            onZoomChange={setZoom}
            onFindState={setFindState}
            onJump={leave}
          />
          {passwordRequest && !ready ? <PasswordForm request={passwordRequest} /> : null}
          {failure ? (
            <OpenProblem failure={failure} downloadUrl={downloadUrl(edition.id)} onRetry={reopen} />
          ) : null}
        </div>
        <Footer
          document={document}
          edition={edition}
          connection={connection}
          back={back}
          onRetry={
            mayEdit
              ? () => retry(edition.id, { onSuccess: () => toast(t('state.retried')), onError: toastError })
              : undefined
          }
          onReconnect={() => pdf.current?.reconnect()}
          onBack={goBack}
        />
      </div>
      {infoShown && !narrow ? <aside className={classes.right}>{infoPanel}</aside> : null}
      {narrow ? (
        <>
          <Sheet title={t('panel.label')} close={t('panel.close')} open={sheet === 'left'} onClose={closeSheet}>
            {leftPanel}
          </Sheet>
          <Sheet title={t('info.title')} close={t('info.close')} open={sheet === 'info'} onClose={closeSheet}>
            {infoPanel}
          </Sheet>
        </>
      ) : null}
    </div>
  );
}

interface SheetProps {
  title: string;
  close: string;
  open: boolean;
  onClose: () => void;
  children: React.ReactNode;
}

function Sheet({ title, close, open, onClose, children }: SheetProps) {
  return (
    <Drawer
      opened={open}
      onClose={onClose}
      position="bottom"
      size="70%"
      title={title}
      closeButtonProps={{ 'aria-label': close, size: 44 }}
      overlayProps={{ backgroundOpacity: 1, color: 'var(--scrim)' }}
      transitionProps={{ duration: 150 }}
      classNames={{
        content: classes.sheetContent ?? '',
        header: classes.sheetHeader ?? '',
        title: classes.sheetTitle ?? '',
        body: classes.sheetBody ?? '',
      }}
    >
      {children}
    </Drawer>
  );
}

/** Reports the end of the session, and calls back when there is one again. */
function useSignedOut(signedOut: boolean, onBack: () => void) {
  const latest = useRef(onBack);
  useEffect(() => {
    latest.current = onBack;
  });
  useEffect(() => {
    if (!signedOut) return undefined;
    reportSignedOut();
    return onSessionTurn(() => {
      if (!isSignedOut()) latest.current();
    });
  }, [signedOut]);
}

/** Sepia pages look right in a sepia frame only; in a dark app the frame stays dark. */
function useSepiaApp(sepia: boolean) {
  useEffect(() => {
    if (!sepia) return undefined;
    const root = window.document.documentElement;
    root.dataset.paper = 'sepia';
    return () => {
      delete root.dataset.paper;
    };
  }, [sepia]);
}

/** Says a sentence once it has stood for a moment, so that scrolling is not read out page by page. */
function useSaid(words: string) {
  const first = useRef(true);
  useEffect(() => {
    if (words === '') return undefined;
    const timer = setTimeout(() => {
      // What is there at the beginning needs no telling.
      if (!first.current) announce(words);
      first.current = false;
    }, 700);
    return () => clearTimeout(timer);
  }, [words]);
}
