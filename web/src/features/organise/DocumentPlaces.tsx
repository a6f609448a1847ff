/** A document's tags and collections on its own page, to look at and to change. */
import { Button } from '@mantine/core';
import { Folder, Tag } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../lib/api';
import { RowCollections, RowTags } from './Cells';
import classes from './DocumentPlaces.module.css';
import { Picker } from './Picker';
import type { Kind } from './useOrganise';

interface Props {
  document: Document;
  mayEdit: boolean;
}

const parts = [
  { kind: 'tag', Icon: Tag, ids: (document: Document) => document.tag_ids, Cells: RowTags },
  { kind: 'collection', Icon: Folder, ids: (document: Document) => document.collection_ids, Cells: RowCollections },
] as const;

export function DocumentPlaces({ document, mayEdit }: Props) {
  const { t } = useTranslation('organise');
  const [picking, setPicking] = useState<Kind>();
  return (
    <>
      {parts.map(({ kind, Icon, ids, Cells }) => (
        <div key={kind} className={classes.part}>
          {ids(document).length > 0 ? <Cells document={document} max={Infinity} /> : <span className={classes.none}>{t(`place.${kind}None`)}</span>}
          {mayEdit ? (
            <Button variant="subtle" size="compact-sm" leftSection={<Icon size={14} strokeWidth={1.75} aria-hidden />} onClick={() => setPicking(kind)}>
              {t(`place.${kind}`)}
            </Button>
          ) : null}
        </div>
      ))}
      <Picker libraryId={document.library_id} kind={picking ?? 'tag'} documents={picking ? [document] : []} onClose={() => setPicking(undefined)} />
    </>
  );
}
