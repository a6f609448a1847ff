/** What other people have selected: their colour over the text, and their name. */
import { quadBounds } from '../anchoring/quads';
import { setBox } from './marks';
import { drawing, svgNamespace, type Overlay, type Sheet } from './overlay';
import { quadsPath } from './shapes';
import type { Pointer } from './types';

export class PointerLayer {
  private byPage = new Map<number, readonly Pointer[]>();

  constructor(private readonly overlay: Overlay) {
    overlay.add((sheet) => this.draw(sheet));
  }

  set(pointers: readonly Pointer[]): void {
    const before = this.byPage;
    this.byPage = Map.groupBy(pointers, ({ page }) => page);
    for (const page of new Set([...before.keys(), ...this.byPage.keys()])) {
      const sheet = this.overlay.sheet(page);
      if (sheet) this.draw(sheet);
    }
  }

  private draw(sheet: Sheet) {
    const pointers = (this.byPage.get(sheet.page) ?? []).filter(({ quads }) => quads.length > 0);
    if (pointers.length === 0) {
      sheet.drop('pointers');
      return;
    }
    const svg = drawing(sheet);
    const names = pointers.map((pointer) => {
      const path = document.createElementNS(svgNamespace, 'path');
      path.setAttribute('d', quadsPath(sheet.viewport, pointer.quads));
      path.style.fill = pointer.color;
      svg.append(path);
      const name = document.createElement('div');
      name.className = 'pdfPointerName';
      setBox(name, sheet, quadBounds(pointer.quads[0]!));
      const label = document.createElement('span');
      label.textContent = pointer.name;
      label.style.background = pointer.color;
      name.append(label);
      return name;
    });
    sheet.layer('pointers').replaceChildren(svg, ...names);
  }
}
