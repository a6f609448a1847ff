import { useTranslation } from 'react-i18next';
import type { Member, Role } from '../../lib/api';
import { formatNumber } from '../../lib/format';
import classes from './RoleGuide.module.css';

const roles: Role[] = ['owner', 'admin', 'editor', 'commenter', 'reader'];

/** The roles in words, the one in question lit. */
export function RoleGuide({ members, lit }: { members: Member[]; lit: Role }) {
  const { t } = useTranslation('library');
  return (
    <ul className={classes.guide} aria-label={t('roles.label')}>
      {roles.map((role) => (
        <li key={role} className={classes.role} data-lit={role === lit || undefined}>
          <div className={classes.head}>
            <span className={classes.name}>{t(`role.${role}`)}</span>
            <span className={`${classes.count} tabular`}>
              {formatNumber(members.filter((member) => member.role === role).length)}
            </span>
          </div>
          <p className={classes.text}>{t(`roles.${role}`)}</p>
        </li>
      ))}
    </ul>
  );
}
