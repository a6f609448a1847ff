import { createElement, Fragment, type ReactNode } from 'react';

const elements = new Set(['i', 'b', 'u', 'sup', 'sub', 'span', 'a']);

/** A formatted citation: the few elements that one has, and of links those to the web alone. */
export function Formatted({ html }: { html: string }): ReactNode {
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  return nodes(body);
}

function nodes(parent: Node): ReactNode {
  return [...parent.childNodes].map((node, i) => {
    if (!(node instanceof Element)) return <Fragment key={i}>{node.textContent}</Fragment>;
    const name = node.localName;
    if (!elements.has(name)) return <Fragment key={i}>{nodes(node)}</Fragment>;
    const href = node.getAttribute('href');
    if (name === 'a') {
      return href && /^https?:\/\//.test(href) ? (
        <a key={i} href={href} target="_blank" rel="noopener noreferrer">
          {nodes(node)}
        </a>
      ) : (
        <Fragment key={i}>{nodes(node)}</Fragment>
      );
    }
    // Of spans there is one kind.
    return createElement(name, { key: i, ...(name === 'span' ? { style: { fontVariant: 'small-caps' } } : {}) }, nodes(node));
  });
}
