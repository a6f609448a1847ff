import { useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentDetail, Edition } from '../../lib/api';
import { PdfView } from '../../pdfview/PdfView';
import type { PageTheme, PdfAssets, PdfHandle, PdfLabels } from '../../pdfview/types';
import { toast, toastError } from '../../ui/toast';
import { downloadUrl, fileUrl, useRetry } from './api';
import { Footer } from './Footer';
import { InfoPanel } from './InfoPanel';
import { LeftPanel } from './LeftPanel';
import { OpenProblem } from './OpenProblem';
import { PasswordForm } from './PasswordForm';
import { usePlaces } from './places';
import classes from './ReaderPage.module.css';
import type { ReaderPageProps } from './ReaderPage';
import { useFirstTab, usePanel, useSepiaApp, useThemeChoice, type Tab } from './settings';
import { Sheet } from './Sheet';
import { mayEdit, mayRetryParse } from './state';
import { useTarget } from './target';
import { Toolbar } from './Toolbar';
import { useFind } from './useFind';
import { useHit } from './useHit';
import { useOutline } from './useOutline';
import { usePassword } from './usePassword';
import { useReadingKeys } from './useReadingKeys';
import { useSaid } from './useSaid';
import { useViewer } from './useViewer';

const assets: PdfAssets = {
  wasm: '/pdfjs/wasm/',
  cmaps: '/pdfjs/cmaps/',
  standardFonts: '/pdfjs/standard_fonts/',
  iccs: '/pdfjs/iccs/',
};

// A page is told when one has stayed on it for this long, in ms.
const settleAfter = 400;

interface Props extends ReaderPageProps {
  document: DocumentDetail;
  edition: Edition;
}

/** One file being read, with its tools, panels and state. */
export function Reader(props: Props) {
  const { document, edition } = props;
  const { t } = useTranslation('reader');
  const narrow = useMediaQuery('(max-width: 899.98px)', false, { getInitialValueInEffect: false });
  const viewer = useViewer(props.page ?? 1);
  const { handle, page, pageCount, events } = viewer;
  const open = pageCount > 0;

  const { target, tell } = useTarget(props.page, props.hit, props.onPlaceChange, settleAfter);
  const { last: back, leave, drop } = usePlaces();
  const marks = useHit(document.id, edition, target, open ? handle : null, leave);
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

  const panels = usePanels(narrow);
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
    toggleInfo: () => panels.showInfo(!panels.info),
    jump,
    goBack: backTo ? goBack : undefined,
    close: find.query !== '' ? closeFind : panels.info && !narrow ? () => panels.showInfo(false) : undefined,
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
    }),
    [t],
  );

  const leftPanel = (
    <LeftPanel
      pdf={open ? handle : null}
      tab={tab}
      page={page}
      pageCount={pageCount}
      theme={theme}
      outline={outline}
      outlineMayCome={edition.state !== 'ready' && edition.state !== 'failed'}
      findState={viewer.find}
      query={find.query}
      findOptions={find.options}
      findFocus={find.focus}
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
  const infoPanel = (
    <InfoPanel
      document={document}
      pageCount={pageCount}
      onClose={narrow ? undefined : () => panels.showInfo(false)}
    />
  );

  return (
    <div className={classes.reader}>
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
          downloadUrl={downloadUrl(edition.id)}
          leftOpen={panels.left}
          infoOpen={panels.info}
          narrow={narrow}
          onPage={goToPage}
          onTheme={setThemeChoice}
          onLeft={() => panels.showLeft(!panels.left)}
          onInfo={() => panels.showInfo(!panels.info)}
          onFind={openFind}
        />
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
            {...events}
            onPassword={(request) => events.onPassword?.(listened(request))}
            onPageChange={(now) => {
              events.onPageChange?.(now);
              tell(now);
            }}
            onJump={leave}
          />
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
          onRetry={
            mayEdit(document) && mayRetryParse(edition)
              ? () => retry(edition.id, { onSuccess: () => toast(t('state.retried')), onError: (error) => toastError(error) })
              : undefined
          }
          onReconnect={() => handle?.reconnect()}
          onBack={goBack}
        />
      </div>
      {panels.info && !narrow ? <div className={classes.right}>{infoPanel}</div> : null}
      {narrow ? (
        <>
          <Sheet title={t('panel.label')} close={t('panel.close')} open={panels.left} onClose={panels.closeSheet}>
            {leftPanel}
          </Sheet>
          <Sheet title={t('info.title')} close={t('info.close')} open={panels.info} onClose={panels.closeSheet}>
            {infoPanel}
          </Sheet>
        </>
      ) : null}
    </div>
  );
}

/** Which panels are open: remembered beside the pages, one at a time as sheets over them. */
function usePanels(narrow: boolean) {
  const [left, setLeft] = usePanel('left', true);
  const [info, setInfo] = usePanel('info', false);
  const [sheet, setSheet] = useState<'left' | 'info' | null>(null);
  return {
    left: narrow ? sheet === 'left' : left,
    info: narrow ? sheet === 'info' : info,
    showLeft: (open: boolean) => (narrow ? setSheet(open ? 'left' : null) : setLeft(open)),
    showInfo: (open: boolean) => (narrow ? setSheet(open ? 'info' : null) : setInfo(open)),
    closeSheet: () => setSheet(null),
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
