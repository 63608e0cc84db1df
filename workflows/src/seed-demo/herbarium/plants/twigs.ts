import { shade, vary, mixColour, type Colour } from '../colour.ts';
import { along, aside, at, degrees, mix, step, walk, type Point } from '../geometry.ts';
import { growFan, growLeaf, growPalmate, profile, SHAPES, type LeafSpec } from '../leaf.ts';
import type { Mark } from '../marks.ts';
import { growBody } from '../petal.ts';
import type { Random } from '../random.ts';
import { dots, strand, tipOf, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';

interface TwigSpec {
  readonly length: number;
  readonly thickness: number;
  readonly branches: number;
  readonly opposite: boolean;
  readonly nodes: number;
  readonly bark: Colour;
  readonly bend: number;
  readonly leaf: (point: Point, heading: number, side: 1 | -1, size: number) => Mark[];
  readonly fruit?: (point: Point, heading: number, side: 1 | -1) => Mark[];
}

/** A woody twig: nodes with leaves, and side twigs that repeat it smaller. */
function growTwig(spec: TwigSpec, random: Random): Mark[] {
  const wood: Mark[] = [];
  const leaves: Mark[] = [];
  const fruits: Mark[] = [];
  const grow = (base: Point, heading: number, length: number, thickness: number, bend: number, order: number): void => {
    const line = walk(base, heading, length, { bend, wobble: 0.1, random, steps: 22 });
    wood.push(strand(line, thickness, Math.max(2.6, thickness * 0.42), vary(spec.bark, random, 0.6)));
    const nodes = Math.max(3, Math.round(spec.nodes * (length / spec.length)));
    for (let index = 0; index < nodes; index += 1) {
      const t = mix(order === 0 ? 0.24 : 0.3, 0.97, index / (nodes - 1));
      const { point, heading: way } = along(line, t);
      const sides: (1 | -1)[] = spec.opposite ? [-1, 1] : [index % 2 === 0 ? -1 : 1];
      for (const side of sides) {
        const size = mix(1, 0.66, t ** 2) * random.between(0.86, 1.1) * (order === 0 ? 1 : 0.88);
        wood.push(
          growBody(
            {
              base: aside(point, way, side * thickness * 0.15),
              heading: way + side * 0.7,
              length: thickness * 0.9,
              width: thickness * 0.6,
              colour: shade(spec.bark, 0.03, 0.02),
              material: 'stem',
            },
            random,
          ),
        );
        leaves.push(...spec.leaf(point, way + side * degrees(random.between(38, 62)), side, size));
        if (spec.fruit && random.chance(0.4) && t < 0.92)
          fruits.push(...spec.fruit(point, way + side * degrees(random.between(70, 120)), side));
      }
      if (order === 0 && index > 0 && index <= spec.branches) {
        const side = index % 2 === 0 ? 1 : -1;
        grow(
          point,
          way + side * degrees(random.between(36, 50)),
          length * mix(0.56, 0.36, t),
          thickness * 0.6,
          -side * 0.3,
          1,
        );
      }
    }
    const end = tipOf(line);
    leaves.push(...spec.leaf(end.point, end.heading, 1, order === 0 ? 0.8 : 0.72));
  };
  grow({ x: 0, y: 0 }, random.between(-0.1, 0.1), spec.length, spec.thickness, spec.bend, 0);
  return [...wood, ...leaves, ...fruits];
}

function stalked(
  base: Point,
  heading: number,
  stalk: number,
  tone: Colour,
  width: number,
  bend: number,
  leaf: (end: Point, way: number) => Mark,
): Mark[] {
  const line = walk(base, heading, stalk, { bend, steps: 6 });
  const end = tipOf(line);
  return [strand(line, width, width * 0.7, tone), leaf(end.point, end.heading)];
}

function simpleLeaf(
  spec: Omit<LeafSpec, 'base' | 'heading'> & { readonly stalk: number; readonly stalkColour?: Colour },
  random: Random,
) {
  return (point: Point, heading: number, side: 1 | -1, size: number): Mark[] =>
    stalked(
      point,
      heading,
      spec.stalk * size,
      spec.stalkColour ?? shade(spec.colour, 0.08),
      3.2,
      side * 0.2,
      (end, way) =>
        growLeaf(
          {
            ...spec,
            base: end,
            heading: way,
            length: spec.length * size,
            width: spec.width * size * random.between(0.92, 1.06),
            bend: (spec.bend ?? 0.3) * side * random.between(0.3, 1.2),
            tilt: random.between(-0.3, 0.3),
            colour: vary(spec.colour, random, 1.3),
            ...(spec.tip === undefined ? {} : { tip: vary(spec.tip, random, 1.3) }),
          },
          random,
        ),
    );
}

function growAcorn(base: Point, heading: number, size: number, random: Random): Mark[] {
  const marks: Mark[] = [
    growBody(
      {
        base: step(base, heading, size * 0.2),
        heading,
        length: size,
        width: size * 0.56,
        shape: profile(0.3, 0.42),
        ribs: 4,
        colour: shade(HUE.tan, -0.05, 0.02),
        tip: GREEN.olive,
      },
      random,
    ),
  ];
  marks.push(
    growBody(
      {
        base,
        heading,
        length: size * 0.46,
        width: size * 0.68,
        shape: profile(0.4, 0.22),
        colour: HUE.bark,
        tip: HUE.tan,
      },
      random,
    ),
  );
  for (let row = 0; row < 5; row += 1) {
    for (let column = -3; column <= 3; column += 1) {
      const t = (row + 0.4) / 5;
      const u = (column + (row % 2) * 0.5) / 3.4;
      const place = aside(
        step(base, heading, t * size * 0.42),
        heading,
        u * size * 0.33 * profile(0.4, 0.22)(Math.min(0.96, t)),
      );
      marks.push(
        growBody(
          {
            base: place,
            heading,
            length: size * 0.09,
            width: size * 0.09,
            shape: profile(0.5, 0.6),
            colour: shade(HUE.tan, -0.08),
            material: 'seed',
          },
          random,
        ),
      );
    }
  }
  return marks;
}

export const growOak: GrowPlant = (random) => {
  const tone = shade(GREEN.moss, -0.03, 0, 4);
  return growTwig(
    {
      length: 900,
      thickness: 16,
      branches: 3,
      opposite: false,
      nodes: 9,
      bark: HUE.bark,
      bend: 0.25,
      leaf: simpleLeaf(
        {
          length: 270,
          width: 165,
          shape: profile(1.05, 0.6),
          margin: { kind: 'lobed', lobes: 4.6, depth: 0.5 },
          veinCount: 6,
          veinAngle: 0.14,
          net: true,
          stalk: 16,
          colour: tone,
          tip: shade(HUE.amber, -0.14, -0.04, 16),
        },
        random,
      ),
      fruit: (point, heading, side) => {
        const line = walk(point, heading, 70, { bend: side * 0.9, steps: 8 });
        const end = tipOf(line);
        return [strand(line, 3.6, 3, HUE.tan), ...growAcorn(end.point, end.heading, 66, random)];
      },
    },
    random,
  );
};

export const growBeech: GrowPlant = (random) =>
  growTwig(
    {
      length: 950,
      thickness: 12,
      branches: 4,
      opposite: false,
      nodes: 12,
      bark: shade(HUE.bark, 0.06, -0.02),
      bend: -0.3,
      leaf: simpleLeaf(
        {
          length: 170,
          width: 104,
          shape: SHAPES.elliptic,
          margin: { kind: 'undulate', waves: 8, depth: 0.03 },
          veinCount: 8,
          veinAngle: 0.13,
          stalk: 18,
          colour: HUE.chestnut,
          tip: HUE.orange,
        },
        random,
      ),
    },
    random,
  );

export const growOlive: GrowPlant = (random) =>
  growTwig(
    {
      length: 980,
      thickness: 12,
      branches: 4,
      opposite: true,
      nodes: 13,
      bark: shade(HUE.bark, 0.12, -0.02),
      bend: 0.42,
      leaf: simpleLeaf(
        {
          length: 158,
          width: 30,
          shape: SHAPES.elliptic,
          venation: 'midrib',
          stalk: 8,
          bend: 0.45,
          colour: shade(GREEN.sage, -0.1, 0.01),
          tip: GREEN.silver,
        },
        random,
      ),
      fruit: (point, heading, side) => {
        const line = walk(point, heading, 34, { bend: side * 0.6, steps: 5 });
        const end = tipOf(line);
        return [
          strand(line, 2.4, 2, GREEN.sage),
          growBody(
            {
              base: end.point,
              heading: end.heading,
              length: 62,
              width: 45,
              shape: profile(0.46, 0.5),
              colour: random.chance(0.5) ? shade(HUE.wine, -0.04, -0.03, -50) : GREEN.olive,
              tip: GREEN.moss,
            },
            random,
          ),
        ];
      },
    },
    random,
  );

export const growWillow: GrowPlant = (random) =>
  growTwig(
    {
      length: 1050,
      thickness: 10,
      branches: 3,
      opposite: false,
      nodes: 17,
      bark: shade(HUE.amber, -0.2, -0.04),
      bend: 0.55,
      leaf: simpleLeaf(
        {
          length: 190,
          width: 27,
          shape: SHAPES.lanceolate,
          margin: { kind: 'serrate', teeth: 22, depth: 0.1 },
          veinCount: 14,
          veinAngle: 0.08,
          stalk: 9,
          bend: 0.6,
          colour: shade(GREEN.blue, 0.02, 0.015, -24),
          tip: GREEN.silver,
        },
        random,
      ),
    },
    random,
  );

export const growEucalyptus: GrowPlant = (random) =>
  growTwig(
    {
      length: 1000,
      thickness: 10,
      branches: 2,
      opposite: true,
      nodes: 10,
      bark: shade(HUE.chestnut, 0.06, -0.02),
      bend: -0.36,
      leaf: simpleLeaf(
        {
          length: 126,
          width: 122,
          shape: profile(0.4, 0.5),
          heart: 0.06,
          veinCount: 6,
          veinAngle: 0.16,
          stalk: 10,
          bend: 0.1,
          colour: shade(GREEN.blue, 0.06, -0.01),
          tip: shade(GREEN.silver, 0.02, 0.01, 30),
        },
        random,
      ),
    },
    random,
  );

export const growHolly: GrowPlant = (random) =>
  growTwig(
    {
      length: 860,
      thickness: 13,
      branches: 3,
      opposite: false,
      nodes: 10,
      bark: shade(HUE.bark, 0.04),
      bend: 0.2,
      leaf: simpleLeaf(
        {
          length: 190,
          width: 112,
          shape: SHAPES.elliptic,
          margin: { kind: 'serrate', teeth: 6, depth: 0.46 },
          veinCount: 6,
          veinAngle: 0.12,
          stalk: 14,
          colour: GREEN.deep,
          tip: shade(GREEN.deep, 0.06, 0.01),
        },
        random,
      ),
      fruit: (point, heading, side) => {
        const marks: Mark[] = [];
        for (let index = 0; index < 4; index += 1) {
          const line = walk(point, heading + (index - 1.5) * 0.5, random.between(26, 44), {
            bend: side * 0.3,
            steps: 4,
          });
          const end = tipOf(line);
          marks.push(
            strand(line, 2.2, 1.8, GREEN.olive),
            growBody(
              { base: end.point, heading: end.heading, length: 33, width: 33, colour: HUE.scarlet, tip: HUE.crimson },
              random,
            ),
          );
          marks.push(dots([{ ...step(end.point, end.heading, 31), radius: 3.4 }], HUE.black));
        }
        return marks;
      },
    },
    random,
  );

export const growIvy: GrowPlant = (random) => {
  const tones = [GREEN.deep, shade(GREEN.deep, 0.06), GREEN.leaf];
  return growTwig(
    {
      length: 1150,
      thickness: 11,
      branches: 3,
      opposite: false,
      nodes: 12,
      bark: shade(HUE.chestnut, -0.02, -0.03),
      bend: 0.8,
      leaf: (point, heading, side, size) => {
        const tone = vary(random.pick(tones), random);
        return stalked(point, heading, 74 * size, shade(HUE.chestnut, 0.1), 3, side * 0.5, (end, way) =>
          growPalmate(
            {
              base: end,
              heading: way,
              length: 120 * size,
              lobes: [
                { angle: -112, reach: 0.62 },
                { angle: -56, reach: 0.8, width: 0.3 },
                { angle: 0, reach: 1, width: 0.34 },
                { angle: 56, reach: 0.8, width: 0.3 },
                { angle: 112, reach: 0.62 },
              ],
              bay: 0.74,
              smooth: false,
              colour: tone,
              tip: shade(tone, 0.05),
            },
            random,
          ),
        );
      },
    },
    random,
  );
};

const MAPLE_LOBES = [
  { angle: -118, reach: 0.5, width: 0.16 },
  { angle: -60, reach: 0.88, width: 0.2 },
  { angle: 0, reach: 1, width: 0.2 },
  { angle: 60, reach: 0.88, width: 0.2 },
  { angle: 118, reach: 0.5, width: 0.16 },
];

export function growMapleLeaf(
  base: Point,
  heading: number,
  size: number,
  tone: Colour,
  tip: Colour,
  random: Random,
): Mark {
  return growPalmate(
    { base, heading, length: size, lobes: MAPLE_LOBES, bay: 0.46, teeth: 4, toothDepth: 0.085, colour: tone, tip },
    random,
  );
}

export const growJapaneseMaple: GrowPlant = (random) =>
  growTwig(
    {
      length: 920,
      thickness: 11,
      branches: 4,
      opposite: true,
      nodes: 7,
      bark: HUE.umber,
      bend: -0.3,
      leaf: (point, heading, side, size) => {
        const tone = mixColour(HUE.crimson, HUE.orange, random.next());
        return stalked(point, heading, 56 * size, HUE.crimson, 2.6, side * 0.4, (end, way) =>
          growPalmate(
            {
              base: end,
              heading: way,
              length: 138 * size,
              lobes: [-126, -84, -42, 0, 42, 84, 126].map((angle) => ({
                angle,
                reach: 1 - Math.abs(angle) / 240,
                width: 0.17,
              })),
              bay: 0.3,
              teeth: 5,
              toothDepth: 0.04,
              colour: tone,
              tip: vary(mixColour(tone, HUE.amber, 0.35), random),
            },
            random,
          ),
        );
      },
    },
    random,
  );

export const growGinkgo: GrowPlant = (random) => {
  const bark = shade(HUE.bark, 0.05);
  const wood: Mark[] = [];
  const leaves: Mark[] = [];
  const main = walk({ x: 0, y: 0 }, -0.25, 950, { bend: 0.55, wobble: 0.08, random, steps: 26 });
  wood.push(strand(main, 19, 9, bark));
  const nodes = 8;
  for (let node = 0; node < nodes; node += 1) {
    const t = mix(0.16, 1, node / (nodes - 1));
    const side = node % 2 === 0 ? -1 : 1;
    const { point, heading } = along(main, t);
    const spur = walk(point, heading + side * (t > 0.98 ? 0.1 : 1), 38, { bend: -side * 0.2, steps: 6 });
    wood.push(strand(spur, 15, 13, shade(bark, -0.03)));
    for (let ring = 0; ring < 5; ring += 1) {
      const place = along(spur, ring / 5);
      wood.push(
        strand(
          [aside(place.point, place.heading, -8), aside(place.point, place.heading, 8)],
          1.6,
          1.6,
          shade(bark, -0.1),
        ),
      );
    }
    const end = tipOf(spur);
    const count = random.integer(3, 4);
    for (let index = 0; index < count; index += 1) {
      const turn = end.heading + mix(-0.95, 0.95, (index + random.between(0.2, 0.8)) / count);
      const stalk = walk(end.point, turn, random.between(80, 135), { bend: random.between(-0.7, 0.7), steps: 10 });
      const tone = mixColour(HUE.yellow, shade(GREEN.lime, -0.03), random.next() ** 1.6);
      leaves.push(strand(stalk, 4, 3, shade(tone, -0.12)));
      const tip = tipOf(stalk);
      leaves.push(
        growFan(
          {
            base: tip.point,
            heading: tip.heading,
            radius: random.between(104, 142),
            spread: degrees(random.between(128, 160)),
            cleft: random.between(0.12, 0.5),
            colour: shade(tone, -0.03, 0.01),
            tip: vary(tone, random),
          },
          random,
        ),
      );
    }
  }
  return [...wood, ...leaves];
};

function growNeedles(line: readonly Point[], count: number, length: number, tone: Colour, random: Random): Mark[] {
  const marks: Mark[] = [];
  for (let index = 0; index < count; index += 1) {
    const { point, heading } = along(line, mix(0.06, 1, index / count));
    const side = index % 2 === 0 ? -1 : 1;
    for (const offset of [0, 0.16]) {
      const way = heading + side * (random.between(0.35, 0.8) + offset);
      marks.push(
        strand(
          walk(point, way, length * random.between(0.85, 1.1), { bend: -side * random.between(0, 0.25), steps: 6 }),
          3.1,
          1.6,
          vary(tone, random, 1.5),
          'leaf',
        ),
      );
    }
  }
  return marks;
}

export function growConeFromSide(base: Point, heading: number, size: number, random: Random): Mark[] {
  const marks: Mark[] = [];
  const shape = profile(0.5, 0.75);
  const rows = 15;
  for (let row = rows - 1; row >= 0; row -= 1) {
    const t = (row + 0.5) / rows;
    const half = size * 0.34 * shape(mix(0.06, 0.97, t));
    const across = Math.max(2, Math.round(half / (size * 0.055)));
    for (let column = 0; column <= across; column += 1) {
      const u = mix(-1, 1, (column + (row % 2) * 0.5) / (across + 0.5));
      if (Math.abs(u) > 1) continue;
      const place = aside(step(base, heading, size * t), heading, u * half);
      const tone = vary(mixColour(HUE.chestnut, HUE.tan, 0.35 + 0.4 * (1 - Math.abs(u))), random);
      const length = size * 0.15;
      const scale = growBody(
        {
          base: step(place, heading + u * 0.7, -length * 0.35),
          heading: heading + u * 0.75,
          length,
          width: length * mix(0.98, 0.6, Math.abs(u)),
          shape: profile(0.7, 0.36),
          colour: shade(tone, -0.1),
          tip: tone,
          material: 'seed',
        },
        random,
      );
      marks.push(scale, dots([{ ...step(place, heading + u * 0.75, length * 0.42), radius: size * 0.011 }], HUE.straw));
    }
  }
  return marks;
}

export const growPine: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const bark = shade(HUE.chestnut, 0.02, -0.03);
  const main = walk({ x: 0, y: 0 }, -0.5, 900, { bend: 0.5, wobble: 0.06, random, steps: 24 });
  const twigs = [
    { t: 0.34, turn: 0.8, length: 340 },
    { t: 0.48, turn: -0.75, length: 360 },
    { t: 0.66, turn: 0.66, length: 290 },
  ].map(({ t, turn, length }) => {
    const { point, heading } = along(main, t);
    return walk(point, heading + turn, length, { bend: -turn * 0.4, steps: 14 });
  });
  const tone = shade(GREEN.blue, -0.06, 0.015, -14);
  twigs.forEach((line) => marks.push(...growNeedles(line, 74, 150, tone, random)));
  marks.push(...growNeedles(main.slice(9), 110, 170, tone, random));
  twigs.forEach((line) => marks.push(strand(line, 13, 8, bark)));
  marks.push(strand(main, 20, 10, bark));
  for (const line of [main, ...twigs]) {
    const end = tipOf(line);
    for (const turn of [-0.5, 0.5, 0])
      marks.push(
        growBody(
          {
            base: end.point,
            heading: end.heading + turn,
            length: turn === 0 ? 46 : 30,
            width: turn === 0 ? 17 : 12,
            shape: profile(0.4, 0.7),
            colour: shade(HUE.orange, -0.14, -0.06),
          },
          random,
        ),
      );
  }
  const { point, heading } = along(main, 0.3);
  marks.push(...growConeFromSide(aside(point, heading, -12), heading - 1.9, 220, random));
  return marks;
};

export const growAppleBlossom =
  (blossom: (centre: Point, radius: number) => Mark[]): GrowPlant =>
  (random) => {
    const marks: Mark[] = [];
    const bark = HUE.umber;
    const main = walk({ x: 0, y: 0 }, 0.5, 760, { bend: -0.5, wobble: 0.14, random, steps: 24 });
    marks.push(strand(main, 22, 9, bark));
    const clusters: Mark[] = [];
    for (let node = 0; node < 6; node += 1) {
      const t = mix(0.22, 1, node / 5);
      const side = node % 2 === 0 ? -1 : 1;
      const { point, heading } = along(main, t);
      const spur = walk(point, heading + side * 0.9, random.between(50, 110), { bend: -side * 0.3, steps: 8 });
      marks.push(strand(spur, 12, 8, bark));
      const end = tipOf(spur);
      for (let index = 0; index < 5; index += 1) {
        const turn = end.heading + mix(-1.6, 1.6, index / 4);
        const leaf = simpleLeaf(
          {
            length: 118,
            width: 56,
            shape: SHAPES.elliptic,
            margin: { kind: 'serrate', teeth: 14, depth: 0.08 },
            veinCount: 7,
            stalk: 18,
            colour: shade(GREEN.fresh, -0.08),
          },
          random,
        );
        clusters.push(...leaf(end.point, turn, turn > end.heading ? 1 : -1, random.between(0.7, 1.05)));
      }
      for (let index = 0; index < 4; index += 1) {
        const line = walk(end.point, end.heading + mix(-1.1, 1.1, index / 3), random.between(46, 84), { steps: 5 });
        clusters.push(strand(line, 4, 3.4, GREEN.olive));
        const place = at(line, line.length - 1);
        if (index === 3)
          clusters.push(
            growBody(
              {
                base: place,
                heading: end.heading + 1,
                length: 44,
                width: 38,
                colour: HUE.rose,
                tip: HUE.magenta,
                material: 'petal',
              },
              random,
            ),
          );
        else clusters.push(...blossom(place, random.between(58, 72)));
      }
    }
    return [...marks, ...clusters];
  };
