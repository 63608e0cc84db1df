import { mixColour, shade, vary, type Colour } from '../colour.ts';
import { along, mix, step, walk, type Point } from '../geometry.ts';
import { growLeaf, profile } from '../leaf.ts';
import { onBlade, type Mark } from '../marks.ts';
import { growBody } from '../petal.ts';
import type { Random } from '../random.ts';
import { strand, tipOf, type GrowPlant } from './grow.ts';
import { HUE } from './palette.ts';

/** The claws with which a seaweed holds a stone. */
function growHoldfast(base: Point, size: number, tone: Colour, random: Random): Mark[] {
  const marks: Mark[] = [];
  const claw = (from: Point, heading: number, length: number, width: number, order: number): void => {
    const line = walk(from, heading, length, { bend: random.between(-0.7, 0.7), steps: 8 });
    marks.push(strand(line, width, width * 0.55, vary(tone, random), 'root'));
    if (order >= 2) return;
    for (const side of [-1, 1] as const)
      claw(
        along(line, random.between(0.55, 1)).point,
        heading + side * random.between(0.4, 0.8),
        length * 0.62,
        width * 0.6,
        order + 1,
      );
  };
  for (let index = 0; index < 9; index += 1)
    claw(base, Math.PI + mix(-1.25, 1.25, index / 8), size * random.between(0.8, 1.1), size * 0.12, 0);
  return marks;
}

/** Leaf-like blades on a branched stalk, with midrib, side veins and a wavy, silky margin. */
export const growSeaBeech: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const stalks: Mark[] = [];
  const tone = shade(HUE.crimson, 0.1, -0.03, -8);
  const blade = (base: Point, heading: number, length: number, bend: number): void => {
    marks.push(
      growLeaf(
        {
          base,
          heading,
          length,
          width: length * random.between(0.2, 0.27),
          shape: profile(0.55, 0.62),
          margin: { kind: 'undulate', waves: 5.5, depth: 0.11 },
          bend,
          tilt: random.between(-0.2, 0.2),
          veinCount: 11,
          veinAngle: 0.1,
          colour: vary(tone, random, 1.4),
          tip: vary(shade(tone, 0.09, -0.02), random),
          body: 0.86,
        },
        random,
      ),
    );
  };
  const branch = (base: Point, heading: number, length: number, width: number, order: number): void => {
    const line = walk(base, heading, length, { bend: random.between(-0.35, 0.35), wobble: 0.1, random, steps: 14 });
    stalks.push(strand(line, width, width * 0.55, shade(tone, -0.16)));
    const count = order === 0 ? 7 : 4;
    for (let index = 0; index < count; index += 1) {
      const t = mix(order === 0 ? 0.2 : 0.35, 1, index / (count - 1));
      const side = index % 2 === 0 ? -1 : 1;
      const { point, heading: way } = along(line, t);
      const turn = way + side * random.between(0.5, 0.85);
      if (order === 0 && index < 5) branch(point, turn, length * mix(0.5, 0.36, t), width * 0.6, 1);
      blade(point, turn + side * 0.12, mix(290, 210, t) * random.between(0.8, 1.2), -side * random.between(0.1, 0.6));
      if (order > 0) blade(point, way - side * random.between(0.3, 0.7), random.between(140, 230), side * 0.3);
    }
    const end = tipOf(line);
    blade(end.point, end.heading, random.between(240, 310), random.between(-0.3, 0.3));
  };
  branch({ x: 0, y: 0 }, -0.06, 640, 12, 0);
  marks.push(...growHoldfast({ x: 0, y: 0 }, 62, shade(tone, -0.18), random));
  return [...stalks, ...marks];
};

/** Branches of branches, each a comb on the side of the last. */
export const growRedWeed: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const grow = (base: Point, heading: number, length: number, width: number, order: number, side: 1 | -1): void => {
    const line = walk(base, heading, length, {
      bend: side * random.between(0.25, 0.6) * (order === 0 ? 0.6 : 1),
      wobble: 0.08,
      random,
      steps: order < 2 ? 12 : order === 2 ? 6 : 3,
    });
    marks.push(
      strand(
        line,
        width,
        Math.max(1.2, width * 0.45),
        vary(mixColour(HUE.crimson, HUE.rose, order * 0.2), random),
        'leaf',
      ),
    );
    if (order >= 4 || length < 19) return;
    const teeth = order < 2 ? 8 : order === 2 ? 4 : 3;
    for (let tooth = 0; tooth < teeth; tooth += 1) {
      const t = mix(0.2, 0.98, tooth / (teeth - 1));
      const { point, heading: way } = along(line, t);
      // Teeth stand in groups, now on this side, now on that.
      const at = order === 0 ? (tooth % 2 === 0 ? 1 : -1) : Math.floor(tooth / 3) % 2 === 0 ? side : (-side as 1 | -1);
      grow(
        point,
        way + at * random.between(0.5, 0.75),
        length * mix(0.56, 0.26, t) * random.between(0.85, 1.15),
        width * 0.58,
        order + 1,
        (at * -1) as 1 | -1,
      );
    }
  };
  for (const [heading, length, side] of [
    [-0.95, 420, 1],
    [0.9, 440, -1],
    [-0.45, 520, -1],
    [0.4, 540, 1],
    [-0.02, 600, 1],
  ] as const) {
    grow({ x: heading * 12, y: 0 }, heading, length, 9.5, 0, side);
  }
  marks.push(...growHoldfast({ x: 0, y: 0 }, 34, HUE.wine, random));
  return marks;
};

/** Holdfast, stipe, and a broad blade torn by the waves into straps. */
export const growOarweed: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(HUE.chestnut, 0.08, 0.01, 14);
  const stipe = walk({ x: 0, y: 0 }, 0.08, 430, { bend: -0.2, wobble: 0.05, random, steps: 14 });
  const end = tipOf(stipe);
  const straps = 11;
  const order = Array.from({ length: straps }, (_, index) => index).sort((a, b) => Math.abs(b - 5) - Math.abs(a - 5));
  for (const index of order) {
    const u = mix(-1, 1, index / (straps - 1));
    const foot = { x: end.point.x + u * 34, y: end.point.y + Math.abs(u) * 18 };
    const length = random.between(620, 860) * (1 - Math.abs(u) * 0.22);
    const strap = growLeaf(
      {
        base: foot,
        heading: end.heading + u * 0.78,
        length,
        width: random.between(64, 100),
        shape: profile(0.34, 0.42),
        margin: { kind: 'undulate', waves: random.between(3, 6), depth: 0.1 },
        bend: -u * random.between(0.35, 1) + random.between(-0.15, 0.15),
        tilt: random.between(-0.35, 0.35),
        venation: 'none',
        samples: 30,
        colour: vary(tone, random),
        tip: vary(shade(tone, 0.08), random),
        body: 0.72,
      },
      random,
    );
    marks.push(strap);
    for (let fold = 0; fold < 4; fold += 1) {
      const side = random.between(-0.75, 0.75);
      marks.push(
        strand(
          [0.08, 0.25, 0.45, 0.62, 0.8].map((t) => onBlade(strap, t, side + 0.14 * Math.sin(t * 8 + fold))),
          1.6,
          0.8,
          shade(tone, -0.1),
          'hair',
        ),
      );
    }
  }
  marks.push(
    growBody(
      {
        base: step(end.point, end.heading, -46),
        heading: end.heading,
        length: 150,
        width: 84,
        shape: profile(0.9, 0.5),
        colour: shade(tone, -0.04),
        tip: tone,
        material: 'stem',
        body: 0.9,
      },
      random,
    ),
  );
  marks.push(
    strand(stipe, 32, 40, shade(tone, -0.06)),
    ...growHoldfast({ x: 0, y: 0 }, 110, shade(tone, -0.08), random),
  );
  return marks;
};
