import { useTranslation } from 'react-i18next';
import { useKeys, type Binding } from '../../lib/keys';
import type { PdfHandle } from '../../pdfview/types';

interface Actions {
  readonly handle: PdfHandle | null;
  readonly openFind: () => void;
  readonly toggleLeft: () => void;
  readonly toggleRight: () => void;
  readonly jump: (go: (handle: PdfHandle) => void) => void;
  /** Undefined when there is nowhere to go back to. */
  readonly goBack: (() => void) | undefined;
  /** Closes the uppermost layer; undefined when there is none. */
  readonly close: (() => void) | undefined;
  readonly onNextHit: (() => void) | undefined;
  readonly onPreviousHit: (() => void) | undefined;
}

/** The keys of the reading page. */
export function useReadingKeys(actions: Actions): void {
  const { t } = useTranslation('reader');
  const { handle, jump, goBack, close, onNextHit, onPreviousHit } = actions;
  const group = t('keys.group');
  const bindings: Binding[] = [
    { keys: 'Mod+F', label: t('keys.find'), group, run: actions.openFind },
    { keys: '+', label: t('keys.zoomIn'), group, run: () => handle?.zoomIn() },
    // The same key without Shift.
    { keys: '=', run: () => handle?.zoomIn() },
    { keys: '-', label: t('keys.zoomOut'), group, run: () => handle?.zoomOut() },
    { keys: '0', label: t('keys.zoomFit'), group, run: () => handle?.fit('width') },
    { keys: '[', label: t('keys.left'), group, run: actions.toggleLeft },
    { keys: ']', label: t('keys.right'), group, run: actions.toggleRight },
    { keys: 'PageDown', run: () => handle?.scroll('window-down') },
    { keys: 'PageUp', run: () => handle?.scroll('window-up') },
    { keys: 'Home', run: () => jump((viewer) => viewer.scroll('start')) },
    { keys: 'End', run: () => jump((viewer) => viewer.scroll('end')) },
  ];
  if (onNextHit) bindings.push({ keys: 'n', label: t('keys.nextHit'), group, run: onNextHit });
  if (onPreviousHit) bindings.push({ keys: 'p', label: t('keys.previousHit'), group, run: onPreviousHit });
  // Only while there is a way back: at other times Alt+Left is the browser's own.
  if (goBack) bindings.push({ keys: 'Alt+ArrowLeft', label: t('keys.back'), group, run: goBack });
  if (close) bindings.push({ keys: 'Esc', run: close });
  useKeys(bindings);
}
