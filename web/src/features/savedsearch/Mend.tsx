import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { brokenPart } from './mend';

interface Props {
  q: string;
  /** Where it breaks, in code points; undefined where that is not known. */
  at: number | undefined;
  onQuery: (q: string) => void;
  /** Puts the cursor to the part of the query from start to end. */
  onEdit: (start: number, end: number) => void;
}

/** Ways out of a query that cannot be answered. */
export function Mend({ q, at, onQuery, onEdit }: Props) {
  const { t } = useTranslation('savedsearch');
  const broken = at === undefined ? undefined : brokenPart(q, at);
  return (
    <Group justify="center" gap="xs">
      <Button variant="default" onClick={() => onEdit(broken?.start ?? 0, broken?.end ?? q.length)}>
        {t('editQuery')}
      </Button>
      {broken?.rest ? (
        <Button variant="default" onClick={() => onQuery(broken.rest)}>
          {t('without', { part: broken.part })}
        </Button>
      ) : null}
    </Group>
  );
}
