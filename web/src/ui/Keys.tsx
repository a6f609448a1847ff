import { isMac } from './platform';
import classes from './Keys.module.css';

const shown = (key: string): string => {
  if (key === 'Mod') return isMac ? '⌘' : 'Ctrl';
  if (key === 'Alt') return isMac ? '⌥' : 'Alt';
  if (key === 'ArrowUp') return '↑';
  if (key === 'ArrowDown') return '↓';
  if (key === 'ArrowLeft') return '←';
  if (key === 'ArrowRight') return '→';
  if (key === 'Delete') return 'Del';
  return key.length === 1 ? key.toUpperCase() : key;
};

/** A binding drawn as key caps: "Mod+K", "g l". */
export function Keys({ keys, onBar }: { keys: string; onBar?: boolean }) {
  const caps = keys.split(' ').flatMap((chord) => (chord === '+' ? ['+'] : chord.split('+')));
  return (
    <span className={classes.keys} data-on-bar={onBar || undefined}>
      {caps.map((key, i) => (
        <kbd key={i} className={classes.key}>
          {shown(key)}
        </kbd>
      ))}
    </span>
  );
}
