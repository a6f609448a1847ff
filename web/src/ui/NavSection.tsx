/** A part of the navigation with a list under its heading. What its rows look like is in the style sheet beside it. */
import type { KeyboardEvent, ReactNode } from 'react';
import rows from './NavSection.module.css';

interface Props {
  title: string;
  /** At the right of the heading. */
  tool?: ReactNode;
  children: ReactNode;
}

/** Up and down go through the links of a list, whatever is between them. */
function onArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLAnchorElement)) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('a')];
  const next = links[links.indexOf(event.target) + step];
  event.preventDefault();
  next?.focus();
}

export function NavSection({ title, tool, children }: Props) {
  return (
    <section className={rows.section} aria-label={title} onKeyDown={onArrows}>
      <div className={rows.head}>
        <h2 className={rows.title}>{title}</h2>
        {tool}
      </div>
      {children}
    </section>
  );
}
