import { useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentDetail, Edition } from '../../lib/api';
import { PdfView } from '../../pdfview/PdfView';
import type { PageLayout, PageTheme, PdfAssets, PdfHandle, PdfLabels, Place } from '../../pdfview/types';
import { toast, toastError } from '../../ui/toast';
import { downloadUrl, fileUrl, useRetry } from './api';
import { Footer } from './Footer';
import { InfoPanel } from './InfoPanel';
import { LeftPanel } from './LeftPanel';
import { OpenProblem } from './OpenProblem';
import { PasswordForm } from './PasswordForm';
import { BottomSheet, type SheetSize } from './BottomSheet';
import { usePlaces } from './places';
import { PrintDialog } from './PrintDialog';
import classes from './ReaderPage.module.css';
import type { ReaderPageProps } from './ReaderPage';
import { RightPanel } from './RightPanel';
import { useFirstTab, useOpenPanel, usePanel, usePageLayout, useSepiaApp, useThemeChoice, type Tab } from './settings';
import { Sheet } from './Sheet';
import type { Reading, SidePanel } from './slots';
import { mayEdit, mayRetryParse } from './state';
import { useTarget } from './target';
import { Toolbar } from './Toolbar';
import { useFind } from './useFind';
import { useHit } from './useHit';
import { useOutline } from './useOutline';
import { usePageLabels } from './usePageLabels';
import { usePassword } from './usePassword';
import { usePageWords } from './usePageWords';
import { useReadingKeys } from './useReadingKeys';
import { useSaid } from './useSaid';
import { useViewer } from './useViewer';
import { useWidth } from './useWidth';

const assets: PdfAssets = {
  wasm: '/pdfjs/wasm/',
  cmaps: '/pdfjs/cmaps/',
  standardFonts: '/pdfjs/standard_fonts/',
  iccs: '/pdfjs/iccs/',
};

// A page is told when one has stayed on it for this long, in ms.
const settleAfter = 400;

const noSlots: NonNullable<ReaderPageProps['slots']> = {};

interface Props extends ReaderPageProps {
  document: DocumentDetail;
  edition: Edition;
}

/** One file being read, with its tools, panels and state. */
export function Reader(props: Props) {
  const { document, edition, slots = noSlots } = props;
  const { t } = useTranslation('reader');
  const narrow = useMediaQuery('(max-width: 899.98px)', false, { getInitialValueInEffect: false });
  const viewer = useViewer(props.page ?? 1);
  const { handle, page, pageCount, events } = viewer;
  const open = pageCount > 0;

  const { target, tell } = useTarget(props.page, props.hit, props.onPlaceChange, settleAfter);
  const { last: back, leave: remember, drop } = usePlaces();
  const onJump = slots.events?.onJump;
  const leave = useCallback(
    (from: Place | undefined) => {
      remember(from);
      if (from) onJump?.(from);
    },
    [remember, onJump],
  );
  const hitMarks = useHit(document.id, edition, target, open ? handle : null, leave);
  const jump = useCallback(
    (go: (viewer: PdfHandle) => void) => {
      if (!handle) return;
      leave(handle.place());
      go(handle);
    },
    [handle, leave],
  );
  const goToPage = (wanted: number) => {
    if (wanted !== page) jump((pdf) => pdf.goToPage(wanted));
  };
  // Nothing to go back to on the page one is on.
  const backTo = back && back.page !== page ? back : undefined;
  const goBack = () => {
    if (!backTo) return;
    drop();
    handle?.goToPlace(backTo);
  };

  const panels = usePanels(narrow, slots.firstPanel ?? 'info');
  const words = usePageWords(document.id, edition);
  const marks = useMemo(() => [...hitMarks, ...(slots.marks ?? [])], [hitMarks, slots.marks]);
  const [firstTab, setFirstTab] = useFirstTab();
  const [tab, setTab] = useState<Tab>(firstTab);
  const find = useFind(handle, leave);
  const openFind = () => {
    setTab('find');
    panels.showLeft(true);
    find.askFocus();
  };
  const closeFind = () => {
    setTab(firstTab);
    find.stop();
  };

  const [themeChoice, setThemeChoice] = useThemeChoice();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const theme: PageTheme = themeChoice === 'auto' ? scheme : themeChoice;
  useSepiaApp(theme === 'sepia');

  const [layout, setLayout] = usePageLayout();
  // Two pages side by side are too small to read in a narrow window.
  const { scroll } = layout;
  const shownLayout = useMemo<PageLayout>(() => (narrow ? { scroll, spread: 'none' } : layout), [narrow, scroll, layout]);
  const pageLabels = usePageLabels(open ? handle : null);
  const [printing, setPrinting] = useState(false);

  const outline = useOutline(document.id, edition, viewer.outline);
  const listened = usePassword(document, edition, open, mayEdit(document));
  const { mutate: retry } = useRetry(document.id);

  useEffect(() => {
    // The keys that scroll should work at once, unless somebody is elsewhere.
    if (open && window.document.activeElement === window.document.body) handle?.focus();
  }, [open, handle]);
  useSaid(open ? t('footer.page', { page, total: pageCount }) : '');
  useSaid(useFindWords(viewer.find, page));
  useReadingKeys({
    handle,
    openFind,
    toggleLeft: () => panels.showLeft(!panels.left),
    toggleRight: () => panels.showRight(panels.right ? undefined : panels.last),
    jump,
    goBack: backTo ? goBack : undefined,
    close: find.query !== '' ? closeFind : undefined,
    onNextHit: props.onNextHit,
    onPreviousHit: props.onPreviousHit,
  });

  const labels = useMemo<PdfLabels>(
    () => ({
      document: t('document'),
      page: (number) => t('page.label', { page: number }),
      pageFailed: t('page.failed'),
      internalLink: t('page.link'),
      note: t('page.note'),
      caretOn: t('page.caretOn'),
      caretOff: t('page.caretOff'),
      selected: (text) => t('page.selected', { text }),
      placing: (tool) => t(`page.placing.${tool}`),
    }),
    [t],
  );

  const reading: Reading = {
    pdf: open ? handle : null,
    page,
    pageCount,
    theme,
    narrow,
    panel: panels.right,
    showPanel: panels.showRight,
    jump,
  };

  const leftPanel = (
    <LeftPanel
      pdf={open ? handle : null}
      tab={tab}
      page={page}
      pageCount={pageCount}
      theme={theme}
      outline={outline.entries}
      outlineFound={outline.found}
      outlineMayCome={edition.state !== 'ready' && edition.state !== 'failed'}
      findState={viewer.find}
      query={find.query}
      findOptions={find.options}
      findFocus={find.focus}
      onThumbnail={slots.onThumbnail ? (number) => slots.onThumbnail?.(number, reading) : undefined}
      onTab={(next) => {
        setTab(next);
        if (next === 'find') find.askFocus();
        else setFirstTab(next);
      }}
      onPage={(wanted) => {
        goToPage(wanted);
        panels.closeSheet();
      }}
      onOutline={({ page: wanted, y }) => {
        if (wanted === null) return;
        jump((pdf) => (y === null ? pdf.goToPage(wanted) : pdf.goToPlace({ page: wanted, x: 0, y })));
        panels.closeSheet();
      }}
      onFind={find.look}
      onMatch={(wanted, index) => {
        handle?.goToMatch(wanted, index);
        panels.closeSheet();
      }}
      onStep={(direction) => (direction === 'next' ? handle?.findNext() : handle?.findPrevious())}
      onCloseFind={() => {
        closeFind();
        panels.closeSheet();
      }}
    />
  );
  const sidePanels: SidePanel[] = [
    ...(slots.panels?.(reading) ?? []),
    {
      id: 'info',
      title: t('side.info'),
      content: <InfoPanel document={document} edition={edition} pageCount={pageCount} onPage={goToPage} parts={slots.info} />,
    },
  ];
  const { width, separator } = useWidth();

  return (
    <div className={classes.reader} data-sheet={narrow ? panels.sheet : undefined}>
      {panels.left && !narrow ? (
        <aside className={classes.left} aria-label={t('panel.label')}>
          {leftPanel}
        </aside>
      ) : null}
      <div className={classes.middle}>
        <Toolbar
          pdf={handle}
          page={page}
          pageCount={pageCount}
          zoom={open ? viewer.zoom : undefined}
          theme={theme}
          themeChoice={themeChoice}
          layout={layout}
          pageLabels={pageLabels}
          downloadUrl={downloadUrl(edition.id)}
          leftOpen={panels.left}
          rightOpen={panels.right !== undefined}
          tools={slots.tools?.(reading)}
          menu={slots.menu?.(reading)}
          actions={slots.actions?.(reading)}
          narrow={narrow}
          onPage={goToPage}
          onTheme={setThemeChoice}
          onLayout={setLayout}
          onPrint={() => setPrinting(true)}
          onLeft={() => panels.showLeft(!panels.left)}
          onRight={() => panels.showRight(panels.right ? undefined : panels.last)}
          onFind={openFind}
        />
        {slots.notice}
        <div className={classes.pages}>
          <PdfView
            key={viewer.attempt}
            ref={viewer.takeHandle}
            url={fileUrl(edition.id)}
            assets={assets}
            labels={labels}
            theme={theme}
            initialFit={narrow ? 'text' : 'auto'}
            initialPage={page}
            marks={marks}
            pointers={slots.pointers}
            tool={slots.tool}
            layout={shownLayout}
            words={words}
            {...slots.events}
            {...events}
            onPassword={(request) => events.onPassword?.(listened(request))}
            onPageChange={(now) => {
              events.onPageChange?.(now);
              tell(now);
            }}
            onJump={leave}
          />
          {slots.edge?.(reading)}
          {slots.over?.(reading)}
          {viewer.passwordRequest && !open ? <PasswordForm request={viewer.passwordRequest} /> : null}
          {viewer.failure ? (
            <OpenProblem failure={viewer.failure} downloadUrl={downloadUrl(edition.id)} onRetry={viewer.reopen} />
          ) : null}
        </div>
        <Footer
          document={document}
          edition={edition}
          connection={viewer.connection}
          back={backTo}
          status={slots.status?.(reading)}
          onRetry={
            mayEdit(document) && mayRetryParse(edition)
              ? () => retry(edition.id, { onSuccess: () => toast(t('state.retried')), onError: (error) => toastError(error) })
              : undefined
          }
          onReconnect={() => handle?.reconnect()}
          onBack={goBack}
        />
        {printing && handle ? (
          <PrintDialog pdf={handle} page={page} pageCount={pageCount} onClose={() => setPrinting(false)} />
        ) : null}
      </div>
      {panels.right && !narrow ? (
        <aside className={classes.right} style={{ width }} aria-label={t('side.label')}>
          <div className={classes.separator} aria-label={t('side.width')} {...separator} />
          <RightPanel
            panels={sidePanels}
            open={panels.right}
            onOpen={panels.showRight}
            onClose={() => panels.showRight(undefined)}
          />
        </aside>
      ) : null}
      {narrow ? (
        <>
          <Sheet title={t('panel.label')} close={t('panel.close')} open={panels.left} onClose={panels.closeSheet}>
            {leftPanel}
          </Sheet>
          <BottomSheet label={t('side.label')} size={panels.sheet} onSize={panels.setSheet}>
            {(sheetHandle) => (
              <RightPanel
                panels={sidePanels}
                open={panels.last}
                onOpen={(id) => panels.showRight(id)}
                handle={sheetHandle}
              />
            )}
          </BottomSheet>
        </>
      ) : null}
    </div>
  );
}

/** Which panels are open: remembered beside the pages; over them where the window is narrow. */
function usePanels(narrow: boolean, first: string) {
  const [left, setLeft] = usePanel('left', true);
  const [right, setRight] = useOpenPanel(first);
  const [last, setLast] = useState(right ?? first);
  const [leftSheet, setLeftSheet] = useState(false);
  const [sheet, setSheet] = useState<SheetSize>('rest');
  const showRight = useCallback(
    (id: string | undefined) => {
      if (id) setLast(id);
      if (!narrow) setRight(id);
      else setSheet((size) => (id === undefined ? 'rest' : size === 'rest' ? 'half' : size));
    },
    [narrow, setRight],
  );
  return {
    left: narrow ? leftSheet : left,
    showLeft: (open: boolean) => (narrow ? setLeftSheet(open) : setLeft(open)),
    closeSheet: () => setLeftSheet(false),
    /** The panel that is open at the right, or in the sheet. */
    right: narrow ? (sheet === 'rest' ? undefined : last) : right,
    last,
    showRight,
    sheet,
    setSheet,
  };
}

/** How looking for words stands, as a sentence; empty while nothing can be said. */
function useFindWords({ query, status, total, current }: ReturnType<typeof useViewer>['find'], page: number): string {
  const { t } = useTranslation('reader');
  if (query === '' || status === 'searching') return '';
  if (total === 0) return t('find.none');
  const count = t('find.announce', { count: total });
  return current > 0 ? `${count}. ${t('find.announceCurrent', { current, total, page })}` : count;
}
