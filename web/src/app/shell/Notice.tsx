import type { ReactNode } from 'react';
import { Mark } from '../../ui/Logo';
import classes from './Notice.module.css';

interface Props {
  title: string;
  text: string;
  /** Without the shell around it. */
  alone?: boolean;
  children?: ReactNode;
}

/** A page that has only something to say. */
export function Notice({ title, text, alone, children }: Props) {
  const Box = alone ? 'main' : 'div';
  return (
    <Box className={classes.notice}>
      <Mark size={28} />
      <h1 className={classes.title}>{title}</h1>
      <p className={classes.text}>{text}</p>
      {children}
    </Box>
  );
}
