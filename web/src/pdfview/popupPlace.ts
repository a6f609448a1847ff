/** Where a popup stands beside a selection: above it or below, never on it. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Between the popup and the selection, and the area's edge, in CSS pixels. */
const distance = 4;
const margin = 8;

/** The popup's top left corner, above the selection unless told. All in the window's CSS pixels. */
export function beside(selected: Box, popup: Size, area: Box, first: 'above' | 'below' = 'above'): { x: number; y: number } {
  const middle = (selected.left + selected.right) / 2 - popup.width / 2;
  const x = Math.max(area.left + margin, Math.min(area.right - margin - popup.width, middle));
  const above = selected.top - distance - popup.height;
  const below = selected.bottom + distance;
  const fitsAbove = above >= area.top + margin;
  const fitsBelow = below + popup.height <= area.bottom - margin;
  if (fitsAbove && (first === 'above' || !fitsBelow)) return { x, y: above };
  if (fitsBelow) return { x, y: below };
  // The selection fills the window: at its foot, where reading goes on from.
  return { x, y: area.bottom - margin - popup.height };
}
