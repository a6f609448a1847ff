import { Ban, FileUp } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isTyping } from '../../lib/keys';
import { toast } from '../../ui/toast';
import { useUploadContext } from './context';
import classes from './DropTarget.module.css';
import { carriesFiles, fromTransfer } from './gather';

interface DropTargetProps {
  /** Whether the person's role in the open library may add papers; if not, a drop is answered with why. */
  canWrite?: boolean;
  /** Takes a file that is no paper, and says whether it did. */
  onOther?: (file: File) => boolean;
  children: ReactNode;
}

/** Makes the whole window take files and folders, by dropping and by pasting. Mount it once. */
export function DropTarget({ canWrite = true, onOther, children }: DropTargetProps) {
  const { t } = useTranslation('ingest');
  const { add } = useUploadContext();
  const [over, setOver] = useState(false);
  const [looking, setLooking] = useState(false);
  const take = useRef<(data: DataTransfer) => Promise<void>>(undefined);

  useEffect(() => {
    take.current = async (data) => {
      if (!canWrite) {
        toast(`${t('drop.forbidden')}. ${t('drop.forbiddenHint')}`);
        return;
      }
      const lost: string[] = [];
      // Read here and not later: the list is emptied when the event is over.
      const found = fromTransfer(data, (name) => lost.push(name));
      const timer = setTimeout(() => setLooking(true), 300);
      const picked = await found.finally(() => {
        clearTimeout(timer);
        setLooking(false);
      });
      if (lost.length > 0) toast(t('drop.unreadable', { count: lost.length, name: lost[0] }));
      else if (picked.length === 0) toast(t('drop.nothing'));
      const papers = picked.filter(({ file }) => !onOther?.(file));
      if (papers.length > 0 || picked.length === 0) await add(papers);
    };
  });

  useEffect(() => {
    // A drag enters and leaves every element on its way; only the balance tells whether it is in the window.
    let inside = 0;
    const set = (depth: number) => {
      inside = Math.max(0, depth);
      setOver(inside > 0);
    };
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      set(inside + 1);
    };
    const leave = (event: DragEvent) => {
      if (carriesFiles(event.dataTransfer)) set(inside - 1);
    };
    const hover = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return;
      // Without this the browser would open the file in place of the app.
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const drop = (event: DragEvent) => {
      set(0);
      if (!event.dataTransfer || !carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      void take.current?.(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent) => {
      if (!event.clipboardData || !carriesFiles(event.clipboardData) || isTyping(event.target)) return;
      event.preventDefault();
      void take.current?.(event.clipboardData);
    };
    const lost = () => set(0);
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', hover);
    window.addEventListener('drop', drop);
    window.addEventListener('paste', paste);
    window.addEventListener('blur', lost);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', hover);
      window.removeEventListener('drop', drop);
      window.removeEventListener('paste', paste);
      window.removeEventListener('blur', lost);
    };
  }, []);

  const Icon = canWrite ? FileUp : Ban;
  return (
    <>
      {children}
      {over && (
        <div className={classes.overlay} data-allowed={canWrite} aria-hidden>
          <div className={classes.frame}>
            <div className={classes.zone}>
              <Icon size={28} strokeWidth={1.75} />
              <span className={classes.title}>{t(canWrite ? 'drop.here' : 'drop.forbidden')}</span>
              <span className={classes.hint}>{t(canWrite ? 'drop.hint' : 'drop.forbiddenHint')}</span>
            </div>
          </div>
        </div>
      )}
      {looking && (
        <div className={classes.looking} role="status">
          {t('drop.looking')}
        </div>
      )}
    </>
  );
}
