/** What a document's row shows of its tags and collections. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../lib/api';
import { collectionsQuery, tagsQuery } from './api';
import classes from './Cells.module.css';
import { flatten, treeOf } from './tree';

interface Props {
  document: Document;
  /** How many are named; the others are counted. */
  max: number;
}

export function RowTags({ document, max }: Props) {
  const { t } = useTranslation('organise');
  const { data } = useQuery({ ...tagsQuery(document.library_id), enabled: document.tag_ids.length > 0 });
  const tags = data?.filter((tag) => document.tag_ids.includes(tag.id)) ?? [];
  if (tags.length === 0) return null;
  const rest = tags.slice(max);
  return (
    <span className={classes.tags}>
      {tags.slice(0, max).map((tag) => (
        <Link
          key={tag.id}
          className={classes.tag}
          to="/l/$libraryId"
          params={{ libraryId: document.library_id }}
          search={{ tag: tag.id }}
          title={t('tag.show', { name: tag.name })}
        >
          <span className={classes.sign} data-color={tag.color}>
            #
          </span>
          {tag.name}
        </Link>
      ))}
      {rest.length > 0 ? (
        <span className={classes.rest} title={rest.map(({ name }) => `#${name}`).join(' ')}>
          +{rest.length}
          <span className="sr-only"> {rest.map(({ name }) => `#${name}`).join(' ')}</span>
        </span>
      ) : null}
    </span>
  );
}

export function RowCollections({ document, max }: Props) {
  const { data: branches } = useQuery({
    ...collectionsQuery(document.library_id),
    enabled: document.collection_ids.length > 0,
    select: (list) => flatten(treeOf(list)),
  });
  const own = branches?.filter(({ id }) => document.collection_ids.includes(id)) ?? [];
  if (own.length === 0) return null;
  const rest = own.slice(max);
  return (
    <span className={classes.chips}>
      {own.slice(0, max).map((branch) => (
        <Link
          key={branch.id}
          className={classes.chip}
          to="/l/$libraryId"
          params={{ libraryId: document.library_id }}
          search={{ collection: branch.id }}
          title={branch.path}
        >
          {branch.name}
        </Link>
      ))}
      {rest.length > 0 ? (
        <span className={classes.chip} data-rest title={rest.map(({ path }) => path).join(', ')}>
          +{rest.length}
          <span className="sr-only"> {rest.map(({ name }) => name).join(', ')}</span>
        </span>
      ) : null}
    </span>
  );
}
