import { shade, vary, type Colour } from '../colour.ts';
import { along, aside, at, degrees, GOLDEN_ANGLE, mix, step, TURN, walk, type Point } from '../geometry.ts';
import { growLeaf, profile, SHAPES } from '../leaf.ts';
import { moveMarks, type Dot, type Mark } from '../marks.ts';
import { growBody, growPetal, growStamens, PETALS } from '../petal.ts';
import type { Random } from '../random.ts';
import { dots, scatterDots, strand, tipOf, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';

/** Presses marks flat along a heading, as a flower seen from the side. */
export function squash(marks: readonly Mark[], centre: Point, heading: number, share: number): Mark[] {
  const [sin, cos] = [Math.sin(heading), -Math.cos(heading)];
  return moveMarks(marks, (point) => {
    const forward = (point.x - centre.x) * sin + (point.y - centre.y) * cos;
    return { x: point.x - sin * forward * (1 - share), y: point.y - cos * forward * (1 - share) };
  });
}

/** Bristles on both sides of a stalk. */
export function growBristles(
  line: readonly Point[],
  count: number,
  length: number,
  colour: Colour,
  random: Random,
): Mark[] {
  return Array.from({ length: count }, () => {
    const { point, heading } = along(line, random.next());
    const side = random.sign();
    return strand(
      walk(aside(point, heading, side), heading + side * random.between(1.2, 1.7), length * random.between(0.6, 1.1), {
        steps: 3,
        bend: -side * 0.3,
      }),
      0.9,
      0.5,
      colour,
      'hair',
    );
  });
}

export function growCapsule(base: Point, heading: number, size: number, colour: Colour, random: Random): Mark[] {
  const marks: Mark[] = [
    growBody(
      {
        base,
        heading,
        length: size,
        width: size * 0.78,
        shape: profile(0.55, 0.34),
        ribs: 7,
        colour,
        tip: shade(colour, 0.05),
        material: 'seed',
      },
      random,
    ),
  ];
  const top = step(base, heading, size * 0.97);
  const disc: Point[] = [];
  for (let index = 0; index <= 16; index += 1) {
    const t = index / 16;
    const wave = Math.abs(Math.sin(t * Math.PI * 5)) * size * 0.05;
    disc.push(
      step(aside(top, heading, mix(-0.46, 0.46, t) * size), heading, Math.sin(t * Math.PI) * size * 0.16 + wave),
    );
  }
  const lower = disc.map((point, index) =>
    step(point, heading, -(0.1 + Math.sin((index / 16) * Math.PI) * 0.06) * size),
  );
  marks.push({
    kind: 'blade',
    material: 'seed',
    left: disc,
    axis: disc.map((point, index) => ({
      x: (point.x + at(lower, index).x) / 2,
      y: (point.y + at(lower, index).y) / 2,
    })),
    right: lower,
    smooth: true,
    veins: [0.15, 0.32, 0.5, 0.68, 0.85].map((t) => ({
      order: 2 as const,
      line: [along(disc, t).point, along(lower, 0.5 + (t - 0.5) * 0.5).point],
    })),
    colour: shade(colour, -0.06, 0.01, -20),
    tip: shade(colour, -0.03, 0.01, -20),
  });
  return marks;
}

interface PoppyColours {
  readonly petal: Colour;
  readonly tip: Colour;
  readonly eye: Colour | undefined;
  readonly anther: Colour;
}

function growPoppyFlower(centre: Point, facing: number, size: number, colours: PoppyColours, random: Random): Mark[] {
  const marks: Mark[] = [];
  const petalAt = (angle: number, length: number, width: number): void => {
    marks.push(
      growPetal(
        {
          base: step(centre, facing + angle, size * 0.03),
          heading: facing + angle,
          length,
          width,
          shape: PETALS.round,
          frill: 0.075,
          frillWaves: 3.6,
          bend: random.between(-0.12, 0.12),
          veinCount: 9,
          colour: vary(shade(colours.petal, -0.03), random),
          tip: vary(colours.tip, random),
          tilt: random.between(-0.2, 0.2),
        },
        random,
      ),
    );
    if (colours.eye !== undefined) {
      const foot = step(centre, facing + angle, size * 0.02);
      marks.push(
        growPetal(
          {
            base: foot,
            heading: facing + angle,
            length: length * 0.34,
            width: width * 0.36,
            shape: PETALS.round,
            frill: 0.1,
            veinCount: 4,
            colour: colours.eye,
            tip: shade(colours.eye, 0.07),
            body: 0.92,
          },
          random,
        ),
      );
    }
  };
  petalAt(degrees(-52), size * 0.96, size * 1.08);
  petalAt(degrees(50), size * 0.98, size * 1.08);
  petalAt(degrees(-2), size * 1.02, size * 1.22);
  petalAt(degrees(-128), size * 0.78, size * 0.98);
  petalAt(degrees(132), size * 0.76, size * 0.96);
  petalAt(degrees(178), size * 0.66, size * 1.12);
  marks.push(
    ...growStamens(
      {
        centre,
        count: 54,
        length: size * 0.36,
        thread: shade(colours.anther, 0.06),
        anther: colours.anther,
        antherSize: size * 0.02,
        threadWidth: 1,
        squash: 0.86,
      },
      random,
    ),
  );
  marks.push(...growCapsule(step(centre, facing, -size * 0.08), facing, size * 0.2, GREEN.sage, random));
  return marks;
}

function growPoppyBud(line: readonly Point[], size: number, petal: Colour, random: Random): Mark[] {
  const end = tipOf(line);
  const split = random.chance(0.5);
  const marks: Mark[] = [];
  if (split)
    marks.push(
      growPetal(
        {
          base: step(end.point, end.heading, size * 0.3),
          heading: end.heading,
          length: size * 0.86,
          width: size * 0.5,
          shape: PETALS.cup,
          frill: 0.06,
          veinCount: 5,
          colour: petal,
        },
        random,
      ),
    );
  marks.push(
    growBody(
      {
        base: end.point,
        heading: end.heading - 0.06,
        length: size,
        width: size * 0.52,
        shape: profile(0.45, 0.5),
        ribs: 3,
        colour: shade(GREEN.leaf, 0.02, -0.02),
        material: 'leaf',
      },
      random,
    ),
  );
  const bristles = Array.from({ length: 40 }, () => {
    const t = random.between(0.08, 0.95);
    const side = random.sign();
    const from = aside(
      step(end.point, end.heading, t * size),
      end.heading,
      side * size * 0.26 * profile(0.45, 0.5)(t) * random.between(0.5, 1),
    );
    return strand(
      walk(from, end.heading + side * random.between(0.7, 1.4), size * 0.12, { steps: 2 }),
      0.9,
      0.5,
      GREEN.olive,
      'hair',
    );
  });
  marks.push(...bristles);
  return marks;
}

function growPoppyLeaf(
  base: Point,
  heading: number,
  length: number,
  bend: number,
  tone: Colour,
  random: Random,
): Mark[] {
  const axis = walk(base, heading, length, { bend, steps: 14 });
  const marks: Mark[] = [];
  const pairs = 7;
  for (let index = 0; index < pairs; index += 1) {
    const t = mix(0.14, 0.86, index / (pairs - 1));
    for (const side of [-1, 1] as const) {
      const { point, heading: way } = along(axis, t);
      const reach = length * 0.3 * Math.sin(Math.PI * mix(0.3, 0.92, t)) * random.between(0.85, 1.12);
      marks.push(
        growLeaf(
          {
            base: point,
            heading: way + side * degrees(mix(62, 36, t)),
            length: reach,
            width: reach * 0.36,
            shape: SHAPES.lanceolate,
            margin: { kind: 'serrate', teeth: 4, depth: 0.42 },
            bend: -side * 0.3,
            venation: 'midrib',
            colour: vary(tone, random),
          },
          random,
        ),
      );
    }
  }
  const end = tipOf(axis);
  marks.push(
    growLeaf(
      {
        base: step(end.point, end.heading, -length * 0.12),
        heading: end.heading,
        length: length * 0.3,
        width: length * 0.11,
        shape: SHAPES.lanceolate,
        margin: { kind: 'serrate', teeth: 5, depth: 0.4 },
        venation: 'midrib',
        colour: vary(tone, random),
      },
      random,
    ),
  );
  marks.push(strand(axis, length * 0.02, length * 0.008, shade(tone, 0.06)));
  return marks;
}

function growPoppyPlant(colours: PoppyColours, random: Random): Mark[] {
  const marks: Mark[] = [];
  const green = shade(GREEN.leaf, 0.02, -0.02, 4);
  const stalks = [
    { x: -6, heading: -0.12, length: 760, bend: 0.12 },
    { x: 8, heading: 0.3, length: 560, bend: 0.28 },
    { x: -14, heading: -0.4, length: 480, bend: -0.25 },
  ].map(({ x, heading, length, bend }) =>
    walk({ x, y: 0 }, heading, length * random.between(0.96, 1.04), { bend, wobble: 0.06, random, steps: 22 }),
  );
  for (const [heading, length, bend] of [
    [-1.05, 330, 0.5],
    [1, 340, -0.5],
    [-0.6, 380, 0.4],
    [0.62, 300, -0.3],
  ] as const) {
    marks.push(...growPoppyLeaf({ x: 0, y: -8 }, heading, length * random.between(0.9, 1.1), bend, green, random));
  }
  stalks.forEach((line) => {
    marks.push(strand(line, 8.5, 6, shade(green, 0.04)), ...growBristles(line, 110, 13, shade(green, -0.06), random));
  });
  const budLine = walk({ x: 6, y: -60 }, 0.62, 560, { bend: 0.2, steps: 16 });
  const hook = walk(tipOf(budLine).point, tipOf(budLine).heading, 110, { bend: 2.1, late: 0.8, steps: 10 });
  marks.push(
    strand([...budLine, ...hook.slice(1)], 7, 5, shade(green, 0.04)),
    ...growBristles([...budLine, ...hook], 90, 12, shade(green, -0.06), random),
  );
  marks.push(...growPoppyBud(hook, 98, colours.petal, random));
  const [first, second, third] = [at(stalks, 0), at(stalks, 1), at(stalks, 2)];
  const seedHead = tipOf(third);
  marks.push(...growCapsule(seedHead.point, seedHead.heading, 92, GREEN.sage, random));
  const side = tipOf(second);
  marks.push(
    ...squash(growPoppyFlower(side.point, side.heading + 0.3, 165, colours, random), side.point, side.heading, 0.78),
  );
  const top = tipOf(first);
  marks.push(...growPoppyFlower(top.point, top.heading - 0.1, 245, colours, random));
  return marks;
}

export const growCornPoppy: GrowPlant = (random) =>
  growPoppyPlant(
    { petal: HUE.scarlet, tip: shade(HUE.scarlet, 0.05, -0.01, 6), eye: colour2(0.22, 0.03, 330), anther: HUE.indigo },
    random,
  );

export const growIcelandPoppy: GrowPlant = (random) =>
  growPoppyPlant({ petal: HUE.amber, tip: HUE.butter, eye: undefined, anther: HUE.yellow }, random);

export const growOpiumPoppy: GrowPlant = (random) =>
  growPoppyPlant(
    {
      petal: shade(HUE.mauve, 0.02),
      tip: shade(HUE.pink, 0.02, -0.01, -20),
      eye: shade(HUE.wine, 0.02, 0.02, -40),
      anther: HUE.cream,
    },
    random,
  );

function colour2(lightness: number, chroma: number, hue: number): Colour {
  return { lightness, chroma, hue };
}

interface OpenFlowerSpec {
  readonly centre: Point;
  readonly radius: number;
  readonly petals: number;
  readonly rings: number;
  readonly width: number;
  readonly shape: (t: number) => number;
  readonly frill: number;
  readonly notch?: number;
  readonly colour: Colour;
  readonly tip: Colour;
  readonly eye: Colour;
  readonly eyeSize: number;
  readonly stamen: Colour;
  readonly stamens: number;
}

/** A flower seen from the front: rings of petals round an eye with stamens. */
export function growOpenFlower(spec: OpenFlowerSpec, random: Random): Mark[] {
  const { centre, radius } = spec;
  const marks: Mark[] = [];
  const start = random.between(0, TURN);
  for (let ring = 0; ring < spec.rings; ring += 1) {
    const share = 1 - ring * 0.24;
    for (let index = 0; index < spec.petals; index += 1) {
      const heading = start + ((index + ring * 0.5) / spec.petals) * TURN + random.between(-0.06, 0.06);
      marks.push(
        growPetal(
          {
            base: step(centre, heading, radius * 0.06),
            heading,
            length: radius * 0.94 * share * random.between(0.95, 1.04),
            width: spec.width * radius * share,
            shape: spec.shape,
            frill: spec.frill,
            frillWaves: 3,
            notch: spec.notch ?? 0,
            bend: random.between(-0.14, 0.14),
            tilt: random.between(-0.22, 0.22),
            veinCount: 5,
            colour: vary(shade(spec.colour, -ring * 0.02), random),
            tip: vary(spec.tip, random),
          },
          random,
        ),
      );
    }
  }
  marks.push(
    ...growStamens(
      {
        centre,
        count: spec.stamens,
        length: radius * spec.eyeSize * 1.9,
        thread: shade(spec.stamen, -0.08),
        anther: spec.stamen,
        antherSize: radius * 0.024,
        threadWidth: Math.max(0.8, radius * 0.008),
      },
      random,
    ),
  );
  const florets: Dot[] = [];
  const count = 70;
  for (let index = 0; index < count; index += 1) {
    const reach = radius * spec.eyeSize * Math.sqrt(index / count);
    florets.push({ ...step(centre, index * GOLDEN_ANGLE, reach), radius: radius * spec.eyeSize * 0.105 });
  }
  marks.push(
    growBody(
      {
        base: step(centre, 0, -radius * spec.eyeSize),
        heading: 0,
        length: radius * spec.eyeSize * 2,
        width: radius * spec.eyeSize * 2,
        colour: shade(spec.eye, -0.08),
        material: 'seed',
      },
      random,
    ),
  );
  marks.push(dots(florets, spec.eye));
  return marks;
}

/** Anemones: cut leaves in a ruff below each flower. */
export const growAnemone: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.leaf, 0, -0.01);
  const petals = [
    { petal: HUE.violet, tip: HUE.lilac },
    { petal: HUE.crimson, tip: HUE.rose },
    { petal: HUE.lilac, tip: HUE.white },
  ];
  const stalks = [
    walk({ x: -10, y: 0 }, -0.36, 620, { bend: -0.12, steps: 18 }),
    walk({ x: 14, y: 0 }, 0.36, 540, { bend: 0.3, steps: 18 }),
    walk({ x: 0, y: 0 }, 0.04, 900, { bend: -0.1, wobble: 0.05, random, steps: 20 }),
  ];
  stalks.forEach((line, order) => {
    marks.push(strand(line, 11, 8, shade(tone, 0.06)));
    const { point, heading } = along(line, order === 2 ? 0.62 : 0.66);
    for (let index = -3; index <= 3; index += 1) {
      marks.push(
        growLeaf(
          {
            base: point,
            heading: heading + index * 0.46 + random.between(-0.1, 0.1),
            length: random.between(105, 150),
            width: 52,
            shape: profile(0.9, 0.7),
            margin: { kind: 'serrate', teeth: 4, depth: 0.55 },
            bend: -index * 0.08,
            venation: 'pinnate',
            veinCount: 4,
            veinAngle: 0.3,
            colour: vary(tone, random),
          },
          random,
        ),
      );
    }
  });
  stalks.forEach((line, order) => {
    const colours = at(petals, order);
    const { point } = tipOf(line);
    const size = at([150, 165, 190], order);
    const flower = growOpenFlower(
      {
        centre: point,
        radius: size,
        petals: 7,
        rings: 2,
        width: 0.74,
        shape: PETALS.round,
        frill: 0.03,
        colour: colours.petal,
        tip: colours.tip,
        eye: HUE.indigo,
        eyeSize: 0.15,
        stamen: HUE.indigo,
        stamens: 60,
      },
      random,
    );
    marks.push(...squash(flower, point, at([-0.5, 0.6, 0.1], order), at([0.8, 0.86, 0.96], order)));
  });
  return marks;
};

/** Cosmos: threads for leaves, wide notched petals. */
export const growCosmos: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.fresh, -0.1, -0.02);
  const threadLeaf = (base: Point, heading: number, length: number, order: number): void => {
    const line = walk(base, heading, length, { bend: random.between(-0.5, 0.5), steps: 8 });
    marks.push(strand(line, order === 0 ? 3.4 : 2.3, 1.2, vary(tone, random), 'leaf'));
    if (order >= 2) return;
    for (let index = 0; index < 4; index += 1) {
      for (const side of [-1, 1] as const) {
        const { point, heading: way } = along(line, 0.25 + index * 0.2);
        threadLeaf(point, way + side * random.between(0.5, 0.8), length * mix(0.5, 0.28, index / 3), order + 1);
      }
    }
  };
  const main = walk({ x: 0, y: 0 }, -0.05, 820, { bend: 0.1, wobble: 0.08, random, steps: 24 });
  const branches = [
    { t: 0.42, turn: 0.62, length: 430, bend: -0.3 },
    { t: 0.3, turn: -0.7, length: 440, bend: 0.42 },
    { t: 0.62, turn: -0.52, length: 240, bend: 0.2 },
  ].map(({ t, turn, length, bend }) => {
    const { point, heading } = along(main, t);
    return walk(point, heading + turn, length, { bend, steps: 16 });
  });
  for (const t of [0.12, 0.3, 0.42, 0.62, 0.78]) {
    const { point, heading } = along(main, t);
    for (const side of [-1, 1] as const) threadLeaf(point, heading + side * 0.95, random.between(130, 210), 0);
  }
  marks.push(strand(main, 9, 5, shade(tone, -0.02)), ...branches.map((line) => strand(line, 6, 4, shade(tone, -0.02))));
  const flower = (line: readonly Point[], radius: number, petal: Colour, tip: Colour, share: number): void => {
    const { point, heading } = tipOf(line);
    const grown = growOpenFlower(
      {
        centre: point,
        radius,
        petals: 8,
        rings: 1,
        width: 0.8,
        shape: PETALS.round,
        frill: 0.045,
        notch: 0.03,
        colour: petal,
        tip,
        eye: HUE.amber,
        eyeSize: 0.17,
        stamen: HUE.yellow,
        stamens: 26,
      },
      random,
    );
    marks.push(...squash(grown, point, heading, share));
  };
  flower(at(branches, 1), 150, HUE.rose, HUE.pink, 0.72);
  flower(at(branches, 0), 168, HUE.magenta, HUE.rose, 0.9);
  const bud = tipOf(at(branches, 2));
  for (const turn of [-0.4, 0.4, 0])
    marks.push(
      growPetal(
        {
          base: bud.point,
          heading: bud.heading + turn * 0.6,
          length: 78,
          width: 40,
          shape: PETALS.cup,
          colour: HUE.magenta,
          tip: HUE.rose,
        },
        random,
      ),
    );
  for (const turn of [-0.5, 0, 0.5])
    marks.push(
      growLeaf(
        {
          base: step(bud.point, bud.heading, -6),
          heading: bud.heading + turn,
          length: 46,
          width: 18,
          shape: SHAPES.lanceolate,
          venation: 'midrib',
          colour: tone,
        },
        random,
      ),
    );
  flower(main, 200, HUE.pink, HUE.white, 0.97);
  marks.push(dots(scatterDots(tipOf(main).point, 26, 24, [2, 3.4], random), HUE.chestnut));
  return marks;
};
