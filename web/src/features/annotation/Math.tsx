import { useEffect, useRef, useState } from 'react';

// As much as a formula may grow by its own macros.
const limits = { maxExpand: 200, maxSize: 20 };

/** A formula, as MathML that the browser draws itself. The library is loaded with the first one. */
export default function MathText({ tex, display }: { tex: string; display: boolean }) {
  const place = useRef<HTMLSpanElement>(null);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    let wanted = true;
    void import('katex').then(({ default: katex }) => {
      if (!wanted || !place.current) return;
      try {
        katex.render(tex, place.current, { ...limits, displayMode: display, output: 'mathml', trust: false, strict: false });
        setDrawn(true);
      } catch {
        // Not a formula after all: it stays as it was written.
        place.current.replaceChildren();
        setDrawn(false);
      }
    });
    return () => {
      wanted = false;
    };
  }, [tex, display]);
  return (
    <>
      {drawn ? null : <code>{display ? `$$${tex}$$` : `$${tex}$`}</code>}
      <span ref={place} />
    </>
  );
}
