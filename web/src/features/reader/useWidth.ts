/** The width of the right panel: dragged, or moved by arrow keys; kept on this device. */
import { useCallback, useState, type KeyboardEvent, type PointerEvent } from 'react';

const key = 'scrollkeeper.reader.right-width';
/** In CSS pixels. */
export const widths = { least: 280, usual: 360, most: 640 };

const within = (width: number) => Math.round(Math.min(widths.most, Math.max(widths.least, width)));

function stored(): number {
  try {
    return within(Number(localStorage.getItem(key)) || widths.usual);
  } catch {
    return widths.usual;
  }
}

/** The width, and what the separator at the panel's left edge needs. */
export function useWidth() {
  const [width, setWidth] = useState(stored);
  const choose = useCallback((wanted: number) => {
    const next = within(wanted);
    setWidth(next);
    try {
      localStorage.setItem(key, String(next));
    } catch {
      // It then lasts as long as the page.
    }
  }, []);
  const separator = {
    role: 'separator' as const,
    tabIndex: 0,
    'aria-orientation': 'vertical' as const,
    'aria-valuenow': width,
    'aria-valuemin': widths.least,
    'aria-valuemax': widths.most,
    onDoubleClick: () => choose(widths.usual),
    onKeyDown: (event: KeyboardEvent) => {
      const step = event.key === 'ArrowLeft' ? 16 : event.key === 'ArrowRight' ? -16 : 0;
      if (step === 0) return;
      event.preventDefault();
      choose(width + step);
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.preventDefault();
      const target = event.currentTarget;
      const from = event.clientX;
      const move = (moved: globalThis.PointerEvent) => choose(width + from - moved.clientX);
      target.setPointerCapture(event.pointerId);
      target.addEventListener('pointermove', move);
      target.addEventListener('lostpointercapture', () => target.removeEventListener('pointermove', move), { once: true });
    },
  };
  return { width, separator };
}
