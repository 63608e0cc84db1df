import { shade, vary, type Colour } from '../colour.ts';
import { along, at, degrees, mix, step, walk, type Point } from '../geometry.ts';
import { growLeaf, SHAPES } from '../leaf.ts';
import type { Dot, Mark } from '../marks.ts';
import type { Random } from '../random.ts';
import { dots, growRoots, stem, strand, tipOf, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';
import { growBody } from '../petal.ts';
import { profile } from '../leaf.ts';

/** Leaves twice divided into broad, toothed leaflets. */
function growBroadLeaf(
  base: Point,
  heading: number,
  length: number,
  bend: number,
  tone: Colour,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  const leaflet = (from: Point, way: number, size: number, turn: number): void => {
    marks.push(
      growLeaf(
        {
          base: from,
          heading: way,
          length: size,
          width: size * 0.5,
          shape: SHAPES.ovate,
          margin: { kind: 'serrate', teeth: 11, depth: 0.1 },
          bend: turn,
          tilt: random.between(-0.25, 0.25),
          veinCount: 5,
          veinAngle: 0.22,
          colour: vary(tone, random),
          tip: vary(shade(tone, 0.05), random),
        },
        random,
      ),
    );
  };
  const frond = (from: Point, way: number, reach: number, turn: number, order: number): void => {
    const line = walk(from, way, reach, { bend: turn, steps: 10 });
    marks.push(strand(line, order === 0 ? length * 0.02 : 3.6, order === 0 ? 4 : 2.4, shade(tone, 0.07)));
    const pairs = order === 0 ? 3 : 2;
    for (let index = 0; index < pairs; index += 1) {
      const t = mix(0.42, 0.86, index / (pairs - 1));
      for (const side of [-1, 1] as const) {
        const { point, heading: here } = along(line, t);
        const next = here + side * degrees(mix(66, 44, t));
        if (order === 0 && index < 2) frond(point, next, reach * mix(0.5, 0.4, index), -side * 0.3, 1);
        else leaflet(point, next, length * mix(0.24, 0.19, t), -side * 0.3);
      }
    }
    const end = tipOf(line);
    leaflet(end.point, end.heading, length * 0.25, turn * 0.3);
  };
  frond(base, heading, length * 0.86, bend, 0);
  return marks;
}

interface UmbelSpec {
  readonly centre: Point;
  readonly heading: number;
  readonly radius: number;
  readonly rays: number;
  /** From the left-most to the right-most ray, in radians. */
  readonly spread: number;
  /** 1 a ball, 0 a flat plate. */
  readonly dome: number;
  readonly flower: Colour;
  readonly heart: Colour;
  readonly stalk: Colour;
  readonly florets: number;
}

function growUmbel(spec: UmbelSpec, random: Random): Mark[] {
  const marks: Mark[] = [];
  const flowers: Dot[] = [];
  const hearts: Dot[] = [];
  const rays = Array.from({ length: spec.rays }, (_, index) => ({
    share: mix(-1, 1, (index + 0.5) / spec.rays),
    depth: random.next(),
  }));
  rays.sort((a, b) => b.depth - a.depth);
  for (const { share, depth } of rays) {
    const turn = (share * spec.spread) / 2 + random.between(-0.05, 0.05);
    const flat = mix(1 / Math.max(0.55, Math.cos(turn * 0.8)), 1, spec.dome);
    const length = spec.radius * mix(flat * 0.86, 1, spec.dome) * mix(0.82, 1, depth) * random.between(0.95, 1.05);
    const ray = walk(spec.centre, spec.heading + turn * 1.18, length, { bend: -turn * 0.42, steps: 9 });
    marks.push(strand(ray, spec.radius * 0.014, spec.radius * 0.008, vary(spec.stalk, random)));
    const top = tipOf(ray);
    const small = spec.radius * 0.19 * random.between(0.85, 1.15);
    for (let index = 0; index < spec.florets; index += 1) {
      const way = top.heading + mix(-1.5, 1.5, (index + random.next()) / spec.florets);
      const raylet = walk(top.point, way, small * random.between(0.65, 1.05), {
        bend: -(way - top.heading) * 0.4,
        steps: 4,
      });
      marks.push(strand(raylet, spec.radius * 0.006, spec.radius * 0.004, spec.stalk));
      const end = at(raylet, raylet.length - 1);
      const size = spec.radius * random.between(0.016, 0.023);
      for (let petal = 0; petal < 5; petal += 1) {
        const place = step(end, (petal / 5) * 6.283 + way, size * 0.95);
        flowers.push({ ...place, radius: size * random.between(0.6, 0.85) });
      }
      hearts.push({ ...end, radius: size * 0.42 });
    }
  }
  marks.push(dots(flowers, spec.flower, 'petal'), dots(hearts, spec.heart));
  return marks;
}

/** Leaves like lace: three times divided, down to narrow tips. */
export function growLaceLeaf(
  base: Point,
  heading: number,
  length: number,
  bend: number,
  tone: Colour,
  thread: boolean,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  const branch = (from: Point, way: number, reach: number, turn: number, order: number): void => {
    const line = walk(from, way, reach, { bend: turn, steps: order === 0 ? 14 : 7 });
    marks.push(strand(line, order === 0 ? length * 0.014 : 2.2, order === 0 ? 2 : 1.1, vary(tone, random), 'leaf'));
    const pairs = order === 0 ? 7 : order === 1 ? (length > 420 ? 4 : 3) : 3;
    for (let index = 0; index < pairs; index += 1) {
      const t = mix(order === 0 ? 0.34 : 0.25, 0.93, index / (pairs - 1));
      const share = order === 0 ? mix(0.4, 0.12, (index / (pairs - 1)) ** 0.9) : mix(0.5, 0.3, index / (pairs - 1));
      for (const side of [-1, 1] as const) {
        const { point, heading: here } = along(line, t);
        const next = here + side * degrees(mix(60, 36, t)) + random.between(-0.08, 0.08);
        if (order < 2) branch(point, next, reach * share, -side * 0.25, order + 1);
        else if (thread) marks.push(strand(walk(point, next, reach * share, { steps: 3 }), 1.5, 0.8, tone, 'leaf'));
        else
          marks.push(
            growLeaf(
              {
                base: point,
                heading: next,
                length: reach * share,
                width: reach * share * 0.34,
                shape: SHAPES.lanceolate,
                samples: 5,
                venation: 'none',
                colour: vary(tone, random),
              },
              random,
            ),
          );
      }
    }
  };
  branch(base, heading, length, bend, 0);
  return marks;
}

function growUmbellifer(
  spec: {
    readonly flower: Colour;
    readonly heart: Colour;
    readonly green: Colour;
    readonly dome: number;
    readonly spread: number;
    readonly leaf: 'lace' | 'thread' | 'broad';
    readonly rays: number;
    readonly root: boolean;
  },
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  const main = walk({ x: 0, y: 0 }, -0.05, 800, { bend: 0.1, wobble: 0.06, random, steps: 26 });
  if (spec.root) {
    marks.push(
      growBody(
        {
          base: { x: 0, y: -14 },
          heading: Math.PI - 0.05,
          length: 300,
          width: 58,
          shape: profile(0.14, 0.9),
          ribs: 5,
          colour: HUE.bone,
          tip: HUE.straw,
          material: 'root',
          bend: 0.25,
        },
        random,
      ),
    );
    marks.push(...growRoots({ x: 2, y: 130 }, Math.PI, 6, 130, 2, HUE.straw, random));
  }
  for (const [t, side, length] of [
    [0.03, -1, 400],
    [0.05, 1, 380],
    [0.24, 1, 330],
    [0.42, -1, 290],
    [0.62, 1, 180],
  ] as const) {
    const { point, heading } = along(main, t);
    const way = heading + side * random.between(0.7, 0.95);
    const reach = length * random.between(0.92, 1.08);
    marks.push(
      ...(spec.leaf === 'broad'
        ? growBroadLeaf(point, way, reach * 1.1, -side * 0.5, spec.green, random)
        : growLaceLeaf(point, way, reach, -side * 0.5, spec.green, spec.leaf === 'thread', random)),
    );
  }
  const sides = [
    { t: 0.4, turn: 0.72, length: 370, radius: 120 },
    { t: 0.56, turn: -0.78, length: 290, radius: 105 },
  ];
  for (const { t, turn, length, radius } of sides) {
    const { point, heading } = along(main, t);
    const branch = stem(point, heading + turn, length, [7, 5], shade(spec.green, 0.04), { bend: -turn * 0.6 });
    marks.push(branch);
    const end = tipOf(branch.line);
    marks.push(
      ...growUmbel(
        {
          centre: end.point,
          heading: end.heading,
          radius,
          rays: Math.round(spec.rays * 0.7),
          spread: spec.spread,
          dome: spec.dome,
          flower: spec.flower,
          heart: spec.heart,
          stalk: spec.green,
          florets: 9,
        },
        random,
      ),
    );
  }
  marks.push(strand(main, 13, 7, shade(spec.green, 0.04)));
  const top = tipOf(main);
  for (let index = -4; index <= 4; index += 1) {
    if (spec.leaf === 'lace')
      marks.push(
        strand(
          walk(top.point, top.heading + index * 0.42, 74, { bend: index * 0.16, steps: 6 }),
          2.2,
          1,
          spec.green,
          'leaf',
        ),
      );
  }
  marks.push(
    ...growUmbel(
      {
        centre: top.point,
        heading: top.heading,
        radius: 240,
        rays: spec.rays,
        spread: spec.spread,
        dome: spec.dome,
        flower: spec.flower,
        heart: spec.heart,
        stalk: spec.green,
        florets: 13,
      },
      random,
    ),
  );
  return marks;
}

export const growWildCarrot: GrowPlant = (random) =>
  growUmbellifer(
    {
      flower: HUE.white,
      heart: shade(GREEN.lime, 0.05, -0.06),
      green: shade(GREEN.leaf, 0.02, -0.025),
      dome: 0.35,
      spread: 2.1,
      leaf: 'lace',
      rays: 27,
      root: true,
    },
    random,
  );

export const growFennel: GrowPlant = (random) =>
  growUmbellifer(
    {
      flower: HUE.yellow,
      heart: HUE.amber,
      green: shade(GREEN.olive, 0.02, 0.01, 10),
      dome: 0.6,
      spread: 2.2,
      leaf: 'thread',
      rays: 21,
      root: false,
    },
    random,
  );

export const growAngelica: GrowPlant = (random) =>
  growUmbellifer(
    {
      flower: shade(GREEN.lime, 0.06, -0.05),
      heart: GREEN.fresh,
      green: shade(GREEN.leaf, -0.02),
      dome: 1,
      spread: 3.1,
      leaf: 'broad',
      rays: 30,
      root: false,
    },
    random,
  );
