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
  const parts = marks.map((mark) => {
    const held = HELD_BACK[mark.material] * random.between(0.9, 1.04);
    if (mark.kind === 'blade') {
      const toPath = mark.smooth ? smoothPath : linePath;
      const outline = outlineOf(mark);
      const body = fillPath(toPath(outline, true), PRINT_WHITE, clamp(held * (mark.body ?? 1), 0, 1));
      const length = bladeLength(mark);
      if (length < 22) return body;
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
      return body + half + net + ribs.join('') + rim;
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

/** The sensitised area: brushed on, so its edge is ragged and its strokes are seen. */
export function cyanotypeGround(sheet: Frame, inset: number, random: Random): string {
  const blue = hex(PRUSSIAN);
  if (inset <= 0) return element('rect', { x: 0, y: 0, width: sheet.width, height: sheet.height, fill: blue });
  const strokes: string[] = [];
  const rows = Math.round(sheet.height / 46);
  for (let row = 0; row < rows; row += 1) {
    const y = mix(inset, sheet.height - inset, (row + 0.5) / rows);
    const start = inset + random.between(-0.32, 0.3) * inset;
    const end = sheet.width - inset + random.between(-0.3, 0.32) * inset;
    const half = (sheet.height - inset * 2) / rows / 2 + 7;
    const top: Point[] = [];
    const bottom: Point[] = [];
    for (let index = 0; index <= 24; index += 1) {
      const x = mix(start, end, index / 24);
      top.push({ x, y: y - half + random.between(-2.5, 2.5) });
      bottom.push({ x, y: y + half + random.between(-2.5, 2.5) });
    }
    const tail = Array.from({ length: 7 }, (_, index) => ({
      x: end + random.between(-14, 22),
      y: mix(y - half, y + half, (index + 0.5) / 7),
    }));
    const head = Array.from({ length: 7 }, (_, index) => ({
      x: start + random.between(-22, 14),
      y: mix(y + half, y - half, (index + 0.5) / 7),
    }));
    strokes.push(fillPath(smoothPath([...top, ...tail, ...bottom.reverse(), ...head], true), blue, 0.96));
  }
  return strokes.join('');
}
