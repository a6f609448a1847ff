/** Above the results: saves the query, or says which saved search this is and what may be done with it. */
import { Button, Tooltip } from '@mantine/core';
import { Bell, BellRing, BookmarkPlus, Search } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedSearch } from '../../lib/api';
import { useKeys } from '../../lib/keys';
import rows from '../../ui/NavSection.module.css';
import { Actions } from './Actions';
import { SaveDialog } from './Dialogs';
import classes from './Saved.module.css';
import { useSaved } from './useSaved';

interface Props {
  q: string;
  library: { id: string; name: string; mayShare: boolean };
  /** The one that the query comes from. */
  saved: SavedSearch | undefined;
  /** The form for a new one is open. */
  saving: boolean;
  onSaving: (open: boolean) => void;
  onSaved: (saved: SavedSearch | undefined) => void;
}

const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const;

export function SavedBar({ q, library, saved, saving, onSaving, onSaved }: Props) {
  const { t } = useTranslation('savedsearch');
  const actions = useSaved(library.id);
  const made = useRef<SavedSearch>(undefined);
  const differs = saved !== undefined && q !== '' && q !== saved.query;
  const canSave = q !== '' && (saved === undefined || differs);
  useKeys([{ keys: 's', label: t('save'), group: t('keys'), run: () => canSave && onSaving(true) }]);
  if (!saved && !q) return null;
  return (
    <div className={classes.bar} role="group" aria-label={t('bar')}>
      {saved ? (
        <>
          <span className={classes.which} title={saved.query}>
            <Search {...icon} />
            <span className={rows.name}>{saved.name}</span>
          </span>
          <Tooltip label={t(saved.notices ? 'tellNot' : 'tellMe')}>
            <button
              type="button"
              role="switch"
              aria-checked={saved.notices}
              aria-label={t('tellMe')}
              className={classes.switch}
              onClick={() => void actions.notices(saved, !saved.notices)}
            >
              {saved.notices ? <BellRing {...icon} /> : <Bell {...icon} />}
            </button>
          </Tooltip>
          <Actions saved={saved} mayShare={library.mayShare} className={rows.small} onDeleted={() => onSaved(undefined)} />
        </>
      ) : null}
      {differs && saved.may_change ? (
        <Button size="compact-sm" onClick={() => void actions.edit(saved, q)}>
          {t('saveChanges')}
        </Button>
      ) : null}
      {canSave ? (
        <Button variant="default" size="compact-sm" leftSection={<BookmarkPlus size={15} strokeWidth={1.75} aria-hidden />} onClick={() => onSaving(true)}>
          {t(differs ? 'saveAs' : 'save')}
        </Button>
      ) : null}
      {saving && q ? (
        <SaveDialog
          query={q}
          library={library}
          onSubmit={async ({ name, shared, notices }) => {
            made.current = await actions.make(name, q, shared, notices);
          }}
          onClose={() => {
            // To where the new one is shown, which closes the form as well: another
            // way of closing it would lead back.
            if (made.current) onSaved(made.current);
            else onSaving(false);
            made.current = undefined;
          }}
        />
      ) : null}
    </div>
  );
}
