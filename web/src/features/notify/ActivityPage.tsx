import { useTranslation } from 'react-i18next';
import type { Library } from '../../lib/api';
import { ActivityList } from './ActivityList';
import classes from './InboxPage.module.css';

/** What people did in a library. */
export function ActivityPage({ library }: { library: Library }) {
  const { t } = useTranslation('notify');
  return (
    <section className={classes.page}>
      <h1 className={classes.title}>{t('activity.title')}</h1>
      <ActivityList key={library.id} scope="library" id={library.id} />
    </section>
  );
}
