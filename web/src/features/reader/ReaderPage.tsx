/**
 * A document to read: the pages with their tools, panels and state. It opens as
 * soon as the file is on the server, parsed or not.
 */
import { useTranslation } from 'react-i18next';
import type { DocumentDetail, Edition } from '../../lib/api';
import { useDelayed } from '../../ui/useDelayed';
import type { Hit } from './hit';
import { InfoPanel } from './InfoPanel';
import { Reader } from './Reader';
import classes from './ReaderPage.module.css';
import type { ReaderSlots } from './slots';

export interface ReaderPageProps {
  /** Undefined while it is being asked for. */
  readonly document: DocumentDetail | undefined;
  /** The file to read; the document's newest unless told. */
  readonly edition?: Edition | undefined;
  /** The page to show, from 1. */
  readonly page: number | undefined;
  /** What was searched for, in the text of that page. */
  readonly hit: Hit | undefined;
  /** The reader has come to another page. Called when they stay there for a moment. */
  readonly onPlaceChange: (page: number) => void;
  /** Where search hits can be walked through. */
  readonly onNextHit?: () => void;
  readonly onPreviousHit?: () => void;
  /** What other parts of the app show here; see slots.ts. */
  readonly slots?: ReaderSlots;
}

export function ReaderPage(props: ReaderPageProps) {
  const { t } = useTranslation('reader');
  const { document } = props;
  const slow = useDelayed(!document);
  if (!document) {
    return (
      <div className={classes.message} role="status" aria-busy>
        {slow ? <span className="sr-only">{t('open.loading')}</span> : null}
        <span className={classes.sheet} data-shown={slow || undefined} />
      </div>
    );
  }
  const edition = props.edition ?? document.edition;
  if (!edition) {
    return (
      <div className={classes.record}>
        <p>{t('open.noFile')}</p>
        <div className={classes.facts}>
          <InfoPanel document={document} edition={null} pageCount={0} onPage={() => undefined} parts={props.slots?.info} />
        </div>
      </div>
    );
  }
  // Another file is another reading: nothing of the former is kept.
  return <Reader key={edition.id} {...props} document={document} edition={edition} />;
}
