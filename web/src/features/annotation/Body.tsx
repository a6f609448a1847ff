import { memo, type ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import classes from './Body.module.css';
import MathText from './Math';

const plugins = [remarkGfm, remarkMath];
const mentionPattern = /@\[([^\]\n]{1,200})\]\(person:([0-9a-fA-F-]{36})\)/g;

const textIn = (node: ReactNode): string =>
  typeof node === 'string' ? node : Array.isArray(node) ? node.map(textIn).join('') : '';

/** Only where a browser goes for reading or writing; everything else is text. */
const safeUrl = (url: string): string => (/^(https?:|mailto:|person:)/i.test(url) ? url : '');

const heading = ({ children }: { children?: ReactNode }) => (
  <p>
    <strong>{children}</strong>
  </p>
);

const components: Components = {
  a: ({ href, children }) => {
    if (!href) return <>{children}</>;
    if (href.startsWith('person:')) return <span className={classes.mention}>{children}</span>;
    return (
      <a className={classes.link} href={href} target="_blank" rel="noopener nofollow noreferrer">
        {children}
      </a>
    );
  },
  // A picture would tell its server who reads here.
  img: ({ alt }) => <>{alt}</>,
  // A comment has no place in the outline of the page.
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  input: ({ checked }) => <span aria-hidden>{checked ? '☑ ' : '☐ '}</span>,
  code: ({ className, children }) => {
    if (className?.includes('math-inline')) return <MathText tex={textIn(children)} display={false} />;
    if (className?.includes('math-display')) return <MathText tex={textIn(children).trim()} display />;
    return <code>{children}</code>;
  },
};

/** A comment: Markdown with formulas and mentions, without HTML of its own. */
export const Body = memo(function Body({ text }: { text: string }) {
  return (
    <div className={classes.body}>
      <Markdown
        remarkPlugins={plugins}
        components={components}
        urlTransform={safeUrl}
      >
        {text.replace(mentionPattern, '[@$1](person:$2)')}
      </Markdown>
    </div>
  );
});
