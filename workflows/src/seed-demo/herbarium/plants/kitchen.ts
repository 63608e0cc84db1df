import { mixColour, shade, vary, type Colour } from '../colour.ts';
import { along, at, GOLDEN_ANGLE, mix, step, TURN, walk, type Point } from '../geometry.ts';
import { growLeaf, profile, SHAPES } from '../leaf.ts';
import { onBlade, type Blade, type Mark } from '../marks.ts';
import { growBody, growPetal, PETALS } from '../petal.ts';
import type { Random } from '../random.ts';
import { dots, growRoots, strand, tipOf, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';
import { growLaceLeaf } from './umbels.ts';

/** The thin roots and rings that a pulled root shows across its skin. */
function skinRings(root: Blade, count: number, tone: Colour, random: Random): Mark[] {
  return Array.from({ length: count }, () => {
    const t = random.next() ** 1.4 * 0.8 + 0.06;
    const u = random.between(-0.9, 0.5);
    return strand(
      [onBlade(root, t, u), onBlade(root, t + 0.006, u + 0.2), onBlade(root, t, u + random.between(0.25, 0.5))],
      1.6,
      0.8,
      tone,
      'root',
    );
  });
}

function growCarrot(x: number, length: number, width: number, tone: Colour, tip: Colour, random: Random): Mark[] {
  const marks: Mark[] = [];
  const top = { x, y: 0 };
  for (const turn of [-0.4, 0.34, -0.05]) {
    marks.push(
      ...growLaceLeaf(
        top,
        turn + random.between(-0.1, 0.1),
        random.between(330, 400),
        turn * 0.7,
        vary(shade(GREEN.leaf, 0.03), random),
        false,
        random,
      ),
    );
  }
  const root = growBody(
    {
      base: top,
      heading: Math.PI + random.between(-0.06, 0.06),
      length,
      width,
      shape: profile(0.13, 0.72),
      bend: random.between(-0.25, 0.25),
      ribs: 2,
      colour: tone,
      tip,
      material: 'root',
    },
    random,
  );
  marks.push(root, ...skinRings(root, 22, shade(tone, -0.13), random));
  const end = tipOf(root.axis);
  marks.push(
    strand(
      walk(step(end.point, end.heading, -10), end.heading, length * 0.24, {
        bend: random.between(-0.9, 0.9),
        steps: 10,
      }),
      4,
      0.9,
      tip,
      'root',
    ),
  );
  for (let hair = 0; hair < 7; hair += 1) {
    const t = random.between(0.35, 0.95);
    const side = random.sign();
    marks.push(
      strand(
        walk(onBlade(root, t, side), end.heading + side * random.between(0.8, 1.3), random.between(24, 60), {
          bend: random.between(-0.8, 0.8),
          steps: 6,
        }),
        1.5,
        0.6,
        tip,
        'root',
      ),
    );
  }
  return marks;
}

function growRadish(x: number, size: number, long: number, random: Random): Mark[] {
  const marks: Mark[] = [];
  const top = { x, y: 0 };
  for (const turn of [-0.5, 0.44, -0.08]) {
    const reach = random.between(260, 330);
    const stalk = walk(top, turn, reach * 0.5, { bend: turn * 0.3, steps: 8 });
    const end = tipOf(stalk);
    marks.push(
      growLeaf(
        {
          base: step(end.point, end.heading, -reach * 0.16),
          heading: end.heading,
          length: reach * 0.72,
          width: reach * 0.32,
          shape: profile(1.2, 0.55),
          margin: { kind: 'lobed', lobes: 4, depth: 0.24 },
          bend: turn * 0.6,
          tilt: random.between(-0.2, 0.2),
          veinCount: 6,
          net: true,
          colour: vary(GREEN.fresh, random),
          tip: shade(GREEN.leaf, 0.03),
        },
        random,
      ),
    );
    marks.push(strand(stalk, 8, 5, shade(GREEN.lime, 0.02, -0.03)));
  }
  const root = growBody(
    {
      base: { x, y: -4 },
      heading: Math.PI + random.between(-0.08, 0.08),
      length: size * long,
      width: size,
      shape: long > 1.5 ? profile(0.28, 0.4) : profile(0.46, 0.5),
      colour: HUE.crimson,
      tip: long > 1.5 ? HUE.white : shade(HUE.magenta, 0.03),
      material: 'root',
      ribs: 2,
    },
    random,
  );
  marks.push(root, ...skinRings(root, 6, shade(HUE.pink, 0.02), random));
  const end = tipOf(root.axis);
  marks.push(
    strand(
      walk(step(end.point, end.heading, -5), end.heading, size * 1.3, { bend: random.between(-1.2, 1.2), steps: 12 }),
      5,
      0.8,
      HUE.pink,
      'root',
    ),
  );
  return marks;
}

function growBeet(x: number, size: number, random: Random): Mark[] {
  const marks: Mark[] = [];
  const top = { x, y: 0 };
  for (const turn of [-0.62, 0.56, -0.22, 0.2]) {
    const reach = random.between(370, 430);
    const stalk = walk(top, turn, reach * 0.5, { bend: turn * 0.25, steps: 8 });
    const end = tipOf(stalk);
    const leaf = growLeaf(
      {
        base: end.point,
        heading: end.heading,
        length: reach * 0.56,
        width: reach * 0.31,
        shape: SHAPES.ovate,
        margin: { kind: 'undulate', waves: 5, depth: 0.07 },
        bend: turn * 0.7,
        tilt: random.between(-0.25, 0.25),
        venation: 'none',
        colour: vary(shade(GREEN.deep, 0.07), random),
        tip: shade(GREEN.leaf, 0.02),
      },
      random,
    );
    marks.push(leaf);
    marks.push(
      strand(
        [0, 0.3, 0.6, 0.92].map((t) => onBlade(leaf, t, 0)),
        6,
        1.4,
        HUE.crimson,
      ),
    );
    for (let vein = 0; vein < 6; vein += 1) {
      for (const side of [-1, 1] as const) {
        const t = mix(0.1, 0.74, vein / 5);
        marks.push(
          strand(
            [onBlade(leaf, t, 0), onBlade(leaf, t + 0.07, side * 0.45), onBlade(leaf, t + 0.17, side * 0.86)],
            1.9,
            0.8,
            shade(HUE.crimson, 0.05),
          ),
        );
      }
    }
    marks.push(strand(stalk, 10, 7, HUE.crimson));
  }
  const root = growBody(
    {
      base: { x, y: -8 },
      heading: Math.PI,
      length: size * 1.02,
      width: size,
      shape: profile(0.42, 0.52),
      ribs: 3,
      colour: shade(HUE.wine, 0.03, 0.01),
      tip: shade(HUE.wine, -0.03),
      material: 'root',
    },
    random,
  );
  marks.push(root, ...skinRings(root, 12, shade(HUE.wine, 0.12), random));
  marks.push(
    strand(
      walk({ x, y: size * 0.94 }, Math.PI, size * 1.1, { bend: random.between(-0.8, 0.8), steps: 12 }),
      10,
      1,
      HUE.wine,
      'root',
    ),
  );
  marks.push(...growRoots({ x, y: size * 0.95 }, Math.PI, 4, size * 0.5, 1.6, HUE.wine, random));
  return marks;
}

function growBeetSlice(x: number, y: number, radius: number, random: Random): Mark[] {
  const marks: Mark[] = [];
  for (let ring = 0; ring < 9; ring += 1) {
    const share = 1 - ring * 0.112;
    const tone = ring % 2 === 0 ? shade(HUE.magenta, -0.14, -0.01, 8) : shade(HUE.pink, 0.06, -0.03);
    marks.push(
      growBody(
        {
          base: { x: x + random.between(-2, 2), y: y + radius * share },
          heading: 0,
          length: radius * 2 * share,
          width: radius * 2 * share * random.between(0.985, 1.02),
          colour: vary(tone, random, 0.5),
          tip: vary(tone, random, 0.5),
          material: 'flesh',
        },
        random,
      ),
    );
  }
  return marks;
}

/** A row of roots with their tops, pulled and laid side by side. */
export const growRootCrops: GrowPlant = (random) => [
  ...growCarrot(-560, 520, 96, HUE.orange, HUE.amber, random),
  ...growRadish(-365, 104, 1, random),
  ...growCarrot(-195, 470, 88, shade(HUE.wine, 0.06, 0, -60), HUE.mauve, random),
  ...growBeet(40, 205, random),
  ...growRadish(255, 84, 2.3, random),
  ...growCarrot(420, 560, 92, HUE.butter, HUE.cream, random),
  ...growRadish(585, 98, 1, random),
  ...growBeetSlice(-38, 390, 86, random),
  ...growBeetSlice(150, 350, 68, random),
];

function growPepper(
  base: Point,
  heading: number,
  length: number,
  tone: Colour,
  tip: Colour,
  bend: number,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  const fruit = growBody(
    {
      base: step(base, heading, length * 0.04),
      heading,
      length,
      width: length * 0.27,
      shape: profile(0.2, 0.66),
      bend,
      colour: tone,
      tip,
      material: 'flesh',
    },
    random,
  );
  marks.push(fruit);
  // The wet light on a smooth skin.
  const shine = [0.1, 0.25, 0.42, 0.58].map((t) => onBlade(fruit, t, -0.42));
  marks.push(strand(shine, length * 0.035, length * 0.008, shade(tip, 0.2, -0.07), 'hair', true));
  marks.push(
    growBody(
      {
        base: step(base, heading, -length * 0.02),
        heading,
        length: length * 0.13,
        width: length * 0.24,
        shape: profile(0.5, 0.3),
        colour: GREEN.leaf,
        tip: GREEN.moss,
        material: 'leaf',
      },
      random,
    ),
  );
  return marks;
}

export const growChilli: GrowPlant = (random) => {
  const wood: Mark[] = [];
  const leaves: Mark[] = [];
  const fruits: Mark[] = [];
  const tone = shade(GREEN.leaf, 0.01, 0.005);
  const stages: readonly (readonly [Colour, Colour])[] = [
    [HUE.scarlet, HUE.scarlet],
    [GREEN.leaf, GREEN.moss],
    [HUE.scarlet, HUE.orange],
    [HUE.orange, GREEN.moss],
    [HUE.crimson, HUE.scarlet],
    [shade(HUE.amber, 0, 0.01), HUE.yellow],
    [HUE.scarlet, HUE.crimson],
  ];
  let hung = 0;
  const branch = (base: Point, heading: number, length: number, width: number, order: number): void => {
    const line = walk(base, heading, length, { bend: -heading * 0.35 + random.between(-0.15, 0.15), steps: 14 });
    wood.push(strand(line, width, width * 0.7, mixColour(tone, GREEN.fresh, 0.4)));
    const end = tipOf(line);
    const leafAt = (t: number, turn: number, size: number): void => {
      const { point, heading: way } = along(line, t);
      const stalk = walk(point, way + turn, size * 0.26, { steps: 4 });
      const foot = tipOf(stalk);
      leaves.push(
        strand(stalk, 4, 3, tone),
        growLeaf(
          {
            base: foot.point,
            heading: foot.heading,
            length: size,
            width: size * 0.44,
            shape: SHAPES.ovate,
            bend: turn * random.between(0.2, 0.7),
            tilt: random.between(-0.35, 0.35),
            veinCount: 6,
            veinAngle: 0.24,
            colour: vary(tone, random),
            tip: shade(tone, 0.05),
          },
          random,
        ),
      );
    };
    leafAt(0.45, 1, 170);
    leafAt(0.62, -1, 180);
    leafAt(0.98, random.sign() * 0.3, 190);
    const hang = (t: number, side: number): void => {
      const { point } = along(line, t);
      const stalk = walk(point, side * 1.1, 74, { bend: side * 1.7, steps: 8 });
      const foot = tipOf(stalk);
      const [from, to] = stages[hung % stages.length] ?? [HUE.scarlet, HUE.scarlet];
      hung += 1;
      fruits.push(
        strand(stalk, 7, 8, GREEN.moss),
        ...growPepper(
          foot.point,
          foot.heading + side * 0.1,
          random.between(190, 245),
          from,
          to,
          side * random.between(-0.3, 0.35),
          random,
        ),
      );
    };
    if (order > 0) hang(0.8, random.sign());
    if (order === 1) hang(0.5, heading > 0 ? 1 : -1);
    if (order >= 2) {
      const flower = walk(end.point, end.heading + 0.9, 46, { bend: 0.9, steps: 5 });
      const face = tipOf(flower);
      fruits.push(strand(flower, 4, 4, GREEN.moss));
      for (let petal = 0; petal < 6; petal += 1)
        fruits.push(
          growPetal(
            {
              base: face.point,
              heading: face.heading + (petal / 6) * TURN,
              length: 38,
              width: 22,
              shape: PETALS.pointed,
              veinCount: 1,
              colour: HUE.cream,
              tip: HUE.white,
            },
            random,
          ),
        );
      fruits.push(
        dots(
          Array.from({ length: 6 }, (_, index) => ({ ...step(face.point, (index / 6) * TURN, 8), radius: 4 })),
          HUE.blue,
        ),
      );
      return;
    }
    branch(end.point, end.heading - random.between(0.45, 0.6), length * 0.7, width * 0.72, order + 1);
    branch(end.point, end.heading + random.between(0.45, 0.6), length * 0.7, width * 0.72, order + 1);
  };
  branch({ x: 0, y: 0 }, 0, 330, 22, 0);
  wood.push(...growRoots({ x: 0, y: 0 }, Math.PI, 9, 150, 5, HUE.straw, random));
  return [...wood, ...leaves, ...fruits];
};

interface CitrusColours {
  readonly peel: Colour;
  readonly pith: Colour;
  readonly flesh: Colour;
  readonly heart: Colour;
}

function growCitrusSlice(
  centre: Point,
  radius: number,
  segments: number,
  colours: CitrusColours,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  const disc = (share: number, tone: Colour, tip = tone): void => {
    marks.push(
      growBody(
        {
          base: step(centre, Math.PI, radius * share),
          heading: 0,
          length: radius * share * 2,
          width: radius * share * 2,
          colour: tone,
          tip,
          material: 'flesh',
        },
        random,
      ),
    );
  };
  disc(1, colours.peel, shade(colours.peel, 0.04));
  const pores = Array.from({ length: 90 }, () => ({
    ...step(centre, random.between(0, TURN), radius * random.between(0.945, 0.985)),
    radius: radius * 0.008,
  }));
  marks.push(dots(pores, shade(colours.peel, -0.08), 'flesh'));
  disc(0.925, colours.pith);
  const start = random.between(0, TURN);
  for (let index = 0; index < segments; index += 1) {
    const heading = start + (index / segments) * TURN + random.between(-0.025, 0.025);
    const span = (TURN / segments) * 0.94;
    const reach = radius * random.between(0.83, 0.855);
    const inner = radius * 0.055;
    const count = 14;
    // A wedge with round shoulders, thin at the core.
    const side = (sign: 1 | -1): Point[] =>
      Array.from({ length: count + 1 }, (_, place) => {
        const t = place / count;
        const straight = Math.min(1, t / 0.72);
        const r = mix(inner, reach * 0.93, straight);
        const shoulder = t <= 0.72 ? 1 : Math.cos(((t - 0.72) / 0.28) * (Math.PI / 2)) ** 0.75;
        const out = t <= 0.72 ? r : mix(reach * 0.93, reach, Math.sin(((t - 0.72) / 0.28) * (Math.PI / 2)));
        return step(centre, heading + sign * (span / 2) * shoulder * (1 - 0.1 / Math.max(0.12, straight * 4)), out);
      });
    const left = side(-1);
    const right = side(1);
    const axis = left.map((point, place) => ({
      x: (point.x + at(right, place).x) / 2,
      y: (point.y + at(right, place).y) / 2,
    }));
    const tone = vary(mixColour(colours.flesh, colours.heart, random.next() * 0.5), random, 0.7);
    const wedge: Blade = {
      kind: 'blade',
      material: 'petal',
      left,
      axis,
      right,
      smooth: true,
      veins: [],
      colour: shade(tone, -0.02),
      tip: shade(tone, 0.03),
    };
    marks.push(wedge);
    // Juice sacs, each a drop with its point to the core.
    for (let sac = 0; sac < 11; sac += 1) {
      const t = Math.sqrt(random.between(0.03, 0.78));
      const u = random.between(-0.8, 0.8);
      const from = onBlade(wedge, t * 0.72, u * 0.9);
      const to = onBlade(wedge, Math.min(0.93, t + 0.14), u);
      const length = Math.hypot(to.x - from.x, to.y - from.y) * random.between(0.55, 0.85);
      marks.push(
        growBody(
          {
            base: from,
            heading: Math.atan2(to.x - from.x, from.y - to.y),
            length,
            width: length * 0.36,
            shape: profile(1.2, 0.5),
            colour: shade(tone, random.between(-0.07, 0.05)),
            tip: shade(tone, random.between(-0.02, 0.1)),
            material: 'petal',
            body: 0.62,
          },
          random,
        ),
      );
    }
    if (random.chance(0.35)) {
      marks.push(
        growBody(
          {
            base: step(centre, heading, radius * 0.2),
            heading: heading + random.between(-0.2, 0.2),
            length: radius * 0.15,
            width: radius * 0.075,
            shape: profile(0.8, 0.5),
            colour: HUE.bone,
            tip: HUE.straw,
            material: 'seed',
          },
          random,
        ),
      );
    }
  }
  marks.push(
    growBody(
      {
        base: step(centre, Math.PI, radius * 0.05),
        heading: 0,
        length: radius * 0.1,
        width: radius * 0.1,
        colour: colours.pith,
        material: 'flesh',
      },
      random,
    ),
  );
  return marks;
}

function growCitrusLeaf(base: Point, heading: number, length: number, random: Random): Mark {
  return growLeaf(
    {
      base,
      heading,
      length,
      width: length * 0.42,
      shape: SHAPES.elliptic,
      margin: { kind: 'crenate', teeth: 16, depth: 0.025 },
      bend: random.between(-0.4, 0.4),
      tilt: random.between(-0.3, 0.3),
      veinCount: 8,
      veinAngle: 0.16,
      net: true,
      colour: vary(GREEN.deep, random),
      tip: vary(GREEN.leaf, random),
    },
    random,
  );
}

/** Nine slices and the leaves between them, to be looked at from every side. */
export const growCitrus: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const kinds: readonly CitrusColours[] = [
    { peel: HUE.orange, pith: HUE.cream, flesh: shade(HUE.orange, 0.05), heart: HUE.amber },
    { peel: HUE.yellow, pith: HUE.white, flesh: shade(HUE.butter, 0, 0.03), heart: HUE.butter },
    {
      peel: HUE.orange,
      pith: shade(HUE.pink, 0.08, -0.04, 40),
      flesh: HUE.crimson,
      heart: shade(HUE.wine, 0.05, 0.02),
    },
    { peel: shade(HUE.amber, 0.05), pith: HUE.cream, flesh: shade(HUE.coral, 0.06, -0.03), heart: HUE.coral },
    {
      peel: GREEN.leaf,
      pith: shade(HUE.cream, 0, 0.01, 20),
      flesh: shade(GREEN.lime, 0.03),
      heart: shade(GREEN.lime, 0.08, -0.03),
    },
  ];
  const layout = [
    [-330, -330, 205, 0],
    [60, -390, 165, 1],
    [390, -300, 185, 2],
    [-410, 55, 160, 4],
    [-40, -20, 240, 3],
    [345, 75, 175, 1],
    [-300, 385, 195, 2],
    [90, 380, 150, 4],
    [395, 395, 165, 0],
  ] as const;
  for (let index = 0; index < 20; index += 1) {
    const turn = index * GOLDEN_ANGLE;
    const place = step({ x: 0, y: 0 }, turn, 120 + 390 * Math.sqrt(index / 20));
    marks.push(growCitrusLeaf(place, turn + random.between(-0.9, 0.9), random.between(170, 230), random));
  }
  for (const [x, y, radius, kind] of layout)
    marks.push(...growCitrusSlice({ x, y }, radius, random.integer(9, 11), at(kinds, kind), random));
  for (const [x, y] of [
    [-150, -190],
    [205, -150],
    [-160, 220],
    [215, 245],
  ] as const) {
    for (let petal = 0; petal < 5; petal += 1)
      marks.push(
        growPetal(
          {
            base: { x, y },
            heading: (petal / 5) * TURN + x,
            length: 62,
            width: 32,
            shape: PETALS.pointed,
            veinCount: 2,
            bend: random.between(-0.3, 0.3),
            colour: HUE.cream,
            tip: HUE.white,
          },
          random,
        ),
      );
    marks.push(
      dots(
        Array.from({ length: 12 }, (_, index) => ({
          ...step({ x, y }, (index / 12) * TURN, random.between(8, 14)),
          radius: 3.6,
        })),
        HUE.amber,
      ),
    );
  }
  return marks;
};
