import classes from './Ring.module.css';

const radius = 6;
const around = 2 * Math.PI * radius;

/** How far something is, from 0 to 1, as a ring of 16 px. Says nothing to screen readers. */
export function Ring({ value }: { value: number }) {
  const done = Math.max(0.02, Math.min(1, value));
  return (
    <svg className={classes.ring} width="16" height="16" viewBox="0 0 16 16" aria-hidden>
      <circle cx="8" cy="8" r={radius} className={classes.track} />
      <circle cx="8" cy="8" r={radius} className={classes.done} strokeDasharray={`${done * around} ${around}`} transform="rotate(-90 8 8)" />
    </svg>
  );
}
