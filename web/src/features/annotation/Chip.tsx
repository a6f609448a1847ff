import type { Meaning } from '../../lib/api';
import classes from './Chip.module.css';
import { meaningIcon } from './meanings';

/** A meaning as icon and name. */
export function Chip({ meaning, name }: { meaning: Meaning; name: string }) {
  const Icon = meaningIcon[meaning];
  return (
    <span className={classes.chip} data-meaning={meaning}>
      <Icon size={13} strokeWidth={2} aria-hidden />
      {name}
    </span>
  );
}
