import { initials, personColour } from '../lib/people';
import classes from './PersonAvatar.module.css';

interface Props {
  id: string;
  name: string;
  /** Diameter in pixels. */
  size: number;
  /** When the name stands beside it. */
  decorative?: boolean;
}

/** A person as a circle with initials, in the person's own colour. */
export function PersonAvatar({ id, name, size, decorative }: Props) {
  const shown = decorative ? { 'aria-hidden': true } : { role: 'img', 'aria-label': name };
  return (
    <span
      className={classes.avatar}
      style={{ background: personColour(id), width: size, height: size, fontSize: size * 0.41 }}
      title={decorative ? undefined : name}
      {...shown}
    >
      {initials(name)}
    </span>
  );
}
