import type { Totals } from './totals';
import classes from './ProgressRing.module.css';

const RADIUS = 6;
const ROUND = 2 * Math.PI * RADIUS;

/** The share of what was sent, 16 px, for the button and the collapsed tray. Says nothing itself. */
export function ProgressRing({ totals }: { totals: Totals }) {
  return (
    <svg className={classes.ring} width={16} height={16} viewBox="0 0 16 16" aria-hidden>
      <circle className={classes.track} cx={8} cy={8} r={RADIUS} />
      <circle
        className={classes.done}
        cx={8}
        cy={8}
        r={RADIUS}
        strokeDasharray={ROUND}
        strokeDashoffset={ROUND * (1 - totals.share)}
        transform="rotate(-90 8 8)"
      />
    </svg>
  );
}
