import type { ReactNode } from 'react';
import { Mark } from '../../ui/Logo';
import classes from './Notice.module.css';

/** A page that has only something to say. */
export function Notice({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className={classes.notice} role="alert">
      <Mark size={28} />
      <h1 className={classes.title}>{title}</h1>
      <p className={classes.text}>{text}</p>
      {children}
    </div>
  );
}
