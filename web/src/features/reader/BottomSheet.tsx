import { useRef, useState, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './BottomSheet.module.css';

export type SheetSize = 'rest' | 'half' | 'full';

/** In CSS pixels: at rest, half, and what a full one leaves of the window. */
const heights = { rest: 96, half: 456, above: 52 };

interface Props {
  label: string;
  size: SheetSize;
  onSize: (size: SheetSize) => void;
  children: (handle: ReactNode) => ReactNode;
}

const larger: Record<SheetSize, SheetSize> = { rest: 'half', half: 'full', full: 'rest' };

/**
 * A panel that lies over the lower part of the pages without closing them off:
 * drawn up and down, or stepped through by its handle.
 */
export function BottomSheet({ label, size, onSize, children }: Props) {
  const { t } = useTranslation('reader');
  const sheet = useRef<HTMLElement>(null);
  const [dragged, setDragged] = useState<number>();
  const moved = useRef(false);

  const begin = (event: PointerEvent<HTMLButtonElement>) => {
    const target = event.currentTarget;
    const from = event.clientY;
    const height = sheet.current?.offsetHeight ?? 0;
    let now = height;
    moved.current = false;
    target.setPointerCapture(event.pointerId);
    const move = (to: globalThis.PointerEvent) => {
      if (Math.abs(to.clientY - from) > 4) moved.current = true;
      now = Math.max(heights.rest, Math.min(window.innerHeight - heights.above, height + from - to.clientY));
      if (moved.current) setDragged(now);
    };
    const end = () => {
      target.removeEventListener('pointermove', move);
      setDragged(undefined);
      if (!moved.current) return;
      const full = window.innerHeight - heights.above;
      const near = (wanted: number) => Math.abs(now - wanted);
      const sizes: [SheetSize, number][] = [['rest', heights.rest], ['half', Math.min(heights.half, full)], ['full', full]];
      onSize(sizes.reduce((a, b) => (near(b[1]) < near(a[1]) ? b : a))[0]);
    };
    target.addEventListener('pointermove', move);
    target.addEventListener('lostpointercapture', end, { once: true });
  };

  return (
    <section
      ref={sheet}
      className={classes.sheet}
      data-size={size}
      data-dragged={dragged === undefined ? undefined : true}
      style={dragged === undefined ? undefined : { height: dragged }}
      aria-label={label}
    >
      {children(
        <button
          type="button"
          className={classes.handle}
          aria-label={t(`sheet.${larger[size]}`)}
          onPointerDown={begin}
          onClick={() => {
            if (!moved.current) onSize(larger[size]);
          }}
          onKeyDown={(event) => {
            moved.current = false;
            if (event.key === 'ArrowUp') onSize(size === 'rest' ? 'half' : 'full');
            else if (event.key === 'ArrowDown') onSize(size === 'full' ? 'half' : 'rest');
            else return;
            event.preventDefault();
          }}
        />,
      )}
    </section>
  );
}
