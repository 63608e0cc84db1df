import { along, at, mix, step, walk, type Point, type WalkOptions } from '../geometry.ts';
import type { Dot, Dots, Mark, Material, Strand } from '../marks.ts';
import type { Colour } from '../colour.ts';
import type { Random } from '../random.ts';

/** A plant in units of its own: about 1000 high, root at 0,0, up is negative y. */
export type GrowPlant = (random: Random) => Mark[];

export const ORIGIN: Point = { x: 0, y: 0 };

export function strand(
  line: readonly Point[],
  startWidth: number,
  endWidth: number,
  colour: Colour,
  material: Material = 'stem',
  marking = false,
): Strand {
  return {
    kind: 'strand',
    material,
    line,
    startWidth,
    endWidth,
    colour,
    ...(marking ? { marking: true as const } : {}),
  };
}

export function stem(
  from: Point,
  heading: number,
  length: number,
  widths: readonly [number, number],
  colour: Colour,
  options: WalkOptions = {},
): Strand {
  return strand(walk(from, heading, length, { steps: 18, ...options }), widths[0], widths[1], colour);
}

export function tipOf(line: readonly Point[]): { point: Point; heading: number } {
  const { heading } = along(line, 1);
  return { point: at(line, line.length - 1), heading };
}

export function dots(list: readonly Dot[], colour: Colour, material: Material = 'seed'): Dots {
  return { kind: 'dots', material, dots: list, colour };
}

/** Thin roots that spread from the foot of a plant. */
export function growRoots(
  from: Point,
  heading: number,
  count: number,
  length: number,
  width: number,
  colour: Colour,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  for (let index = 0; index < count; index += 1) {
    const turn = heading + mix(-0.9, 0.9, (index + random.next()) / count);
    const reach = length * random.between(0.45, 1);
    const main = walk(from, turn, reach, { bend: random.between(-0.9, 0.9), wobble: 0.35, random, steps: 16 });
    marks.push(strand(main, width * random.between(0.6, 1), width * 0.25, colour, 'root'));
    for (let branch = 0; branch < 5; branch += 1) {
      const { point, heading: way } = along(main, random.between(0.25, 0.95));
      const line = walk(point, way + random.sign() * random.between(0.4, 1), reach * random.between(0.1, 0.3), {
        wobble: 0.4,
        random,
        steps: 7,
      });
      marks.push(strand(line, width * 0.35, width * 0.15, colour, 'root'));
    }
  }
  return marks;
}

export function scatterDots(
  centre: Point,
  radius: number,
  count: number,
  size: readonly [number, number],
  random: Random,
): Dot[] {
  return Array.from({ length: count }, () => {
    const place = step(centre, random.between(0, 6.283), radius * Math.sqrt(random.next()));
    return { ...place, radius: random.between(size[0], size[1]) };
  });
}
