import { ActionIcon, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, ChevronDown, ChevronUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Hit } from '../../lib/api';
import { Marked } from '../../ui/Marked';
import { useDelayed } from '../../ui/useDelayed';
import { pageTextQuery } from './api';
import { paragraphsOf } from './paragraphs';
import classes from './Preview.module.css';

interface Props {
  hit: Hit;
  number: number;
  count: number;
  onGo: (step: number) => void;
  onOpen: () => void;
}

/** The text of the hit's page, scrolled to the hit. */
export function Preview({ hit, number, count, onGo, onOpen }: Props) {
  const { t } = useTranslation('search');
  const page = useQuery({ ...pageTextQuery(hit.edition_id ?? '', hit.page), enabled: hit.edition_id !== null });
  const scroller = useRef<HTMLDivElement>(null);
  const waiting = useDelayed(page.isPending);
  const { start, end } = hit;
  useEffect(() => {
    if (page.data) scroller.current?.querySelector('[data-ringed]')?.scrollIntoView({ block: 'center' });
  }, [page.data, start]);
  return (
    <aside className={classes.preview} aria-label={t('preview.label')}>
      <header className={classes.head}>
        <span className={classes.page}>{hit.edition_id ? t('preview.page', { page: hit.page }) : t('preview.work')}</span>
        <span className={`${classes.place} tabular`}>{t('preview.hit', { n: number, count })}</span>
        <span className={classes.spring} />
        <ActionIcon aria-label={t('keys.previous')} disabled={number <= 1} onClick={() => onGo(-1)}>
          <ChevronUp size={16} strokeWidth={1.75} />
        </ActionIcon>
        <ActionIcon aria-label={t('keys.next')} disabled={number >= count} onClick={() => onGo(1)}>
          <ChevronDown size={16} strokeWidth={1.75} />
        </ActionIcon>
        <Button rightSection={<ArrowRight size={16} strokeWidth={1.75} aria-hidden />} onClick={onOpen}>
          {t(hit.end > hit.start || hit.mark_id ? 'preview.open' : 'preview.openWork')}
        </Button>
      </header>
      <div ref={scroller} className={classes.desk} tabIndex={0} role="region" aria-label={t('preview.text')}>
        {hit.edition_id === null ? (
          <article className={classes.sheet}>
            <p>
              <Marked text={hit.snippet} ranges={hit.highlights} />
            </p>
          </article>
        ) : page.data ? (
          <article className={classes.sheet}>
            {paragraphsOf(page.data.text, hit.ranges.length > 0 ? hit.ranges : [[start, end]], [start, end]).map((pieces, i) => (
              <p key={i}>
                {pieces.map((piece, j) =>
                  piece.kind === 'text' ? (
                    piece.text
                  ) : (
                    <mark key={j} className={classes.mark} data-ringed={piece.kind === 'hit' || undefined}>
                      {piece.text}
                    </mark>
                  ),
                )}
              </p>
            ))}
          </article>
        ) : page.error ? (
          <p className={classes.note}>{t('preview.none')}</p>
        ) : waiting ? (
          <p className={classes.note}>{t('preview.loading')}</p>
        ) : null}
      </div>
    </aside>
  );
}
