import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Keys } from '../../ui/Keys';
import classes from './FirstRun.module.css';

interface Props {
  greeting: string;
  /** The biggest file taken, as people read it. Undefined: somebody who may not add. */
  limit: string | undefined;
  /** The buttons that choose files. */
  choose: ReactNode;
  /** What else one may do first. */
  below: ReactNode;
}

/** An empty library: one greeting, one big target. */
export function FirstRun({ greeting, limit, choose, below }: Props) {
  const { t } = useTranslation('document');
  return (
    <section className={classes.page}>
      <h1 className={classes.greeting}>{greeting}</h1>
      <p className={classes.lead}>{limit ? t('firstRun.lead') : t('firstRun.readOnly')}</p>
      {limit ? (
        <div className={classes.zone}>
          <Pages />
          <h2 className={classes.drop}>{t('firstRun.drop')}</h2>
          <p className={classes.limits}>{t('firstRun.limits', { limit })}</p>
          <div className={classes.choose}>{choose}</div>
        </div>
      ) : null}
      <div className={classes.below}>
        <div className={classes.next}>{below}</div>
        <div className={classes.help}>
          <Keys keys="?" /> {t('firstRun.keys')}
        </div>
      </div>
    </section>
  );
}

/** Three sheets, the front one with two marks. */
function Pages() {
  return (
    <svg className={classes.pages} width="156" height="100" viewBox="0 0 156 100" aria-hidden>
      <g className={classes.sheet}>
        <rect x="9" y="14" width="64" height="78" rx="4" transform="rotate(-11 41 53)" />
        <rect x="83" y="14" width="64" height="78" rx="4" transform="rotate(11 115 53)" />
        <rect x="46" y="3" width="64" height="84" rx="4" />
      </g>
      <rect x="56" y="14" width="30" height="4" rx="1.5" fill="var(--fg3)" opacity="0.7" />
      <rect x="55" y="37" width="36" height="5" rx="1.5" fill="var(--key-fill)" />
      <rect x="55" y="51" width="45" height="5" rx="1.5" fill="var(--method-fill)" />
      <g fill="var(--line2)">
        <rect x="56" y="24" width="44" height="2.5" rx="1" />
        <rect x="56" y="31" width="44" height="2.5" rx="1" />
        <rect x="56" y="38.5" width="44" height="2.5" rx="1" />
        <rect x="56" y="45.5" width="30" height="2.5" rx="1" />
        <rect x="56" y="52.5" width="44" height="2.5" rx="1" />
        <rect x="56" y="60" width="44" height="2.5" rx="1" />
        <rect x="56" y="67" width="44" height="2.5" rx="1" />
        <rect x="56" y="74" width="30" height="2.5" rx="1" />
      </g>
    </svg>
  );
}
