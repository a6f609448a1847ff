/** By which tags and which collection the list is filtered, each with a way out. */
import { useQuery } from '@tanstack/react-query';
import { Folder, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { collectionsQuery, tagsQuery } from './api';
import cells from './Cells.module.css';
import classes from './Filters.module.css';
import { flatten, treeOf } from './tree';

export interface Filtered {
  /** Ids with commas between them. */
  tag?: string;
  collection?: string;
}

interface Props extends Filtered {
  libraryId: string;
  onChange: (filtered: Filtered) => void;
}

export function Filters({ libraryId, tag, collection, onChange }: Props) {
  const { t } = useTranslation('organise');
  const ids = tag?.split(',') ?? [];
  const tags = useQuery({ ...tagsQuery(libraryId), enabled: ids.length > 0 }).data ?? [];
  const branches = useQuery({
    ...collectionsQuery(libraryId),
    enabled: collection !== undefined,
    select: (list) => flatten(treeOf(list)),
  }).data;
  if (ids.length === 0 && collection === undefined) return null;
  const branch = branches?.find(({ id }) => id === collection);
  const chosen = tags.filter(({ id }) => ids.includes(id));
  return (
    <div className={classes.filters} role="group" aria-label={t('filters.label')}>
      {branch ? (
        <span className={classes.filter}>
          <Folder size={13} strokeWidth={1.75} aria-hidden />
          <span className={classes.name} title={branch.path}>
            {branch.path}
          </span>
          <button
            type="button"
            className={classes.drop}
            aria-label={t('collection.drop', { name: branch.name })}
            onClick={() => onChange(tag ? { tag } : {})}
          >
            <X size={13} aria-hidden />
          </button>
        </span>
      ) : null}
      {chosen.map(({ id, name, color }) => {
        const rest = ids.filter((other) => other !== id).join(',');
        return (
          <span key={id} className={classes.filter}>
            <span className={classes.name}>
              <span className={cells.sign} data-color={color}>
                #
              </span>
              {name}
            </span>
            <button
              type="button"
              className={classes.drop}
              aria-label={t('tag.drop', { name })}
              onClick={() => onChange({ ...(collection ? { collection } : {}), ...(rest ? { tag: rest } : {}) })}
            >
              <X size={13} aria-hidden />
            </button>
          </span>
        );
      })}
      <button type="button" className={classes.clear} onClick={() => onChange({})}>
        {t('filters.clear')}
      </button>
    </div>
  );
}
