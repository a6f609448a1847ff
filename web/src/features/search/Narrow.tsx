import { ActionIcon, Popover } from '@mantine/core';
import { CircleQuestionMark, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SearchAnswer } from '../../lib/api';
import { withFilter, withoutFilter, ways } from './narrowing';
import classes from './Narrow.module.css';

interface Props {
  q: string;
  answer: SearchAnswer;
  onQuery: (q: string) => void;
}

/** How many years and people are offered. */
const offered = 6;

/** The query's filters, to take away, and what it can be narrowed by, with counts. */
export function Narrow({ q, answer, onQuery }: Props) {
  const { t } = useTranslation('search');
  const { facets, filters, partial } = answer;
  const count = (n: number) => `${n}${partial ? '+' : ''}`;
  const has = (field: string) => filters.some((filter) => filter.field === field && !filter.not);
  // OR binds less than a filter does: added at the end it would narrow one side alone.
  const simple = !/(^|\s)OR(\s|$)/u.test(q);
  const years = simple && !has('year') && facets.years.length > 1 ? facets.years.slice(-offered).reverse() : [];
  const people = simple && !has('by') ? facets.people.slice(0, offered) : [];
  return (
    <div className={classes.bar} role="group" aria-label={t('narrow.label')}>
      {filters.map((filter) => {
        const text = `${filter.not ? '−' : ''}${filter.field}: ${filter.value}`;
        return (
          <button
            key={filter.start}
            type="button"
            className={classes.chip}
            aria-label={t('narrow.drop', { filter: text })}
            onClick={() => onQuery(withoutFilter(q, filter))}
          >
            {text}
            <X size={12} strokeWidth={1.75} aria-hidden />
          </button>
        );
      })}
      {years.map(({ year, documents }) => (
        <button key={year} type="button" className={classes.facet} onClick={() => onQuery(withFilter(q, 'year', String(year)))}>
          {year} <span className="tabular">{count(documents)}</span>
        </button>
      ))}
      {people.map(({ name, marks }) => (
        <button key={name} type="button" className={classes.facet} onClick={() => onQuery(withFilter(q, 'by', name))}>
          {name} <span className="tabular">{count(marks)}</span>
        </button>
      ))}
      <span className={classes.kinds}>
        {t('narrow.kinds', { pages: count(facets.pages), titles: count(facets.titles), marks: facets.marks })}
      </span>
      <Popover position="bottom-end" withinPortal shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <ActionIcon size={24} aria-label={t('narrow.help')}>
            <CircleQuestionMark size={16} strokeWidth={1.75} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('narrow.help')}>
          <dl className={classes.ways}>
            {ways.map((way) => (
              <div key={way}>
                <dt>{t(`syntax.${way}.example`)}</dt>
                <dd>{t(`syntax.${way}.text`)}</dd>
              </div>
            ))}
          </dl>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}
