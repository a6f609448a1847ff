import { PersonAvatar } from '../../ui/PersonAvatar';
import classes from './ThumbReaders.module.css';
import { usePresence } from './PresenceProvider';

/** As many as stand beside a page's number. */
const shown = 2;

/** Who is on a page, under its small picture. The bar's names say the same. */
export function ThumbReaders({ page }: { page: number }) {
  const { readers } = usePresence();
  const here = readers.filter((reader) => reader.page === page && !reader.elsewhere);
  if (here.length === 0) return null;
  return (
    <span className={classes.readers} title={here.map(({ name }) => name).join(', ')} aria-hidden>
      {here.slice(0, shown).map(({ id, name }) => (
        <PersonAvatar key={id} id={id} name={name} size={16} decorative />
      ))}
      {here.length > shown ? <span className={`${classes.more} tabular`}>+{here.length - shown}</span> : null}
    </span>
  );
}
