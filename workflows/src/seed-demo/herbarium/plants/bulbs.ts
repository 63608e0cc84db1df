import { colour, mixColour, shade, vary, type Colour } from '../colour.ts';
import { along, aside, at, mix, mixPoint, step, TURN, walk, type Point } from '../geometry.ts';
import { growLeaf, profile, SHAPES } from '../leaf.ts';
import { onBlade, type Blade, type Dot, type Mark } from '../marks.ts';
import { growBody, growPetal, PETALS } from '../petal.ts';
import type { Random } from '../random.ts';
import { dots, growRoots, strand, tipOf, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';

export function growBulb(top: Point, size: number, tone: Colour, random: Random): Mark[] {
  const marks = growRoots(
    { x: top.x, y: top.y + size * 0.95 },
    Math.PI,
    11,
    size * 0.9,
    size * 0.025,
    HUE.straw,
    random,
  );
  marks.push(
    growBody(
      {
        base: { x: top.x, y: top.y + size },
        heading: 0,
        length: size * 1.12,
        width: size * 0.86,
        shape: profile(0.42, 0.86),
        ribs: 7,
        colour: tone,
        tip: shade(tone, 0.12),
        material: 'root',
      },
      random,
    ),
  );
  for (const side of [-1, 1] as const) {
    marks.push(
      growLeaf(
        {
          base: { x: top.x + side * size * 0.1, y: top.y + size * 0.98 },
          heading: side * 0.35,
          length: size * 0.92,
          width: size * 0.26,
          shape: profile(0.5, 0.8),
          bend: -side * 0.7,
          venation: 'parallel',
          veinCount: 2,
          colour: shade(tone, -0.07),
          tip: shade(tone, -0.02),
          material: 'root',
          body: 0.7,
        },
        random,
      ),
    );
  }
  return marks;
}

/** A long leaf that may turn over in its upper part. */
function strapLeaf(
  base: Point,
  heading: number,
  length: number,
  width: number,
  bend: number,
  tone: Colour,
  random: Random,
  wave = 0,
): Blade {
  return growLeaf(
    {
      base,
      heading,
      length,
      width,
      shape: SHAPES.strap,
      bend,
      tilt: random.between(-0.35, 0.35),
      venation: 'parallel',
      veinCount: Math.max(2, Math.round(width / 9)),
      samples: 22,
      ...(wave > 0 ? { margin: { kind: 'undulate', waves: 2.2, depth: wave } as const } : {}),
      colour: vary(tone, random),
      tip: vary(shade(tone, 0.05), random),
    },
    random,
  );
}

/** The feathered stripes of a broken tulip: they run in from the rim and up from the base. */
function growFlames(petal: Blade, tone: Colour, random: Random): Mark[] {
  const marks: Mark[] = [];
  const sliver = (from: readonly [number, number], to: readonly [number, number], width: number): void => {
    const a = onBlade(petal, from[0], from[1]);
    const b = onBlade(petal, mix(from[0], to[0], 0.5), mix(from[1], to[1], 0.5) + random.between(-0.05, 0.05));
    const c = onBlade(petal, to[0], to[1]);
    const line = [a, mixPoint(a, b, 0.5), b, mixPoint(b, c, 0.5), c];
    const shape = (side: number): Point[] =>
      line.map((point, index) =>
        aside(point, along(line, index / 4).heading, side * width * at([0.5, 0.9, 0.75, 0.4, 0], index)),
      );
    marks.push({
      kind: 'blade',
      material: 'petal',
      left: shape(-0.5),
      axis: line,
      right: shape(0.5),
      smooth: true,
      veins: [],
      colour: vary(tone, random),
      tip: vary(shade(tone, 0.04), random),
      body: 0.9,
      marking: true,
    });
  };
  sliver([0.04, 0], [0.95, random.between(-0.1, 0.1)], 20);
  for (let index = 0; index < 17; index += 1) {
    const u = mix(-0.96, 0.96, (index + random.between(-0.2, 0.2)) / 16);
    const rim = 0.985 - Math.abs(u) ** 3 * 0.12;
    sliver([rim, u], [rim - random.between(0.22, 0.55), u * random.between(0.7, 0.9)], random.between(6, 13));
  }
  for (let index = 0; index < 8; index += 1) {
    const side = index % 2 === 0 ? -1 : 1;
    const t = mix(0.34, 0.8, index / 8);
    sliver([t, side * 0.98], [t - random.between(0.08, 0.2), side * random.between(0.35, 0.6)], random.between(5, 9));
  }
  return marks;
}

function growTulipFlower(
  base: Point,
  heading: number,
  size: number,
  open: number,
  ground: Colour,
  flame: Colour | undefined,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  const petal = (shift: number, turn: number, width: number, length: number, dark: number): void => {
    const blade = growPetal(
      {
        base: aside(base, heading, shift * size * 0.06),
        heading: heading + turn,
        length: size * length,
        width: size * width,
        shape: profile(0.52, 0.42),
        bend: -turn * 0.95,
        tilt: shift * 0.22,
        frill: 0.012,
        frillWaves: 2,
        veinCount: 6,
        colour: shade(ground, -0.03 - dark),
        tip: shade(ground, -dark),
      },
      random,
    );
    marks.push(blade);
    if (flame) marks.push(...growFlames(blade, shade(flame, -dark * 0.5), random));
  };
  petal(-0.4, -0.16 * open, 0.56, 0.98, 0.07);
  petal(0.4, 0.16 * open, 0.56, 0.99, 0.07);
  petal(0, 0, 0.6, 1.02, 0.05);
  petal(-1, -0.46 * open, 0.56, 1, 0.02);
  petal(1, 0.46 * open, 0.56, 0.98, 0.03);
  petal(0, random.between(-0.05, 0.05), 0.66, 0.88, 0);
  return marks;
}

export const growTulip: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.blue, 0.02, 0.015, -16);
  const lines = [
    walk({ x: 0, y: 0 }, 0.02, 690, { bend: -0.06, wobble: 0.04, random, steps: 16 }),
    walk({ x: -8, y: 0 }, -0.26, 540, { bend: -0.12, steps: 16 }),
    walk({ x: 10, y: 0 }, 0.26, 500, { bend: 0.24, steps: 16 }),
  ];
  marks.push(...growBulb({ x: 0, y: -6 }, 112, HUE.chestnut, random));
  marks.push(
    strapLeaf({ x: -4, y: 0 }, -0.62, 520, 92, 0.55, tone, random, 0.09),
    strapLeaf({ x: 6, y: 0 }, 0.62, 560, 98, -0.35, tone, random, 0.09),
  );
  lines.forEach((line) => marks.push(strand(line, 14, 12, shade(GREEN.sage, 0.02, 0.02))));
  marks.push(
    strapLeaf({ x: 0, y: 0 }, -0.2, 480, 84, -0.42, shade(tone, 0.03), random, 0.08),
    strapLeaf({ x: 4, y: 0 }, 0.34, 400, 76, 0.5, shade(tone, -0.02), random, 0.08),
  );
  const [a, b, c] = [tipOf(at(lines, 0)), tipOf(at(lines, 1)), tipOf(at(lines, 2))];
  marks.push(...growTulipFlower(b.point, b.heading, 220, 0.5, HUE.cream, shade(HUE.wine, 0.04, 0.02), random));
  marks.push(...growTulipFlower(c.point, c.heading, 210, 1.05, HUE.butter, HUE.scarlet, random));
  marks.push(...growTulipFlower(a.point, a.heading, 265, 0.9, HUE.white, HUE.crimson, random));
  return marks;
};

function growIrisFlower(base: Point, heading: number, size: number, random: Random): Mark[] {
  const marks: Mark[] = [];
  const standard = shade(HUE.lilac, 0.02, 0.01, -6);
  const fall = shade(HUE.indigo, 0.08, 0.02, 8);
  const petal = (
    turn: number,
    length: number,
    width: number,
    shape: (t: number) => number,
    bend: number,
    from: Colour,
    tip: Colour,
    tilt: number,
  ): Blade =>
    growPetal(
      {
        base,
        heading: heading + turn,
        length: size * length,
        width: size * width,
        shape,
        bend,
        frill: 0.05,
        frillWaves: 3,
        veinCount: 9,
        tilt,
        colour: vary(from, random, 0.6),
        tip: vary(tip, random, 0.6),
      },
      random,
    );
  marks.push(petal(0.08, 1, 0.78, PETALS.fall, 0.1, shade(standard, -0.08), shade(standard, -0.04), 0));
  marks.push(
    petal(-1.25, 0.86, 0.5, PETALS.fall, -1.1, shade(fall, 0.12), shade(fall, 0.02), 0.3),
    petal(1.25, 0.86, 0.5, PETALS.fall, 1.1, shade(fall, 0.12), shade(fall, 0.02), -0.3),
  );
  marks.push(
    petal(-0.5, 1.02, 0.66, PETALS.fall, 0.75, standard, shade(standard, 0.07), 0.1),
    petal(0.5, 1.04, 0.68, PETALS.fall, -0.75, standard, shade(standard, 0.07), -0.1),
  );
  const front = growPetal(
    {
      base,
      heading: heading + Math.PI - 0.1,
      length: size * 0.95,
      width: size * 0.72,
      shape: profile(0.95, 0.4),
      bend: 0.15,
      frill: 0.06,
      frillWaves: 3,
      veinCount: 11,
      colour: shade(fall, 0.16),
      tip: fall,
    },
    random,
  );
  // Style arms, then the bearded falls in front of them.
  for (const turn of [-1.05, 1.05])
    marks.push(
      growPetal(
        {
          base,
          heading: heading + turn,
          length: size * 0.4,
          width: size * 0.17,
          shape: PETALS.spoon,
          bend: turn * 0.35,
          frill: 0.06,
          veinCount: 2,
          colour: HUE.cream,
          tip: standard,
        },
        random,
      ),
    );
  marks.push(front);
  marks.push(
    growPetal(
      {
        base,
        heading: heading + Math.PI - 0.1,
        length: size * 0.36,
        width: size * 0.25,
        shape: PETALS.cup,
        veinCount: 5,
        colour: HUE.white,
        tip: HUE.butter,
        body: 0.85,
      },
      random,
    ),
  );
  for (let index = 0; index < 60; index += 1) {
    const point = onBlade(front, random.between(0.03, 0.4), random.between(-0.12, 0.12));
    marks.push(
      strand(
        walk(point, heading + Math.PI + random.between(-0.9, 0.9), size * 0.05, { steps: 3 }),
        3,
        1.5,
        vary(mixColour(HUE.amber, HUE.yellow, random.next()), random),
        'seed',
      ),
    );
  }
  marks.push(
    growPetal(
      {
        base: step(base, heading, -size * 0.02),
        heading: heading + 0.05,
        length: size * 0.34,
        width: size * 0.2,
        shape: PETALS.spoon,
        frill: 0.07,
        veinCount: 3,
        colour: HUE.cream,
        tip: standard,
      },
      random,
    ),
  );
  return marks;
}

export const growIris: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.blue, 0.02, 0.01, -12);
  marks.push(...growRoots({ x: 40, y: 30 }, Math.PI, 9, 150, 4, HUE.tan, random));
  marks.push(
    growBody(
      {
        base: { x: -110, y: 22 },
        heading: Math.PI / 2,
        length: 280,
        width: 62,
        shape: profile(0.22, 0.3),
        ribs: 5,
        colour: HUE.tan,
        tip: HUE.straw,
        material: 'root',
      },
      random,
    ),
  );
  for (const [x, heading, length, bend] of [
    [-60, -0.46, 520, -0.25],
    [60, 0.42, 560, 0.24],
    [-34, -0.22, 720, -0.16],
    [38, 0.2, 690, 0.3],
    [-10, -0.06, 600, -0.42],
  ] as const) {
    marks.push(
      growLeaf(
        {
          base: { x, y: 10 },
          heading,
          length,
          width: 58,
          shape: profile(0.12, 0.6),
          bend,
          venation: 'parallel',
          veinCount: 5,
          samples: 20,
          colour: vary(tone, random),
          tip: vary(shade(tone, 0.04), random),
        },
        random,
      ),
    );
  }
  const main = walk({ x: 6, y: 0 }, 0.02, 840, { bend: 0.06, wobble: 0.03, random, steps: 22 });
  const side = walk(along(main, 0.56).point, 0.55, 250, { bend: -0.4, steps: 12 });
  const sheath = (line: readonly Point[], t: number, size: number): void => {
    const { point, heading } = along(line, t);
    for (const turn of [-0.22, 0.2])
      marks.push(
        growLeaf(
          {
            base: point,
            heading: heading + turn,
            length: size,
            width: size * 0.34,
            shape: SHAPES.lanceolate,
            bend: -turn,
            venation: 'parallel',
            veinCount: 3,
            colour: mixColour(tone, HUE.straw, 0.3),
            tip: HUE.straw,
          },
          random,
        ),
      );
  };
  marks.push(strand(side, 12, 10, tone), strand(main, 18, 14, tone));
  sheath(main, 0.56, 130);
  const bud = tipOf(side);
  marks.push(
    growPetal(
      {
        base: bud.point,
        heading: bud.heading + 0.05,
        length: 190,
        width: 66,
        shape: profile(0.5, 0.7),
        veinCount: 5,
        colour: HUE.indigo,
        tip: shade(HUE.violet, -0.04),
      },
      random,
    ),
    growPetal(
      {
        base: bud.point,
        heading: bud.heading - 0.08,
        length: 178,
        width: 40,
        shape: profile(0.5, 0.7),
        bend: 0.2,
        veinCount: 3,
        colour: HUE.violet,
        tip: HUE.indigo,
      },
      random,
    ),
  );
  sheath(side, 0.97, 116);
  sheath(main, 0.95, 150);
  const top = tipOf(main);
  marks.push(...growIrisFlower(step(top.point, top.heading, 66), top.heading, 330, random));
  return marks;
};

function growChequers(petal: Blade, tone: Colour, pale: Colour, random: Random): Mark[] {
  const marks: Mark[] = [];
  const rows = 13;
  const columns = 7;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const dark = (row + column) % 2 === 0;
      const t0 = mix(0.05, 0.95, row / rows);
      const t1 = mix(0.05, 0.95, (row + 0.96) / rows);
      const u0 = mix(-0.94, 0.94, column / columns);
      const u1 = mix(-0.94, 0.94, (column + 0.96) / columns);
      const left = [onBlade(petal, t0, u0), onBlade(petal, t1, u0)];
      const right = [onBlade(petal, t0, u1), onBlade(petal, t1, u1)];
      marks.push({
        kind: 'blade',
        material: 'petal',
        left,
        right,
        axis: left.map((point, index) => mixPoint(point, at(right, index), 0.5)),
        smooth: false,
        veins: [],
        colour: vary(dark ? tone : pale, random),
        tip: vary(dark ? tone : pale, random),
        body: dark ? 0.95 : 0.5,
        marking: true,
      });
    }
  }
  return marks;
}

export const growFritillary: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.sage, -0.08, 0.03);
  const plant = (x: number, heading: number, height: number, bend: number, size: number, pale: boolean): void => {
    const line = walk({ x, y: 0 }, heading, height, { bend, steps: 18 });
    const end = tipOf(line);
    const side = bend >= 0 ? 1 : -1;
    const hook = walk(end.point, end.heading, size * 0.62, {
      bend: side * (Math.PI - Math.abs(end.heading) - 0.15),
      late: 0.7,
      steps: 12,
    });
    marks.push(...growBulb({ x, y: -4 }, 58, HUE.straw, random));
    for (let index = 0; index < 6; index += 1) {
      const t = mix(0.22, 0.9, index / 5);
      const { point, heading: way } = along(line, t);
      const s = index % 2 === 0 ? -1 : 1;
      marks.push(
        growLeaf(
          {
            base: point,
            heading: way + s * random.between(0.42, 0.62),
            length: random.between(150, 230) * mix(1, 0.7, t),
            width: 15,
            shape: profile(0.22, 0.7),
            bend: -s * random.between(-0.2, 0.7),
            venation: 'parallel',
            veinCount: 1,
            colour: vary(tone, random),
          },
          random,
        ),
      );
    }
    marks.push(strand([...line, ...hook.slice(1)], 8, 6, mixColour(tone, HUE.wine, 0.3)));
    const top = tipOf(hook);
    const dark = pale ? shade(GREEN.lime, 0.02, -0.07) : shade(HUE.wine, 0.06, 0.03, -24);
    const light = pale ? HUE.white : shade(HUE.rose, 0.04, -0.03, -20);
    const tepal = (shift: number, turn: number, width: number, depth: number): void => {
      const blade = growPetal(
        {
          base: aside(top.point, top.heading, shift * size * 0.1),
          heading: top.heading + turn,
          length: size * (1 - depth * 0.04),
          width: size * width,
          shape: profile(0.36, 0.34),
          bend: -turn * 1.25,
          veinCount: 4,
          colour: shade(light, -depth * 0.06),
          tip: shade(light, -depth * 0.06),
        },
        random,
      );
      marks.push(blade, ...growChequers(blade, shade(dark, -depth * 0.05), shade(light, -depth * 0.05), random));
    };
    tepal(0, 0, 0.5, 1);
    tepal(-1.3, -0.3, 0.36, 0.5);
    tepal(1.3, 0.3, 0.36, 0.5);
    tepal(-0.5, -0.1, 0.42, 0.1);
    tepal(0.55, 0.13, 0.42, 0);
    marks.push(
      growBody(
        {
          base: step(top.point, top.heading, -6),
          heading: top.heading,
          length: size * 0.1,
          width: size * 0.2,
          colour: dark,
          material: 'petal',
        },
        random,
      ),
    );
  };
  plant(-62, -0.16, 470, -0.12, 190, true);
  plant(66, 0.1, 520, 0.12, 225, false);
  plant(0, -0.06, 760, -0.08, 262, false);
  return marks;
};

export const growAllium: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.sage, -0.04, 0.02);
  const centre = { x: 0, y: -760 };
  marks.push(...growBulb({ x: 0, y: 0 }, 96, HUE.bone, random));
  for (const [heading, length, bend] of [
    [-0.9, 400, -0.5],
    [0.95, 420, 0.5],
    [-0.55, 470, -0.9],
    [0.5, 450, 0.8],
    [-0.2, 360, -0.8],
  ] as const) {
    marks.push(strapLeaf({ x: heading * 8, y: 0 }, heading, length, 42, bend, tone, random));
  }
  marks.push(strand(walk({ x: 0, y: 0 }, random.between(-0.03, 0.03), 760, { steps: 14 }), 17, 12, tone));
  const radius = 300;
  const count = 120;
  const stars = Array.from({ length: count }, (_, index) => {
    const y = 1 - (2 * (index + 0.5)) / count;
    const ring = Math.sqrt(1 - y * y);
    const turn = index * 2.39996;
    return { x: ring * Math.cos(turn), y, z: ring * Math.sin(turn) };
  }).sort((a, b) => a.z - b.z);
  for (const star of stars) {
    const near = (star.z + 1) / 2;
    const place = {
      x: centre.x + star.x * radius * random.between(0.93, 1.04),
      y: centre.y + star.y * radius * random.between(0.93, 1.04),
    };
    marks.push(
      strand(
        [centre, mixPoint(centre, place, 0.5), place],
        2.6,
        2.2,
        shade(mixColour(HUE.mauve, GREEN.sage, 0.5), mix(-0.16, 0.02, near)),
      ),
    );
    const size = mix(30, 50, near);
    const out = Math.atan2(star.x, -star.y);
    const flat = Math.max(0.35, Math.abs(star.z));
    const start = random.between(0, TURN);
    for (let petal = 0; petal < 6; petal += 1) {
      const heading = start + (petal / 6) * TURN;
      const across = Math.cos(heading - out);
      // A star near the rim of the globe is seen from the side.
      const length = size * Math.hypot(across * flat, Math.sin(heading - out));
      marks.push(
        growPetal(
          {
            base: place,
            heading,
            length: Math.max(12, length),
            width: size * 0.24,
            shape: PETALS.slender,
            veinCount: 0,
            samples: 6,
            colour: vary(shade(HUE.violet, mix(-0.08, 0.1, near)), random),
            tip: vary(shade(HUE.lilac, mix(-0.14, 0.07, near), 0.03), random),
          },
          random,
        ),
      );
    }
    marks.push(
      growBody(
        {
          base: { x: place.x, y: place.y + size * 0.09 },
          heading: 0,
          length: size * 0.19,
          width: size * 0.19,
          colour: shade(GREEN.fresh, mix(-0.12, 0, near)),
        },
        random,
      ),
    );
    const anthers: Dot[] = Array.from({ length: 6 }, (_, index) => ({
      ...step(place, start + ((index + 0.5) / 6) * TURN, size * 0.27),
      radius: 2,
    }));
    marks.push(dots(anthers, shade(HUE.butter, mix(-0.2, 0, near))));
  }
  return marks;
};

export const growSnowdrop: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.blue, 0.03, 0.02, -14);
  const plant = (x: number, heading: number, height: number, side: 1 | -1, size: number): void => {
    marks.push(...growBulb({ x, y: 0 }, 64, HUE.tan, random));
    for (const [turn, share] of [
      [-0.26, 0.82],
      [0.3, 0.74],
    ] as const)
      marks.push(
        strapLeaf({ x, y: 4 }, heading + turn, height * share, 34, turn * random.between(0.4, 1.6), tone, random),
      );
    const line = walk({ x, y: 0 }, heading, height, { bend: side * 0.12, steps: 16 });
    const end = tipOf(line);
    marks.push(
      growLeaf(
        {
          base: along(line, 0.96).point,
          heading: end.heading - side * 0.1,
          length: size * 0.62,
          width: size * 0.13,
          shape: SHAPES.lanceolate,
          bend: side * 0.9,
          venation: 'parallel',
          veinCount: 1,
          colour: GREEN.sage,
        },
        random,
      ),
    );
    const hook = walk(end.point, end.heading + side * 0.5, size * 0.46, {
      bend: side * (2.45 - end.heading * side),
      late: 0.8,
      steps: 10,
    });
    marks.push(strand(line, 8, 6, tone), strand(hook, 3.4, 3, GREEN.moss));
    const top = tipOf(hook);
    const down = top.heading;
    const outer = (turn: number, width: number): Blade =>
      growPetal(
        {
          base: step(top.point, down, size * 0.12),
          heading: down + turn,
          length: size * 0.84,
          width: size * width,
          shape: profile(0.85, 0.52),
          bend: -turn * 0.5,
          veinCount: 4,
          colour: shade(HUE.white, -0.04),
          tip: shade(HUE.white, 0.02),
        },
        random,
      );
    marks.push(outer(-0.42, 0.36), outer(0.42, 0.36));
    for (const turn of [-0.16, 0.16]) {
      marks.push(
        growPetal(
          {
            base: step(top.point, down, size * 0.14),
            heading: down + turn,
            length: size * 0.46,
            width: size * 0.26,
            shape: profile(0.7, 0.32),
            notch: 0.08,
            veinCount: 4,
            colour: shade(HUE.white, -0.02),
            tip: shade(GREEN.lime, 0.06, -0.02),
          },
          random,
        ),
      );
      const spot = step(aside(top.point, down, -turn * size * 0.4), down, size * 0.47);
      marks.push(
        growBody(
          {
            base: spot,
            heading: down - turn * 2,
            length: size * 0.12,
            width: size * 0.1,
            shape: profile(0.8, 0.6),
            colour: GREEN.leaf,
            material: 'petal',
          },
          random,
        ),
      );
    }
    marks.push(outer(random.between(-0.12, 0.12), 0.4));
    marks.push(
      growBody(
        {
          base: step(top.point, down, -size * 0.02),
          heading: down,
          length: size * 0.2,
          width: size * 0.145,
          colour: GREEN.moss,
          tip: GREEN.leaf,
        },
        random,
      ),
    );
  };
  plant(-140, -0.14, 540, -1, 165);
  plant(146, 0.12, 590, 1, 170);
  plant(-54, -0.05, 740, -1, 190);
  plant(64, 0.02, 830, 1, 195);
  plant(10, -0.03, 470, -1, 160);
  return marks;
};

/** Basal leaves, a spike, and flowers that imitate a bee: sepals pink, lip brown velvet with a yellow figure. */
export const growOrchid: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.fresh, -0.06, -0.02);
  for (const [heading, length, bend] of [
    [-1.05, 330, 0.5],
    [1, 340, -0.45],
    [-0.6, 300, -0.4],
    [0.55, 270, 0.6],
  ] as const) {
    marks.push(
      growLeaf(
        {
          base: { x: 0, y: 0 },
          heading,
          length,
          width: 92,
          shape: SHAPES.elliptic,
          bend,
          venation: 'parallel',
          veinCount: 5,
          tilt: random.between(-0.3, 0.3),
          colour: vary(tone, random),
          tip: shade(tone, 0.04),
        },
        random,
      ),
    );
  }
  for (const turn of [-0.4, 0.36])
    marks.push(
      growBody(
        {
          base: { x: turn * 40, y: -8 },
          heading: Math.PI + turn * 0.7,
          length: 96,
          width: 76,
          colour: HUE.bone,
          tip: HUE.straw,
          material: 'root',
        },
        random,
      ),
    );
  marks.push(...growRoots({ x: 0, y: -4 }, Math.PI, 7, 150, 3, HUE.tan, random));
  const line = walk({ x: 0, y: 0 }, -0.03, 1080, { bend: 0.06, wobble: 0.05, random, steps: 26 });
  for (const [t, side] of [
    [0.14, 1],
    [0.26, -1],
  ] as const) {
    const { point, heading } = along(line, t);
    marks.push(
      growLeaf(
        {
          base: point,
          heading: heading + side * 0.22,
          length: 230,
          width: 48,
          shape: SHAPES.lanceolate,
          bend: side * 0.3,
          venation: 'parallel',
          veinCount: 3,
          colour: vary(tone, random),
        },
        random,
      ),
    );
  }
  marks.push(strand(line, 17, 9, tone));
  const count = 6;
  for (let index = count - 1; index >= 0; index -= 1) {
    const t = mix(0.42, 0.93, index / (count - 1));
    const side = index % 2 === 0 ? -1 : 1;
    const { point, heading } = along(line, t);
    const size = mix(132, 70, (index / (count - 1)) ** 1.3);
    marks.push(
      growLeaf(
        {
          base: point,
          heading: heading + side * 0.66,
          length: size * 1.5,
          width: size * 0.3,
          shape: SHAPES.lanceolate,
          bend: -side * 0.4,
          venation: 'parallel',
          veinCount: 2,
          colour: vary(shade(tone, 0.02), random),
        },
        random,
      ),
    );
    const ovary = walk(point, heading + side * 0.85, size * 0.72, { bend: side * 0.5, steps: 7 });
    marks.push(strand(ovary, size * 0.12, size * 0.11, GREEN.moss));
    const face = tipOf(ovary).point;
    if (index >= count - 1) {
      marks.push(
        growBody(
          {
            base: face,
            heading: heading + side * 0.6,
            length: size * 0.8,
            width: size * 0.5,
            ribs: 3,
            colour: mixColour(GREEN.fresh, HUE.pink, 0.4),
            tip: HUE.rose,
            material: 'petal',
          },
          random,
        ),
      );
      continue;
    }
    const lean = side * 0.14;
    const sepal = (turn: number): Mark =>
      growPetal(
        {
          base: face,
          heading: lean + turn,
          length: size * 0.92,
          width: size * 0.46,
          shape: profile(0.55, 0.45),
          bend: Math.sign(turn) * 0.2,
          veinCount: 2,
          colour: vary(shade(HUE.pink, -0.05, 0.03, -20), random),
          tip: vary(shade(HUE.rose, 0.06, -0.02, -22), random),
        },
        random,
      );
    marks.push(sepal(0), sepal(-1.85), sepal(1.85));
    for (const turn of [-0.85, 0.85])
      marks.push(
        growPetal(
          {
            base: face,
            heading: lean + turn,
            length: size * 0.36,
            width: size * 0.1,
            shape: PETALS.slender,
            veinCount: 0,
            colour: GREEN.moss,
            tip: HUE.rose,
          },
          random,
        ),
      );
    const down = Math.PI + lean;
    const top = step(face, down, -size * 0.04);
    for (const turn of [-0.95, 0.95])
      marks.push(
        growBody(
          {
            base: step(top, down, size * 0.08),
            heading: down + turn,
            length: size * 0.4,
            width: size * 0.2,
            colour: HUE.umber,
            tip: HUE.chestnut,
            material: 'seed',
          },
          random,
        ),
      );
    marks.push(
      growBody(
        {
          base: top,
          heading: down,
          length: size * 0.76,
          width: size * 0.62,
          shape: profile(0.52, 0.4),
          colour: shade(HUE.chestnut, -0.1),
          tip: HUE.umber,
          material: 'seed',
        },
        random,
      ),
    );
    const figure = (from: number, width: number, height: number, tint: Colour): void => {
      marks.push(
        growBody(
          {
            base: step(top, down, size * from),
            heading: down,
            length: size * height,
            width: size * width,
            shape: profile(0.5, 0.44),
            colour: tint,
            material: 'seed',
          },
          random,
        ),
      );
    };
    figure(0.06, 0.42, 0.3, HUE.butter);
    figure(0.085, 0.33, 0.24, shade(HUE.chestnut, -0.02));
    figure(0.11, 0.2, 0.14, HUE.amber);
    marks.push(
      dots(
        [-1, 1].map((s) => ({ ...aside(step(top, down, size * 0.47), down, s * size * 0.12), radius: size * 0.036 })),
        HUE.butter,
      ),
    );
    marks.push(
      growBody(
        {
          base: step(face, down, size * 0.1),
          heading: lean - side * 0.1,
          length: size * 0.38,
          width: size * 0.14,
          shape: profile(0.35, 0.6),
          colour: GREEN.lime,
          tip: colour(0.8, 0.1, 110),
          material: 'petal',
        },
        random,
      ),
    );
    marks.push(
      dots(
        [-1, 1].map((s) => ({ ...aside(step(face, lean, size * 0.12), lean, s * size * 0.03), radius: size * 0.025 })),
        HUE.amber,
      ),
    );
    for (let hair = 0; hair < 26; hair += 1) {
      const t0 = random.between(0.1, 0.5) * random.pick([1, 1, 1]);
      const s = random.sign();
      const from = aside(step(top, down, size * t0), down, s * size * 0.29);
      marks.push(
        strand(
          walk(from, down + s * random.between(0.9, 1.5), size * 0.07, { steps: 2 }),
          1,
          0.6,
          HUE.chestnut,
          'hair',
        ),
      );
    }
  }
  return marks;
};
