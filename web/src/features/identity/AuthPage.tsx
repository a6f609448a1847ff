import type { ReactNode } from 'react';
import { Wordmark } from '../../ui/Logo';
import classes from './AuthPage.module.css';

/** The page around a card, for people who are not signed in. */
export function AuthPage({ title, text, children, below }: { title: string; text?: ReactNode; children: ReactNode; below?: ReactNode }) {
  return (
    <div className={classes.page}>
      <header className={classes.logo}>
        <Wordmark />
      </header>
      <main className={classes.main}>
        <div className={classes.card}>
          <h1 className={classes.title}>{title}</h1>
          {text ? <p className={classes.text}>{text}</p> : null}
          {children}
        </div>
        {below ? <div className={classes.below}>{below}</div> : null}
      </main>
    </div>
  );
}
