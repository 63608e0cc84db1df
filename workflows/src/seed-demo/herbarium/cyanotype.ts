import { colour, hex } from './colour.ts';
import { clamp, mix, ribbon, type Frame, type Point } from './geometry.ts';
import { bladeLength, outlineOf, type Mark, type Material } from './marks.ts';
import type { Random } from './random.ts';
import { element, fillPath, group, linePath, num, smoothPath, strokePath } from './svg.ts';

/** Prussian blue (ferric ferrocyanide), as Anna Atkins printed algae and ferns with from 1843. */
export const PRUSSIAN = colour(0.335, 0.105, 254);
export const PRINT_WHITE = '#eef3f2';

/** How much light a part held back: thick stems print white, petals and fronds let some through. */
const HELD_BACK: Record<Material, number> = {
  stem: 0.95,
  leaf: 0.76,
  petal: 0.46,
  seed: 0.9,
  root: 0.85,
  flesh: 0.6,
  hair: 0.8,
};

export function paintCyanotype(marks: readonly Mark[], random: Random): string {
  const blue = hex(PRUSSIAN);
  const parts = marks
    .filter((mark) => mark.kind === 'dots' || mark.marking !== true)
    .map((mark) => {
      const held = HELD_BACK[mark.material] * random.between(0.9, 1.04);
      if (mark.kind === 'blade') {
        const toPath = mark.smooth ? smoothPath : linePath;
        const outline = outlineOf(mark);
        const body = fillPath(toPath(outline, true), PRINT_WHITE, clamp(held * (mark.body ?? 1), 0, 1));
        const length = bladeLength(mark);
        // Where scales overlap, a fine line of light ran along each edge.
        const seam = mark.material === 'seed' ? strokePath(toPath(outline, true), blue, 0.8, 0.4) : '';
        if (length < 22) return body + seam;
        const thick = mark.veins.filter(({ order }) => order === 1);
        const fine = mark.veins.filter(({ order }) => order !== 1);
        const rim = strokePath(toPath(outline, true), PRINT_WHITE, 1.4, 0.5);
        const ribs = thick.map(({ line }) =>
          fillPath(
            smoothPath(
              ribbon(line, (t) => mix(4, 1, t) * clamp(length / 260, 0.3, 1.4)),
              true,
            ),
            PRINT_WHITE,
            0.8,
          ),
        );
        const net =
          fine.length === 0
            ? ''
            : strokePath(
                fine.map(({ line }) => smoothPath(line)).join(''),
                mark.material === 'petal' ? PRINT_WHITE : blue,
                clamp(length / 240, 0.5, 1.1),
                mark.material === 'petal' ? 0.35 : 0.3,
              );
        const half = fillPath(toPath([...mark.axis, ...mark.right.toReversed()], true), blue, 0.1);
        return body + half + net + ribs.join('') + (seam === '' ? rim : seam);
      }
      if (mark.kind === 'strand') {
        const thick = Math.max(mark.startWidth, mark.endWidth);
        if (thick < 2.4)
          return strokePath(
            smoothPath(mark.line),
            PRINT_WHITE,
            Math.max(0.9, (mark.startWidth + mark.endWidth) / 2),
            held,
          );
        return fillPath(
          smoothPath(
            ribbon(mark.line, (t) => mix(mark.startWidth, mark.endWidth, t)),
            true,
          ),
          PRINT_WHITE,
          clamp(held, 0, 1),
        );
      }
      const path = mark.dots
        .map(
          ({ x, y, radius: r }) =>
            `M${num(x - r)} ${num(y)}a${num(r)} ${num(r)} 0 1 0 ${num(2 * r)} 0a${num(r)} ${num(r)} 0 1 0 ${num(-2 * r)} 0`,
        )
        .join('');
      return fillPath(path, PRINT_WHITE, clamp(held, 0, 1));
    });
  // Where the plant did not lie flat, light crept under it: a soft halo below the sharp print.
  return (
    element(
      'filter',
      { id: 'creep', x: '-5%', y: '-5%', width: '110%', height: '110%' },
      element('feGaussianBlur', { stdDeviation: 7 }),
    ) +
    group(element('use', { href: '#print' }), { filter: 'url(#creep)', opacity: 0.42 }) +
    group(parts.join(''), { id: 'print' })
  );
}

/** How the solution was laid on: over the edges, behind a mask, or freely with a broad brush. */
export type Coating = 'full' | 'masked' | 'brushed';

/** The sensitised area. Brushed on, its edge is ragged and its strokes are seen. */
export function cyanotypeGround(sheet: Frame, inset: number, coating: Coating, random: Random): string {
  const blue = hex(PRUSSIAN);
  if (coating === 'full') return element('rect', { x: 0, y: 0, width: sheet.width, height: sheet.height, fill: blue });
  const [left, top, right, bottom] = [inset, inset, sheet.width - inset, sheet.height - inset];
  const edge = (from: Point, to: Point, rough: number): Point[] => {
    const count = Math.round(Math.hypot(to.x - from.x, to.y - from.y) / 14);
    const across = from.x === to.x;
    let drift = 0;
    return Array.from({ length: count }, (_, index) => {
      drift = drift * 0.86 + random.between(-rough, rough);
      const t = index / count;
      return { x: mix(from.x, to.x, t) + (across ? drift : 0), y: mix(from.y, to.y, t) + (across ? 0 : drift) };
    });
  };
  const rough = coating === 'masked' ? 0.6 : 4.2;
  const outline = [
    ...edge({ x: left, y: top }, { x: right, y: top }, rough * 0.6),
    ...edge({ x: right, y: top }, { x: right, y: bottom }, rough),
    ...edge({ x: right, y: bottom }, { x: left, y: bottom }, rough * 0.6),
    ...edge({ x: left, y: bottom }, { x: left, y: top }, rough),
  ];
  const parts = [fillPath(smoothPath(outline, true), blue)];
  if (coating === 'masked') return parts.join('');
  // Bristles run on where the brush was lifted, and a second coat shows as broad, uneven bands.
  const bristles: string[] = [];
  for (let index = 0; index < 150; index += 1) {
    const y = random.between(top + 3, bottom - 3);
    const end = random.chance(0.5);
    const start = end ? right - 8 : left + 8;
    const reach = random.next() ** 2.4 * inset * 0.72 + 4;
    const line = [0, 0.4, 0.75, 1].map((t) => ({
      x: start + (end ? 1 : -1) * (reach + 8) * t,
      y: y + random.between(-1.6, 1.6),
    }));
    bristles.push(
      fillPath(
        smoothPath(
          ribbon(line, (t) => mix(random.between(5, 13), 1, t)),
          true,
        ),
        blue,
        random.between(0.75, 1),
      ),
    );
  }
  const bands: string[] = [];
  const dark = hex(colour(PRUSSIAN.lightness - 0.035, PRUSSIAN.chroma, PRUSSIAN.hue));
  for (let index = 0; index < 11; index += 1) {
    const y = random.between(top, bottom);
    const [from, to] = [random.between(left, left + 200), random.between(right - 240, right)];
    const line = [0, 0.3, 0.6, 1].map((t) => ({ x: mix(from, to, t), y: y + random.between(-9, 9) }));
    bands.push(
      fillPath(
        smoothPath(
          ribbon(line, (t) => Math.sin(Math.PI * clamp(t * 0.9 + 0.05, 0, 1)) ** 0.3 * random.between(30, 60)),
          true,
        ),
        dark,
        random.between(0.1, 0.28),
      ),
    );
  }
  return parts.join('') + bristles.join('') + bands.join('');
}
