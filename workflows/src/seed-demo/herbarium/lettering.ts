import { aside, at, cubic, headingOf, mix, type Point } from './geometry.ts';
import type { Random } from './random.ts';
import { fillPath, smoothPath } from './svg.ts';

/**
 * Letters as pen strokes, written for this project: a server may have no fonts at all, and a herbarium label wants a
 * hand anyway. Skeletons stand on a baseline at y 0 (up is positive): capitals 70 high, small letters 44, tails to -24.
 * A broad nib gives thick and thin; a roman hand adds serifs to the ends of upright strokes.
 */
interface Glyph {
  readonly advance: number;
  readonly strokes: readonly string[];
}

const ROUND_O = 'M32 71 C14 71 4 54 4 35 C4 14 15 -1 32 -1 C50 -1 60 15 60 35 C60 55 50 71 32 71';
const SMALL_O = 'M22 44 C12 44 5 34 5 20 C5 7 12 -1 21 -1 C32 -1 39 9 39 23 C39 36 32 44 22 44';
const SMALL_A = ['M36 41 C28 46 6 44 6 18 C6 4 14 -1 20 -1 C28 -1 34 10 36 22', 'M37 44 L36 10 C36 0 40 -2 45 4'];
const SMALL_E = ['M6 21 C20 20 36 26 35 36 C34 42 29 44 24 44 C13 44 5 33 5 19 C5 6 12 -1 21 -1 C28 -1 34 3 37 9'];
const SMALL_U = ['M8 44 L8 14 C8 4 12 -1 18 -1 C26 -1 33 10 36 22', 'M37 44 L36 10 C36 0 40 -2 45 4'];
const SMALL_I = 'M9 44 L9 10 C9 0 13 -2 18 4';

const GLYPHS: Readonly<Record<string, Glyph>> = {
  A: { advance: 60, strokes: ['M2 0 L29 71', 'M29 71 L57 0', 'M12 25 L47 25'] },
  B: {
    advance: 54,
    strokes: ['M10 0 L10 70', 'M10 70 L26 70 C46 70 46 38 26 38 L10 38', 'M26 38 C54 38 54 0 26 0 L10 0'],
  },
  C: { advance: 58, strokes: ['M52 57 C46 70 36 71 31 71 C13 71 4 52 4 35 C4 14 16 -1 32 -1 C42 -1 49 4 54 12'] },
  D: { advance: 64, strokes: ['M10 0 L10 70', 'M10 70 L24 70 C48 70 59 54 59 35 C59 14 47 0 24 0 L10 0'] },
  E: { advance: 51, strokes: ['M10 0 L10 70', 'M10 70 L44 70', 'M10 37 L36 37', 'M10 0 L46 0'] },
  F: { advance: 48, strokes: ['M10 0 L10 70', 'M10 70 L44 70', 'M10 36 L36 36'] },
  G: {
    advance: 64,
    strokes: [
      'M53 57 C47 70 36 71 31 71 C13 71 4 52 4 35 C4 14 16 -1 33 -1 C43 -1 50 3 55 8',
      'M55 8 L55 31',
      'M41 31 L59 31',
    ],
  },
  H: { advance: 64, strokes: ['M10 0 L10 70', 'M53 0 L53 70', 'M10 37 L53 37'] },
  I: { advance: 22, strokes: ['M11 0 L11 70'] },
  J: { advance: 33, strokes: ['M23 70 L23 12 C23 -6 11 -11 3 -7'] },
  K: { advance: 56, strokes: ['M10 0 L10 70', 'M47 70 L11 33', 'M21 43 L52 0'] },
  L: { advance: 48, strokes: ['M10 0 L10 70', 'M10 0 L44 0'] },
  M: { advance: 76, strokes: ['M8 0 L12 70', 'M12 70 L37 6', 'M37 6 L62 70', 'M62 70 L67 0'] },
  N: { advance: 66, strokes: ['M10 0 L10 70', 'M10 70 L55 0', 'M55 0 L55 70'] },
  O: { advance: 65, strokes: [ROUND_O] },
  P: { advance: 51, strokes: ['M10 0 L10 70', 'M10 70 L26 70 C52 70 52 32 26 32 L10 32'] },
  Q: { advance: 66, strokes: [ROUND_O, 'M36 6 C42 -6 52 -15 67 -14'] },
  R: { advance: 56, strokes: ['M10 0 L10 70', 'M10 70 L26 70 C50 70 50 34 26 34 L10 34', 'M27 34 L54 0'] },
  S: {
    advance: 50,
    strokes: ['M42 59 C37 70 29 71 24 71 C13 71 6 64 6 55 C6 34 45 40 45 17 C45 6 35 -1 24 -1 C15 -1 8 3 4 13'],
  },
  T: { advance: 57, strokes: ['M28 0 L28 70', 'M2 70 L55 70'] },
  U: { advance: 62, strokes: ['M10 70 L10 24 C10 6 20 -1 30 -1 C43 -1 52 8 52 24', 'M52 24 L52 70'] },
  V: { advance: 58, strokes: ['M2 70 L29 0', 'M29 0 L56 70'] },
  W: { advance: 82, strokes: ['M2 70 L23 0', 'M23 0 L41 67', 'M41 67 L60 0', 'M60 0 L80 70'] },
  X: { advance: 55, strokes: ['M4 70 L51 0', 'M51 70 L4 0'] },
  Y: { advance: 57, strokes: ['M2 70 L28 34', 'M54 70 L28 34', 'M28 34 L28 0'] },
  Z: { advance: 53, strokes: ['M6 70 L48 70', 'M48 70 L4 0', 'M4 0 L50 0'] },
  a: { advance: 46, strokes: SMALL_A },
  b: {
    advance: 44,
    strokes: ['M9 72 L9 8 C12 -1 20 -1 22 -1 C34 -1 40 12 40 24 C40 38 34 44 27 44 C19 44 12 36 9 26'],
  },
  c: { advance: 40, strokes: ['M35 37 C31 43 26 44 22 44 C12 44 5 34 5 20 C5 7 12 -1 21 -1 C28 -1 33 3 37 9'] },
  d: {
    advance: 47,
    strokes: ['M36 41 C30 46 6 46 6 18 C6 4 14 -1 20 -1 C28 -1 34 10 36 20', 'M38 72 L37 10 C37 0 41 -2 46 4'],
  },
  e: { advance: 41, strokes: SMALL_E },
  f: { advance: 31, strokes: ['M35 67 C31 74 19 74 18 56 L15 -4 C14 -20 6 -26 -2 -22', 'M5 43 L30 43'] },
  g: {
    advance: 46,
    strokes: ['M36 41 C28 46 6 44 6 19 C6 6 13 0 20 0 C28 0 34 10 36 22', 'M38 44 L36 -6 C35 -22 18 -30 4 -20'],
  },
  h: { advance: 46, strokes: ['M9 72 L9 0', 'M9 24 C14 38 22 44 28 44 C36 44 37 38 37 30 L36 10 C36 0 40 -2 45 4'] },
  i: { advance: 20, strokes: [SMALL_I, 'M10 61 L10.6 58'] },
  j: { advance: 21, strokes: ['M12 44 L11 -6 C10 -20 3 -26 -6 -20', 'M13 61 L13.6 58'] },
  k: {
    advance: 43,
    strokes: ['M9 72 L9 0', 'M9 21 C18 46 36 48 34 36 C33 27 20 23 10 21', 'M19 23 C27 21 28 0 36 -1 C39 -1 41 1 43 4'],
  },
  l: { advance: 20, strokes: ['M9 72 L9 10 C9 0 13 -2 18 4'] },
  m: {
    advance: 67,
    strokes: [
      'M9 44 L9 0',
      'M9 24 C13 38 19 44 25 44 C31 44 33 39 33 31 L33 0',
      'M33 24 C37 38 44 44 49 44 C56 44 57 39 57 31 L56 10 C56 0 60 -2 65 4',
    ],
  },
  n: { advance: 46, strokes: ['M9 44 L9 0', 'M9 24 C14 38 22 44 28 44 C36 44 37 38 37 30 L36 10 C36 0 40 -2 45 4'] },
  o: { advance: 44, strokes: [SMALL_O] },
  p: {
    advance: 45,
    strokes: ['M9 44 L9 -24', 'M9 26 C12 36 19 44 27 44 C34 44 40 38 40 24 C40 12 34 -1 22 -1 C18 -1 12 1 9 6'],
  },
  q: { advance: 45, strokes: ['M36 41 C28 46 6 44 6 18 C6 4 14 -1 20 -1 C28 -1 34 10 36 22', 'M38 44 L37 -24'] },
  r: { advance: 34, strokes: ['M9 44 L9 0', 'M9 22 C13 36 20 44 26 44 C29 44 31 42 32 38'] },
  s: {
    advance: 36,
    strokes: ['M30 37 C27 43 23 44 19 44 C12 44 8 40 8 34 C8 22 32 24 32 11 C32 3 25 -1 18 -1 C11 -1 6 2 4 9'],
  },
  t: { advance: 30, strokes: ['M14 61 L13 10 C13 0 19 -3 28 4', 'M4 43 L27 43'] },
  u: { advance: 46, strokes: SMALL_U },
  v: { advance: 38, strokes: ['M5 44 L18 0', 'M18 0 C27 12 33 30 32 44'] },
  w: { advance: 58, strokes: ['M5 44 L16 0', 'M16 0 L29 42', 'M29 42 L38 0', 'M38 0 C47 12 53 30 52 44'] },
  x: { advance: 41, strokes: ['M6 41 C14 48 16 34 20 22 C24 8 28 -4 38 3', 'M36 44 L4 0'] },
  y: {
    advance: 46,
    strokes: ['M8 44 L8 14 C8 4 12 -1 18 -1 C26 -1 33 10 36 22', 'M38 44 L36 -6 C35 -22 18 -30 4 -20'],
  },
  z: { advance: 38, strokes: ['M6 43 L33 43', 'M33 43 L4 1', 'M4 1 C14 4 24 -4 36 3'] },
  '0': { advance: 48, strokes: ['M24 66 C11 66 5 50 5 32 C5 13 12 -1 24 -1 C37 -1 43 14 43 33 C43 51 37 66 24 66'] },
  '1': { advance: 34, strokes: ['M8 54 L20 66', 'M20 66 L20 0'] },
  '2': { advance: 47, strokes: ['M6 52 C8 62 16 66 23 66 C34 66 40 58 40 49 C40 32 18 20 5 0', 'M5 0 L43 0'] },
  '3': {
    advance: 46,
    strokes: [
      'M7 56 C10 63 16 66 22 66 C32 66 37 59 37 51 C37 42 30 36 20 36',
      'M20 36 C33 36 40 28 40 18 C40 6 32 -1 21 -1 C13 -1 7 2 4 10',
    ],
  },
  '4': { advance: 48, strokes: ['M33 66 L4 19', 'M4 19 L45 19', 'M33 66 L33 0'] },
  '5': {
    advance: 46,
    strokes: ['M11 65 L37 65', 'M11 65 L9 37 C12 40 17 41 21 41 C33 41 40 33 40 21 C40 7 32 -1 20 -1 C13 -1 7 2 4 9'],
  },
  '6': {
    advance: 47,
    strokes: ['M38 64 C20 60 6 42 6 22 C6 7 13 -1 24 -1 C34 -1 41 8 41 20 C41 31 34 39 25 39 C16 39 8 32 6 22'],
  },
  '7': { advance: 44, strokes: ['M5 65 L40 65', 'M40 65 C28 44 20 24 16 0'] },
  '8': {
    advance: 47,
    strokes: [
      'M23 66 C13 66 8 59 8 51 C8 34 41 36 41 16 C41 6 34 -1 24 -1 C13 -1 6 6 6 16 C6 35 38 36 38 52 C38 60 32 66 23 66',
    ],
  },
  '9': {
    advance: 47,
    strokes: ['M9 1 C27 5 41 23 41 43 C41 58 34 66 23 66 C13 66 6 57 6 45 C6 34 13 26 22 26 C31 26 39 33 41 43'],
  },
  '.': { advance: 18, strokes: ['M8 2 L9 0'] },
  ',': { advance: 18, strokes: ['M9 3 C10 -3 8 -9 3 -13'] },
  ':': { advance: 20, strokes: ['M9 2 L10 0', 'M10 38 L11 36'] },
  ';': { advance: 20, strokes: ['M9 3 C10 -3 8 -9 3 -13', 'M10 38 L11 36'] },
  '°': { advance: 28, strokes: ['M14 70 C8 70 5 65 5 60 C5 54 9 50 14 50 C20 50 23 55 23 60 C23 66 20 70 14 70'] },
  "'": { advance: 16, strokes: ['M9 72 L7 56'] },
  '"': { advance: 26, strokes: ['M9 72 L7 56', 'M20 72 L18 56'] },
  '-': { advance: 30, strokes: ['M5 24 L25 24'] },
  '–': { advance: 46, strokes: ['M4 24 L42 24'] },
  '(': { advance: 26, strokes: ['M22 76 C8 58 4 42 4 28 C4 12 8 -4 20 -16'] },
  ')': { advance: 26, strokes: ['M5 76 C18 62 22 44 22 30 C22 14 18 -4 4 -16'] },
  '/': { advance: 36, strokes: ['M3 -8 L33 74'] },
  '&': {
    advance: 62,
    strokes: [
      'M58 34 C54 14 40 -1 22 -1 C11 -1 4 6 4 16 C4 36 36 38 36 56 C36 65 31 70 25 70 C18 70 13 65 13 57 C13 44 34 24 60 0',
    ],
  },
  '×': { advance: 44, strokes: ['M7 40 L36 8', 'M36 40 L7 8'] },
  '+': { advance: 46, strokes: ['M6 25 L40 25', 'M23 42 L23 8'] },
  '=': { advance: 46, strokes: ['M6 33 L40 33', 'M6 17 L40 17'] },
  '#': { advance: 52, strokes: ['M20 66 L12 0', 'M40 66 L32 0', 'M4 43 L48 43', 'M4 22 L48 22'] },
  µ: { advance: 46, strokes: ['M8 44 L6 -22', ...SMALL_U] },
  é: { advance: 41, strokes: [...SMALL_E, 'M20 54 L30 66'] },
  è: { advance: 41, strokes: [...SMALL_E, 'M16 66 L26 54'] },
  ë: { advance: 41, strokes: [...SMALL_E, 'M15 60 L16 58', 'M29 60 L30 58'] },
  ä: { advance: 46, strokes: [...SMALL_A, 'M16 60 L17 58', 'M32 60 L33 58'] },
  á: { advance: 46, strokes: [...SMALL_A, 'M22 54 L32 66'] },
  ö: { advance: 44, strokes: [SMALL_O, 'M15 60 L16 58', 'M30 60 L31 58'] },
  ó: { advance: 44, strokes: [SMALL_O, 'M20 54 L30 66'] },
  ø: { advance: 44, strokes: [SMALL_O, 'M6 -4 L39 48'] },
  ü: { advance: 46, strokes: [...SMALL_U, 'M16 60 L17 58', 'M31 60 L32 58'] },
  í: { advance: 22, strokes: [SMALL_I, 'M9 54 L19 66'] },
  ñ: {
    advance: 46,
    strokes: [
      'M9 44 L9 0',
      'M9 24 C14 38 22 44 28 44 C36 44 37 38 37 30 L36 10 C36 0 40 -2 45 4',
      'M12 56 C18 66 26 52 34 62',
    ],
  },
  ' ': { advance: 24, strokes: [] },
};

export function canWrite(text: string): boolean {
  return Array.from(text).every((letter) => GLYPHS[letter] !== undefined);
}

export type Hand = 'roman' | 'italic' | 'script';

export interface LetteringOptions {
  readonly hand: Hand;
  /** Height of a capital in pixels. */
  readonly capHeight: number;
  readonly colour: string;
  readonly opacity?: number;
  readonly align?: 'start' | 'middle' | 'end';
  readonly tracking?: number;
  /** 1 a regular pen, 1.6 a bold one. */
  readonly weight?: number;
}

const SLANT: Record<Hand, number> = { roman: 0, italic: 0.21, script: 0.34 };
const NIB: Record<Hand, number> = { roman: 0.22, italic: 0.62, script: 0.75 };
const UNEVEN: Record<Hand, number> = { roman: 0.12, italic: 0.5, script: 1.15 };

export function measureText(text: string, options: Pick<LetteringOptions, 'capHeight' | 'tracking' | 'hand'>): number {
  const scale = options.capHeight / 70;
  const narrow = options.hand === 'script' ? 0.9 : 1;
  let width = 0;
  for (const letter of text) width += ((GLYPHS[letter]?.advance ?? 0) * narrow + (options.tracking ?? 0) + 2) * scale;
  return width;
}

function parseStroke(stroke: string): Point[] {
  const tokens = stroke.split(' ');
  const points: Point[] = [];
  const take = (text: string | undefined): number => Number((text ?? '0').replace(/^[MLC]/, ''));
  let index = 0;
  while (index < tokens.length) {
    const command = (tokens[index] ?? 'L').charAt(0);
    const read = (offset: number): Point => ({ x: take(tokens[index + offset]), y: take(tokens[index + offset + 1]) });
    if (command === 'C') {
      points.push(...cubic(at(points, points.length - 1), read(0), read(2), read(4), 9).slice(1));
      index += 6;
    } else {
      const target = read(0);
      const previous = points[points.length - 1];
      if (command === 'L' && previous) {
        for (let piece = 1; piece < 3; piece += 1) {
          points.push({ x: mix(previous.x, target.x, piece / 3), y: mix(previous.y, target.y, piece / 3) });
        }
      }
      points.push(target);
      index += 2;
    }
  }
  return points;
}

function nibOutline(line: readonly Point[], pen: number, nib: number, thin: number): Point[] {
  const left: Point[] = [];
  const right: Point[] = [];
  line.forEach((point, index) => {
    const heading = headingOf(at(line, index - 1), at(line, index + 1));
    // A nib held at an angle writes its full width across itself and a hairline along itself.
    const width = pen * (thin + (1 - thin) * Math.abs(Math.sin(heading - Math.PI / 2 - nib + Math.PI)));
    left.push(aside(point, heading, -width / 2));
    right.push(aside(point, heading, width / 2));
  });
  return [...left, ...right.reverse()];
}

/** One line of writing. `origin` is on the baseline. The result is one SVG path. */
export function writeText(text: string, origin: Point, options: LetteringOptions, random: Random): string {
  const { hand, capHeight, align = 'start' } = options;
  const scale = capHeight / 70;
  const width = measureText(text, options);
  const narrow = hand === 'script' ? 0.9 : 1;
  const pen = capHeight * (hand === 'roman' ? 0.15 : 0.135) * (options.weight ?? 1) * (hand === 'script' ? 0.85 : 1);
  const uneven = UNEVEN[hand];
  let x = origin.x - (align === 'middle' ? width / 2 : align === 'end' ? width : 0);
  let drift = 0;
  const paths: string[] = [];
  for (const letter of text) {
    const glyph = GLYPHS[letter];
    if (glyph === undefined) throw new Error(`The lettering has no form for "${letter}"`);
    drift = drift * 0.8 + random.gaussian(0, 0.7) * uneven;
    const tall = 1 + random.gaussian(0, 0.022) * uneven;
    const lean = SLANT[hand] + random.gaussian(0, 0.018) * uneven;
    const place = ({ x: px, y: py }: Point): Point => ({
      x: x + (px * narrow + py * lean) * scale,
      y: origin.y - (py * tall + drift) * scale,
    });
    const strokes = glyph.strokes.map(parseStroke);
    const thin = hand === 'roman' ? 0.36 : 0.4;
    for (const stroke of strokes) {
      const line = stroke.map(place);
      const dot =
        line.length <= 4 &&
        Math.hypot(at(line, 0).x - at(line, line.length - 1).x, at(line, 0).y - at(line, line.length - 1).y) <
          capHeight * 0.06;
      paths.push(smoothPath(nibOutline(line, dot ? pen * 1.15 : pen, NIB[hand], dot ? 1 : thin), true));
    }
    if (hand === 'roman') paths.push(...serifs(strokes, place, pen));
    x += (glyph.advance * narrow + (options.tracking ?? 0) + 2 + random.gaussian(0, 0.8) * uneven) * scale;
  }
  return fillPath(paths.join(''), options.colour, options.opacity ?? 1);
}

function serifs(strokes: readonly (readonly Point[])[], place: (point: Point) => Point, pen: number): string[] {
  const found: string[] = [];
  const touches = (point: Point, own: number): boolean =>
    strokes.some(
      (stroke, index) => index !== own && stroke.some(({ x, y }) => Math.hypot(x - point.x, y - point.y) < 3),
    );
  strokes.forEach((stroke, index) => {
    for (const end of ['start', 'finish'] as const) {
      const tip = end === 'start' ? at(stroke, 0) : at(stroke, stroke.length - 1);
      const inner = end === 'start' ? at(stroke, 1) : at(stroke, stroke.length - 2);
      const upright = Math.abs(tip.y - inner.y) > Math.abs(tip.x - inner.x) * 1.25;
      const onLine = Math.abs(tip.y) < 1 || Math.abs(tip.y - 70) < 1.5;
      if (!upright || !onLine) continue;
      const stem = Math.abs(tip.x - inner.x) < 2.5;
      if (touches(tip, index) && !stem) continue;
      const reach = 8.5;
      const line = [-1, -0.4, 0.4, 1].map((side) => place({ x: tip.x + side * reach, y: tip.y }));
      found.push(smoothPath(nibOutline(line, pen * 0.4, 0, 1), true));
    }
  });
  return found;
}
