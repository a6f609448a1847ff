import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Annotation } from '../../lib/api';
import { useKeys } from '../../lib/keys';
import { useDiscussion } from './Discussion';
import { HistoryDialog } from './HistoryDialog';
import { Notes } from './Notes';

/** The notes of a work that has no file to read. */
export function NotesPart() {
  const { t } = useTranslation('annotation');
  const { writeNote } = useDiscussion();
  const [historyOf, setHistoryOf] = useState<Annotation>();
  useKeys([{ keys: 'n', label: t('keys.note'), group: t('keys.group'), run: writeNote }]);
  return (
    <>
      <Notes onHistory={setHistoryOf} />
      {historyOf ? <HistoryDialog mark={historyOf} onClose={() => setHistoryOf(undefined)} /> : null}
    </>
  );
}
