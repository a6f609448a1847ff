import { useTranslation } from 'react-i18next';
import classes from './SkipLink.module.css';

/** The first thing Tab reaches: past the bars, to the page. */
export function SkipLink({ target }: { target: string }) {
  const { t } = useTranslation('app');
  return (
    <a
      className={classes.skip}
      href={`#${target}`}
      onClick={(event) => {
        event.preventDefault();
        document.getElementById(target)?.focus();
      }}
    >
      {t('skip')}
    </a>
  );
}
