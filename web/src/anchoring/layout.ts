/**
 * A page's words as they stand: lines, blocks and columns, to find the word at a
 * point and to move from word to word and from line to line.
 *
 * Points and boxes go in and come out in PDF points of the page's default user
 * space. Inside, everything is turned so that lines run to the right (u) and
 * upwards is up (v), whatever the page's rotation.
 */
import { codePointOffset, utf16Offset } from './offsets';
import type { PageText } from './pageText';
import { lineQuads, type Quad } from './quads';
import { sentenceAround } from './sentence';
import { wordsInRange, type PageWord, type Rect } from './words';

/** The smallest thing that is selected: a word, or one sign of a script that writes no spaces. */
export type Unit = PageWord;

/** A place in the text that a point leads to. */
export interface Touch {
  readonly unit: number;
  /** How far along the unit, as it reads: 0 at its beginning or before, 1 at its end or beyond. */
  readonly share: number;
  /** The block it is in; hand it to the next `touch` of the same drag. */
  readonly block: number;
}

/** Units from `from` to `to`, the latter left out. */
export interface UnitRange {
  readonly from: number;
  readonly to: number;
}

/**
 * A caret between two units: before unit `index`. Where that is a line's end, it
 * stands at the end of the line above when `above` is set.
 */
export interface Caret {
  readonly index: number;
  readonly above: boolean;
}

interface Item {
  readonly unit: number;
  readonly box: Rect;
}

interface Line {
  readonly items: Item[];
  box: Rect;
  block: number;
}

interface Block {
  box: Rect;
  readonly lines: Line[];
  /** From the left edge to the right edge of the column it is in. */
  left: number;
  right: number;
}

// Boxes on one line share at least this part of the lower one's height.
const sameLine = 0.5;
// In heights of the line: a wider gap begins a piece of its own, as in a table.
const widestGap = 3;
// In heights of the line: a wider space between lines begins another block.
const widestLeading = 1.6;
// So near to its end, a unit is not meant by a drag that begins there.
const edge = 0.12;
// A drag stays in its block until the pointer is much nearer to another.
const faithful = 0.25;

export class TextLayout {
  readonly units: readonly Unit[];
  private readonly lines: Line[] = [];
  private readonly blocks: Block[] = [];
  /** The first line of each unit. */
  private readonly lineOf: number[] = [];
  private readonly turn: (rect: Rect) => Rect;
  private readonly turnBack: (rect: Rect) => Rect;

  constructor(readonly page: PageText) {
    const { rotation } = page;
    this.turn = turner(rotation);
    this.turnBack = turner(360 - (((rotation % 360) + 360) % 360));
    this.units = page.words.filter((word) => word.boxes.length > 0 && word.end > word.start).flatMap((word) => split(page, word));
    this.makeLines();
    this.makeBlocks();
  }

  get empty(): boolean {
    return this.units.length === 0;
  }

  /**
   * The place in the text that is meant by a point, wherever it is on the page:
   * past a line's end it is that line's end, not the next column. `stay` is the
   * block of the drag so far. Undefined on a page without text.
   */
  touch(x: number, y: number, stay?: number): Touch | undefined {
    const [u, v] = this.turn([x, y, x, y]);
    let block: Block | undefined;
    let least = Infinity;
    this.blocks.forEach((one, i) => {
      const away = toBox(u, v, [one.left, one.box[1], one.right, one.box[3]]);
      // Of two that hold the point the smaller is meant.
      const score = away * (i === stay ? faithful : 1) + area(one.box) * 1e-9;
      if (score < least) {
        least = score;
        block = one;
      }
    });
    const line = block && nearestLine(block.lines, u, v);
    if (!block || !line) return undefined;
    return { ...this.along(line, u), block: line.block };
  }

  /** Whether a point is on a word or between two words of a line. */
  isText(x: number, y: number): boolean {
    const [u, v] = this.turn([x, y, x, y]);
    return this.lines.some(({ box }) => toBox(u, v, box) === 0);
  }

  private along(line: Line, u: number): { unit: number; share: number } {
    const rtl = runsLeft(line);
    let best = line.items[0]!;
    let least = Infinity;
    for (const item of line.items) {
      const away = Math.max(item.box[0] - u, u - item.box[2], 0);
      if (away < least) {
        least = away;
        best = item;
      }
    }
    const [u0, , u1] = best.box;
    let share = u1 > u0 ? Math.min(1, Math.max(0, (u - u0) / (u1 - u0))) : 0;
    if (rtl) share = 1 - share;
    // Of a word broken over two lines each box is a part of the whole.
    const boxes = this.units[best.unit]!.boxes.length;
    if (boxes > 1) {
      const before = this.lines.slice(0, this.lines.indexOf(line)).filter((other) => other.items.some(({ unit }) => unit === best.unit));
      share = (before.length + share) / boxes;
    }
    return { unit: best.unit, share };
  }

  /** The units that a drag from one place to another goes over, whole. */
  between(a: Touch, b: Touch): UnitRange {
    const [first, last] = a.unit < b.unit || (a.unit === b.unit && a.share <= b.share) ? [a, b] : [b, a];
    return this.clamp(
      first.share > 1 - edge ? first.unit + 1 : first.unit,
      last.share < edge ? last.unit : last.unit + 1,
    );
  }

  /** From a place to the page's end, and from its beginning to a place. */
  after(touch: Touch): UnitRange {
    return this.clamp(touch.share > 1 - edge ? touch.unit + 1 : touch.unit, this.units.length);
  }

  before(touch: Touch): UnitRange {
    return this.clamp(0, touch.share < edge ? touch.unit : touch.unit + 1);
  }

  get all(): UnitRange {
    return { from: 0, to: this.units.length };
  }

  word({ unit }: Touch): UnitRange {
    return { from: unit, to: unit + 1 };
  }

  /** The sentence around a unit; its line where there is none of a readable length. */
  sentence({ unit }: { unit: number }): UnitRange {
    const { start, end } = this.units[unit]!;
    const found = sentenceAround(this.page.text, start, end);
    return found ? this.covering(found.start, found.end) : this.line({ unit });
  }

  line({ unit }: { unit: number }): UnitRange {
    const items = this.lines[this.lineOf[unit] ?? 0]!.items.map((item) => item.unit);
    return { from: Math.min(...items), to: Math.max(...items) + 1 };
  }

  paragraph({ unit }: { unit: number }): UnitRange {
    const { text } = this.page;
    const { start, end } = this.units[unit]!;
    const from = text.lastIndexOf('\n', utf16Offset(text, start)) + 1;
    const next = text.indexOf('\n', utf16Offset(text, end));
    return this.covering(codePointOffset(text, from), codePointOffset(text, next < 0 ? text.length : next));
  }

  /** The units that share a character with [start, end) of the text. */
  covering(start: number, end: number): UnitRange {
    const found = wordsInRange(this.units, start, end);
    const from = found[0] ? this.units.indexOf(found[0]) : 0;
    return { from, to: from + found.length };
  }

  /** The part of the text that units are; undefined for none. */
  part({ from, to }: UnitRange): { start: number; end: number; quads: Quad[]; text: string } | undefined {
    const units = this.units.slice(from, to);
    const first = units[0];
    const last = units.at(-1);
    if (!first || !last) return undefined;
    const { text, rotation } = this.page;
    return {
      start: first.start,
      end: last.end,
      quads: lineQuads(units, rotation),
      text: text.slice(utf16Offset(text, first.start), utf16Offset(text, last.end)),
    };
  }

  /** The caret nearest to a place. */
  caretAt({ unit, share }: Touch): Caret {
    if (share < 0.5) return { index: unit, above: false };
    return { index: unit + 1, above: this.endsLine(unit + 1) };
  }

  get start(): Caret {
    return { index: 0, above: false };
  }

  get end(): Caret {
    return { index: this.units.length, above: true };
  }

  /** A caret some units on; undefined beyond the page. */
  step({ index }: Caret, by: 1 | -1): Caret | undefined {
    const next = index + by;
    return next < 0 || next > this.units.length ? undefined : { index: next, above: false };
  }

  /** The beginning of the next or previous sentence; undefined beyond the page. */
  stepSentence({ index }: Caret, by: 1 | -1): Caret | undefined {
    if (by > 0) {
      if (index >= this.units.length) return undefined;
      return { index: Math.max(index + 1, this.sentence({ unit: index }).to), above: false };
    }
    if (index <= 0) return undefined;
    return { index: Math.min(index - 1, this.sentence({ unit: index - 1 }).from), above: false };
  }

  /** The same line's beginning or end. */
  lineEnd(caret: Caret, to: 'start' | 'end'): Caret {
    const line = this.lines[this.lineAt(caret)];
    if (!line) return caret;
    const units = line.items.map(({ unit }) => unit);
    return to === 'start'
      ? { index: Math.min(...units), above: false }
      : { index: Math.max(...units) + 1, above: true };
  }

  /** The next or previous line in reading order, as near to `u` as it goes; undefined beyond the page. */
  stepLine(caret: Caret, by: 1 | -1, u: number): Caret | undefined {
    const line = this.lines[this.lineAt(caret) + by];
    return line && this.nearestIn(line, u);
  }

  /** The caret nearest to `u` on the page's first or last line. */
  edgeLine(which: 'first' | 'last', u: number): Caret | undefined {
    const line = which === 'first' ? this.lines[0] : this.lines.at(-1);
    return line && this.nearestIn(line, u);
  }

  private nearestIn(line: Line, u: number): Caret {
    const { unit, share } = this.along(line, u);
    if (share < 0.5) return { index: unit, above: false };
    return { index: unit + 1, above: line.items.at(-1)?.unit === unit };
  }

  /** How far along its line a caret stands: what stepLine keeps. */
  goal(caret: Caret): number {
    return this.turn(this.caretBox(caret) ?? [0, 0, 0, 0])[0];
  }

  /** The upright line where a caret is drawn, as a box without width; undefined on an empty page. */
  caretBox(caret: Caret): Rect | undefined {
    const line = this.lines[this.lineAt(caret)];
    if (!line) return undefined;
    const rtl = runsLeft(line);
    const after = caret.above || caret.index >= this.units.length;
    const wanted = after ? caret.index - 1 : caret.index;
    const item = line.items.find(({ unit }) => unit === wanted) ?? line.items[0]!;
    const u = after !== rtl ? item.box[2] : item.box[0];
    return this.turnBack([u, line.box[1], u, line.box[3]]);
  }

  /** The units of a caret's line, to be said. */
  lineText(caret: Caret): string {
    const line = this.lines[this.lineAt(caret)];
    const unit = line?.items[0]?.unit;
    return unit === undefined ? '' : (this.part(this.line({ unit }))?.text ?? '');
  }

  /** The word that a caret stands before. */
  wordText({ index, above }: Caret): string {
    const at = above ? index - 1 : index;
    return this.part({ from: at, to: at + 1 })?.text ?? '';
  }

  private lineAt({ index, above }: Caret): number {
    if (above || index >= this.units.length) {
      // The last line that the unit before stands on.
      let found = 0;
      this.lines.forEach(({ items }, i) => {
        if (items.some(({ unit }) => unit === index - 1)) found = i;
      });
      return found;
    }
    return this.lineOf[index] ?? 0;
  }

  private endsLine(index: number): boolean {
    return index >= this.units.length || this.lineOf[index] !== this.lineOf[index - 1];
  }

  private clamp(from: number, to: number): UnitRange {
    const start = Math.max(0, Math.min(from, this.units.length));
    return { from: start, to: Math.max(start, Math.min(to, this.units.length)) };
  }

  private makeLines() {
    let line: Line | undefined;
    this.units.forEach(({ boxes }, unit) => {
      boxes.forEach((raw, part) => {
        const box = this.turn(raw);
        if (line && goesOn(line, box)) {
          line.items.push({ unit, box });
          line.box = union(line.box, box);
        } else {
          line = { items: [{ unit, box }], box, block: 0 };
          this.lines.push(line);
        }
        if (part === 0) this.lineOf[unit] = this.lines.length - 1;
      });
    });
  }

  private makeBlocks() {
    let block: Block | undefined;
    for (const line of this.lines) {
      const above = block?.lines.at(-1);
      if (block && above && follows(block, above, line)) {
        block.lines.push(line);
        block.box = union(block.box, line.box);
      } else {
        block = { box: line.box, lines: [line], left: 0, right: 0 };
        this.blocks.push(block);
      }
      line.block = this.blocks.length - 1;
    }
    // A heading, or a last line, is shorter than its column: the column is as wide
    // as the lines above and below that leave what stands beside it alone.
    for (const one of this.blocks) {
      const [u0, v0, u1, v1] = one.box;
      let wallLeft = -Infinity;
      let wallRight = Infinity;
      for (const { box } of this.blocks) {
        if (box[3] <= v0 || box[1] >= v1) continue;
        if (box[0] >= u1) wallRight = Math.min(wallRight, box[0]);
        if (box[2] <= u0) wallLeft = Math.max(wallLeft, box[2]);
      }
      one.left = u0;
      one.right = u1;
      for (const { box } of this.lines) {
        const shared = Math.min(u1, box[2]) - Math.max(u0, box[0]);
        if (shared < 0.5 * Math.min(u1 - u0, box[2] - box[0])) continue;
        if (box[0] <= wallLeft || box[2] >= wallRight) continue;
        one.left = Math.min(one.left, box[0]);
        one.right = Math.max(one.right, box[2]);
      }
    }
  }
}

// Scripts without spaces between words: there one word can be a whole line.
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** A word of a script without spaces as its signs, each with its share of the word's boxes. */
function split(page: PageText, word: PageWord): Unit[] {
  const count = word.end - word.start;
  if (count === 1) return [word];
  const from = utf16Offset(page.text, word.start);
  const signs = Array.from(page.text.slice(from, from + 2 * count)).slice(0, count);
  if (!signs.some((sign) => unspaced.test(sign))) return [word];
  const turn = turner(page.rotation);
  const back = turner(360 - (((page.rotation % 360) + 360) % 360));
  const boxes = word.boxes.map(turn);
  const whole = boxes.reduce((sum, box) => sum + box[2] - box[0], 0);
  return signs.map((_, i) => {
    let at = ((i + 0.5) / count) * whole;
    let box = boxes[0]!;
    for (const one of boxes) {
      box = one;
      if (at <= one[2] - one[0]) break;
      at -= one[2] - one[0];
    }
    const half = whole / count / 2;
    const center = box[0] + Math.min(at, box[2] - box[0]);
    return {
      start: word.start + i,
      end: word.start + i + 1,
      boxes: [back([Math.max(box[0], center - half), box[1], Math.min(box[2], center + half), box[3]])],
    };
  });
}

/** Turns boxes so that text of a page that is turned by `rotation` reads to the right. */
function turner(rotation: number): (rect: Rect) => Rect {
  switch (((rotation % 360) + 360) % 360) {
    case 90:
      return ([x0, y0, x1, y1]) => [y0, -x1, y1, -x0];
    case 180:
      return ([x0, y0, x1, y1]) => [-x1, -y1, -x0, -y0];
    case 270:
      return ([x0, y0, x1, y1]) => [-y1, x0, -y0, x1];
    default:
      return (rect) => rect;
  }
}

function goesOn({ box: line }: Line, box: Rect): boolean {
  const lower = Math.min(line[3] - line[1], box[3] - box[1]);
  const shared = Math.min(line[3], box[3]) - Math.max(line[1], box[1]);
  if (lower <= 0 || shared < sameLine * lower) return false;
  const gap = Math.max(box[0] - line[2], line[0] - box[2]);
  return gap <= widestGap * lower;
}

function follows(block: Block, above: Line, line: Line): boolean {
  const height = Math.max(above.box[3] - above.box[1], line.box[3] - line.box[1]);
  const gap = above.box[1] - line.box[3];
  if (gap > widestLeading * height || gap < -1.2 * height) return false;
  const shared = Math.min(block.box[2], line.box[2]) - Math.max(block.box[0], line.box[0]);
  return shared > 0.3 * Math.min(block.box[2] - block.box[0], line.box[2] - line.box[0]);
}

function nearestLine(lines: readonly Line[], u: number, v: number): Line | undefined {
  const across = ({ box }: Line) => Math.max(box[1] - v, v - box[3], 0);
  const middle = ({ box }: Line) => (box[1] + box[3]) / 2;
  const least = Math.min(...lines.map(across));
  const near = lines.filter((line) => across(line) <= least);
  // Of lines that overlap, the one whose middle is nearest; then its neighbours in
  // the same row, as in a table.
  const closest = near.toSorted((a, b) => Math.abs(middle(a) - v) - Math.abs(middle(b) - v))[0];
  if (!closest) return undefined;
  const height = closest.box[3] - closest.box[1];
  const beside = ({ box }: Line) => Math.max(box[0] - u, u - box[2], 0);
  return lines
    .filter((line) => Math.abs(middle(line) - middle(closest)) <= 0.35 * height)
    .toSorted((a, b) => beside(a) - beside(b))[0];
}

function runsLeft({ items }: Line): boolean {
  const first = items[0]?.box;
  const last = items.at(-1)?.box;
  return first !== undefined && last !== undefined && last[2] < first[0];
}

const area = (box: Rect) => (box[2] - box[0]) * (box[3] - box[1]);

function toBox(u: number, v: number, [u0, v0, u1, v1]: Rect): number {
  return Math.hypot(Math.max(u0 - u, u - u1, 0), Math.max(v0 - v, v - v1, 0));
}

function union(a: Rect, b: Rect): Rect {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** The texts of a selection's parts as one, as it is copied. */
export function joinTexts(texts: readonly string[]): string {
  return texts.reduce((all, text) => {
    if (all === '') return text;
    // A sentence goes on over the page's end.
    return /[.!?:…]["'”’)\]]*$/.test(all) ? `${all}\n${text}` : `${all} ${text}`;
  }, '');
}
