import { sentence } from '../../lib/problem';
import classes from './AuthPage.module.css';

/** What went wrong with a form as a whole, spoken when it appears. */
export function FormProblem({ error }: { error: unknown }) {
  return (
    <div role="alert" aria-live="assertive">
      {error ? <p className={classes.problem}>{sentence(error)}</p> : null}
    </div>
  );
}
