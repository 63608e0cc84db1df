import { mixColour, shade, vary, type Colour } from '../colour.ts';
import { along, aside, at, degrees, GOLDEN_ANGLE, mix, step, TURN, walk, type Point } from '../geometry.ts';
import { growLeaf, profile, SHAPES } from '../leaf.ts';
import type { Blade, Dot, Mark } from '../marks.ts';
import { growBody, growPetal, PETALS } from '../petal.ts';
import type { Random } from '../random.ts';
import { dots, strand, tipOf, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';
import { growBristles } from './poppies.ts';

/** Florets of a composite flower: the nth at n times the golden angle, as far out as the root of n. */
function growDisc(centre: Point, radius: number, count: number, tones: readonly Colour[]): Mark[] {
  const bands: Dot[][] = tones.map(() => []);
  for (let index = 0; index < count; index += 1) {
    const share = Math.sqrt((index + 0.5) / count);
    const place = step(centre, index * GOLDEN_ANGLE, radius * share);
    const band = at(bands, Math.min(tones.length - 1, Math.floor(share * tones.length + (index % 3 === 0 ? 0.25 : 0))));
    band.push({ ...place, radius: (radius / Math.sqrt(count)) * mix(0.62, 0.92, share) });
  }
  return bands.map((band, index) => dots(band, at(tones, index)));
}

function growSunflowerHead(centre: Point, radius: number, random: Random): Mark[] {
  const marks: Mark[] = [];
  for (let index = 0; index < 26; index += 1) {
    const heading = (index / 26) * TURN + random.between(-0.06, 0.06);
    marks.push(
      growLeaf(
        {
          base: step(centre, heading, radius * 0.4),
          heading,
          length: radius * random.between(0.5, 0.62),
          width: radius * 0.16,
          shape: SHAPES.lanceolate,
          bend: random.between(-0.4, 0.4),
          venation: 'midrib',
          colour: vary(GREEN.leaf, random),
        },
        random,
      ),
    );
  }
  for (let ring = 0; ring < 3; ring += 1) {
    const count = at([34, 34, 21], ring);
    for (let index = 0; index < count; index += 1) {
      const heading = ((index + ring * 0.5) / count) * TURN + random.between(-0.07, 0.07);
      const length = radius * at([0.64, 0.56, 0.42], ring) * random.between(0.86, 1.08);
      marks.push(
        growPetal(
          {
            base: step(centre, heading, radius * 0.42),
            heading,
            length,
            width: length * random.between(0.26, 0.34),
            shape: profile(0.55, 0.62),
            bend: random.between(-0.35, 0.35),
            tilt: random.between(-0.5, 0.5),
            veinCount: 3,
            colour: vary(mixColour(HUE.amber, HUE.orange, 0.35), random),
            tip: vary(shade(HUE.yellow, 0.01, 0, ring * -3), random),
          },
          random,
        ),
      );
    }
  }
  const heart = radius * 0.47;
  marks.push(
    growBody(
      {
        base: step(centre, 0, -heart),
        heading: 0,
        length: heart * 2,
        width: heart * 2,
        colour: shade(HUE.umber, -0.06),
      },
      random,
    ),
  );
  marks.push(
    ...growDisc(centre, heart * 0.98, 620, [
      shade(GREEN.moss, -0.02),
      GREEN.olive,
      shade(HUE.chestnut, -0.12),
      HUE.umber,
      shade(HUE.chestnut, -0.04),
      shade(HUE.amber, -0.14),
      HUE.amber,
    ]),
  );
  return marks;
}

function heartLeaf(base: Point, heading: number, length: number, bend: number, tone: Colour, random: Random): Mark[] {
  const stalk = walk(base, heading, length * 0.36, { bend: bend * 0.5, steps: 8 });
  const end = tipOf(stalk);
  return [
    strand(stalk, length * 0.03, length * 0.022, shade(tone, 0.08)),
    growLeaf(
      {
        base: end.point,
        heading: end.heading,
        length,
        width: length * 0.74,
        shape: SHAPES.ovate,
        heart: 0.09,
        margin: { kind: 'serrate', teeth: 16, depth: 0.07 },
        bend,
        tilt: random.between(-0.3, 0.3),
        veinCount: 7,
        veinAngle: 0.24,
        net: true,
        colour: vary(tone, random),
      },
      random,
    ),
  ];
}

/** Head, two leaves and a bud, built to fill a square. */
export const growSunflower: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.leaf, 0.01);
  const main = walk({ x: -30, y: 0 }, 0.06, 640, { bend: -0.1, steps: 16 });
  const side = walk(along(main, 0.2).point, 1.25, 420, { bend: -1.05, steps: 12 });
  marks.push(strand(side, 15, 12, shade(tone, 0.06)), ...growBristles(side, 60, 9, shade(tone, 0.1), random));
  marks.push(
    ...heartLeaf(along(main, 0.52).point, -1.12, 330, -0.5, tone, random),
    ...heartLeaf(along(main, 0.04).point, 1.45, 270, 0.35, tone, random),
    ...heartLeaf(along(main, 0.16).point, -1.3, 250, 0.3, shade(tone, -0.02), random),
  );
  marks.push(strand(main, 27, 21, shade(tone, 0.06)), ...growBristles(main, 120, 10, shade(tone, 0.1), random));
  const bud = tipOf(side);
  for (let index = -4; index <= 4; index += 1) {
    marks.push(
      growPetal(
        {
          base: bud.point,
          heading: bud.heading + index * 0.16,
          length: 128,
          width: 36,
          shape: profile(0.5, 0.6),
          veinCount: 2,
          colour: HUE.amber,
          tip: HUE.yellow,
        },
        random,
      ),
    );
  }
  for (let ring = 0; ring < 2; ring += 1) {
    for (let index = -4; index <= 4; index += 1) {
      marks.push(
        growLeaf(
          {
            base: step(bud.point, bud.heading, -20 - ring * 12),
            heading: bud.heading + index * (0.2 + ring * 0.06),
            length: 122 - ring * 26,
            width: 42,
            shape: SHAPES.ovate,
            bend: index * 0.06,
            venation: 'midrib',
            colour: vary(shade(tone, ring * 0.03), random),
          },
          random,
        ),
      );
    }
  }
  marks.push(...growSunflowerHead({ x: tipOf(main).point.x, y: tipOf(main).point.y - 190 }, 390, random));
  return marks;
};

function growDahliaHead(
  centre: Point,
  radius: number,
  count: number,
  outer: Colour,
  inner: Colour,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  for (let index = count - 1; index >= 0; index -= 1) {
    const share = Math.sqrt((index + 1) / count);
    const heading = index * GOLDEN_ANGLE;
    const length = radius * mix(0.13, 0.47, share ** 0.9) * random.between(0.96, 1.04);
    const start = radius * 0.64 * share ** 1.15;
    const tone = mixColour(inner, outer, share ** 1.2);
    const petal = growPetal(
      {
        base: step(centre, heading, Math.max(0, start - length * 0.16)),
        heading,
        length,
        width: length * mix(0.66, 0.6, share),
        shape: profile(0.62, 0.42),
        bend: random.between(-0.08, 0.08),
        tilt: random.between(-0.12, 0.12),
        veinCount: 3,
        colour: vary(shade(tone, -0.13, 0.02), random, 0.6),
        tip: vary(shade(tone, 0.05, -0.015), random, 0.6),
      },
      random,
    );
    marks.push({ ...petal, body: 1 });
    // The rolled edges that make each floret a small cup.
    marks.push(
      growPetal(
        {
          base: step(centre, heading, Math.max(0, start - length * 0.1)),
          heading,
          length: length * 0.72,
          width: length * 0.3,
          shape: profile(0.5, 0.8),
          veinCount: 0,
          colour: shade(tone, -0.2, 0.015),
          tip: shade(tone, -0.07),
          body: 0.5,
        },
        random,
      ),
    );
  }
  return marks;
}

export const growDahlia: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.deep, 0.05);
  const centre = { x: 0, y: -560 };
  const pinnate = (base: Point, heading: number, length: number, bend: number): void => {
    const axis = walk(base, heading, length, { bend, steps: 10 });
    marks.push(strand(axis, 9, 5, shade(tone, 0.1)));
    for (const [t, side] of [
      [0.45, -1],
      [0.48, 1],
      [0.74, -1],
      [0.77, 1],
      [1, 0],
    ] as const) {
      const { point, heading: way } = along(axis, t);
      marks.push(
        growLeaf(
          {
            base: point,
            heading: way + side * 0.85,
            length: length * (side === 0 ? 0.52 : 0.42),
            width: length * 0.24,
            shape: SHAPES.ovate,
            margin: { kind: 'serrate', teeth: 10, depth: 0.12 },
            bend: -side * 0.3,
            veinCount: 6,
            net: true,
            colour: vary(tone, random),
          },
          random,
        ),
      );
    }
  };
  const main = walk({ x: 40, y: 20 }, -0.1, 560, { bend: 0.08, steps: 14 });
  const second = walk(along(main, 0.35).point, -0.95, 470, { bend: 0.85, steps: 12 });
  pinnate(along(main, 0.3).point, 1.05, 420, 0.4);
  pinnate(along(main, 0.3).point, -1.4, 330, 0.3);
  pinnate(along(main, 0.62).point, 1.2, 430, -0.3);
  marks.push(strand(second, 12, 9, shade(tone, 0.07)), strand(main, 20, 15, shade(tone, 0.07)));
  const bud = tipOf(second);
  for (let index = -3; index <= 3; index += 1)
    marks.push(
      growPetal(
        {
          base: bud.point,
          heading: bud.heading + index * 0.17,
          length: 96,
          width: 44,
          shape: PETALS.cup,
          veinCount: 2,
          colour: HUE.crimson,
          tip: HUE.coral,
        },
        random,
      ),
    );
  for (let index = -2; index <= 2; index += 1)
    marks.push(
      growLeaf(
        {
          base: step(bud.point, bud.heading, -14),
          heading: bud.heading + index * 0.3,
          length: 70,
          width: 34,
          shape: SHAPES.ovate,
          bend: index * 0.2,
          venation: 'midrib',
          colour: vary(tone, random),
        },
        random,
      ),
    );
  for (let index = 0; index < 9; index += 1) {
    const heading = (index / 9) * TURN + 0.2;
    marks.push(
      growLeaf(
        {
          base: step(centre, heading, 240),
          heading,
          length: 120,
          width: 62,
          shape: SHAPES.ovate,
          venation: 'midrib',
          colour: vary(tone, random),
        },
        random,
      ),
    );
  }
  marks.push(
    growBody(
      {
        base: step(centre, 0, -60),
        heading: 0,
        length: 120,
        width: 120,
        colour: shade(HUE.wine, 0.06),
        material: 'petal',
      },
      random,
    ),
  );
  marks.push(...growDahliaHead(centre, 330, 170, shade(HUE.coral, 0.06, -0.03), HUE.crimson, random));
  return marks;
};

function growConeflowerHead(base: Point, heading: number, size: number, random: Random): Mark[] {
  const marks: Mark[] = [];
  const ray = (turn: number, length: number, shift: number, depth: number): void => {
    marks.push(
      growPetal(
        {
          base: aside(step(base, heading, size * 0.12), heading, shift * size * 0.36),
          heading: heading + turn,
          length: size * length,
          width: size * 0.29,
          shape: profile(0.42, 0.34),
          notch: 0.035,
          bend: Math.sign(turn) * random.between(0.3, 0.6),
          tilt: random.between(-0.35, 0.35),
          veinCount: 4,
          colour: vary(shade(HUE.magenta, -0.02 - depth * 0.06, -0.03), random, 0.7),
          tip: vary(shade(HUE.rose, 0.01 - depth * 0.05, 0.01, -14), random, 0.7),
        },
        random,
      ),
    );
  };
  for (const shift of [-0.9, -0.55, -0.2, 0.15, 0.5, 0.85])
    ray(shift * degrees(105) + random.between(-0.1, 0.1), 0.5, shift, 1);
  for (let index = 0; index < 7; index += 1) {
    const shift = mix(-1, 1, index / 6);
    ray(
      Math.sign(shift || 1) * degrees(mix(176, 108, Math.abs(shift))) + random.between(-0.06, 0.06),
      random.between(0.92, 1.08),
      shift,
      0,
    );
  }
  marks.push(
    growBody(
      {
        base: step(base, heading, -size * 0.06),
        heading,
        length: size * 0.64,
        width: size * 0.82,
        shape: profile(0.42, 0.5),
        colour: shade(HUE.chestnut, -0.12),
        tip: HUE.chestnut,
      },
      random,
    ),
  );
  const spines: { at: Point; way: number; v: number }[] = [];
  for (let index = 0; index < 150; index += 1) {
    const v = Math.sqrt((index + 0.5) / 150);
    const turn = index * GOLDEN_ANGLE;
    const x = Math.sin(turn) * v * size * 0.4;
    const z = Math.cos(turn) * v;
    if (z < -0.35) continue;
    const y = Math.sqrt(Math.max(0, 1 - v * v)) * size * 0.48 - z * size * 0.07;
    spines.push({
      at: aside(step(base, heading, y + size * 0.05), heading, x),
      way: heading + (x / (size * 0.4)) * 1.15,
      v,
    });
  }
  spines.sort((a, b) => b.v - a.v);
  spines.reverse().sort((a, b) => a.at.y - b.at.y);
  for (const { at: place, way } of spines) {
    marks.push(
      growBody(
        {
          base: place,
          heading: way,
          length: size * random.between(0.085, 0.12),
          width: size * 0.034,
          shape: profile(0.4, 0.9),
          colour: HUE.chestnut,
          tip: vary(HUE.orange, random),
        },
        random,
      ),
    );
  }
  return marks;
}

export const growConeflower: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.leaf, -0.02, -0.01, -6);
  const main = walk({ x: 0, y: 0 }, -0.06, 800, { bend: 0.16, wobble: 0.04, random, steps: 22 });
  const left = walk(along(main, 0.34).point, -0.6, 390, { bend: 0.5, steps: 14 });
  const right = walk(along(main, 0.5).point, 0.62, 270, { bend: -0.5, steps: 12 });
  for (const [t, turn, length] of [
    [0.04, -0.95, 340],
    [0.08, 0.9, 330],
    [0.24, -0.8, 270],
    [0.34, 0.85, 270],
    [0.52, -0.75, 190],
    [0.7, 0.8, 130],
  ] as const) {
    const { point, heading } = along(main, t);
    marks.push(
      growLeaf(
        {
          base: point,
          heading: heading + turn,
          length,
          width: length * 0.26,
          shape: SHAPES.lanceolate,
          margin: { kind: 'serrate', teeth: 9, depth: 0.09 },
          bend: -turn * 0.5,
          tilt: random.between(-0.3, 0.3),
          veinCount: 5,
          veinAngle: 0.3,
          net: true,
          colour: vary(tone, random),
        },
        random,
      ),
    );
  }
  for (const line of [left, right])
    marks.push(strand(line, 9, 8, shade(tone, 0.05, 0, -20)), ...growBristles(line, 50, 6, tone, random));
  marks.push(strand(main, 14, 10, shade(tone, 0.05, 0, -20)), ...growBristles(main, 120, 7, tone, random));
  const bud = tipOf(right);
  for (let index = -3; index <= 3; index += 1)
    marks.push(
      growPetal(
        {
          base: bud.point,
          heading: bud.heading + index * 0.34,
          length: 74,
          width: 24,
          shape: PETALS.ray,
          veinCount: 2,
          colour: mixColour(GREEN.fresh, HUE.rose, 0.5),
          tip: HUE.rose,
        },
        random,
      ),
    );
  marks.push(
    growBody(
      {
        base: step(bud.point, bud.heading, -8),
        heading: bud.heading,
        length: 62,
        width: 84,
        shape: profile(0.4, 0.4),
        colour: GREEN.moss,
        tip: HUE.amber,
      },
      random,
    ),
  );
  const a = tipOf(left);
  marks.push(...growConeflowerHead(a.point, a.heading - 0.1, 190, random));
  const b = tipOf(main);
  marks.push(...growConeflowerHead(b.point, b.heading, 265, random));
  return marks;
};

function growArtichokeHead(stalkEnd: Point, heading: number, size: number, flower: boolean, random: Random): Mark[] {
  const marks: Mark[] = [];
  const base = step(stalkEnd, heading, -size * 0.09);
  marks.push(
    growBody(
      {
        base: stalkEnd,
        heading,
        length: size * 0.7,
        width: size * 0.74,
        shape: profile(0.4, 0.4),
        colour: shade(GREEN.moss, -0.08),
        tip: shade(HUE.wine, 0.05),
        material: 'leaf',
      },
      random,
    ),
  );
  if (flower) {
    const tuft = step(base, heading, size * 0.72);
    for (let index = 0; index < 190; index += 1) {
      const turn = random.between(-1, 1);
      const from = aside(tuft, heading, turn * size * 0.2);
      marks.push(
        strand(
          walk(from, heading + turn * 0.85 + random.between(-0.12, 0.12), size * random.between(0.36, 0.62), {
            bend: -turn * 0.35,
            steps: 6,
          }),
          3.4,
          1.6,
          vary(mixColour(HUE.violet, HUE.lilac, random.next() ** 2), random),
          'petal',
        ),
      );
    }
  }
  const rows = 8;
  for (let row = 0; row < rows; row += 1) {
    const v = row / (rows - 1);
    // From the top row, which lies deepest, down to the outermost one.
    const height = mix(0.6, 0.02, v);
    const half = size * 0.43 * Math.sin(Math.PI * mix(0.3, 0.86, v)) ** 0.8;
    const count = 5 + (row % 2);
    const order = Array.from({ length: count }, (_, index) => mix(-1, 1, index / (count - 1))).sort(
      (p, q) => Math.abs(q) - Math.abs(p),
    );
    for (const u of order) {
      const foot = aside(step(base, heading, size * height), heading, u * half * 0.88);
      const lean = u * mix(0.35, 0.75, v);
      const length = size * mix(0.4, 0.3, v) * random.between(0.94, 1.06);
      const tone = mixColour(shade(GREEN.sage, -0.02, 0.02), shade(GREEN.moss, 0.02), random.next());
      const bract = growLeaf(
        {
          base: foot,
          heading: heading + lean,
          length,
          width: size * mix(0.25, 0.27, v) * (1 - Math.abs(u) * 0.25),
          shape: profile(0.42, 0.62),
          bend: -lean * 0.5,
          venation: 'parallel',
          veinCount: 3,
          colour: vary(tone, random),
          tip: vary(mixColour(HUE.violet, HUE.wine, 0.4), random),
        },
        random,
      );
      marks.push(bract);
      marks.push(spine(bract, size));
    }
  }
  return marks;
}

function spine(bract: Blade, size: number): Mark {
  const end = tipOf(bract.axis);
  return strand(walk(end.point, end.heading, size * 0.035, { steps: 3 }), 2.4, 0.8, HUE.straw);
}

function growThistleLeaf(base: Point, heading: number, length: number, bend: number, random: Random): Mark[] {
  const axis = walk(base, heading, length, { bend, late: 1.3, steps: 16 });
  const tone = shade(GREEN.sage, -0.06, 0.015);
  const marks: Mark[] = [];
  for (let index = 0; index < 9; index += 1) {
    const t = mix(0.12, 0.92, index / 8);
    for (const side of [-1, 1] as const) {
      const { point, heading: way } = along(axis, t);
      const reach = length * 0.27 * Math.sin(Math.PI * mix(0.22, 0.93, t)) * random.between(0.9, 1.1);
      marks.push(
        growLeaf(
          {
            base: point,
            heading: way + side * degrees(mix(66, 34, t)),
            length: reach,
            width: reach * 0.42,
            shape: SHAPES.lanceolate,
            margin: { kind: 'serrate', teeth: 3, depth: 0.4 },
            bend: -side * 0.35,
            venation: 'pinnate',
            veinCount: 3,
            veinAngle: 0.25,
            colour: vary(tone, random),
            tip: GREEN.silver,
          },
          random,
        ),
      );
    }
  }
  marks.push(
    growLeaf(
      {
        base: along(axis, 0.9).point,
        heading: tipOf(axis).heading,
        length: length * 0.2,
        width: length * 0.08,
        shape: SHAPES.lanceolate,
        margin: { kind: 'serrate', teeth: 3, depth: 0.3 },
        venation: 'midrib',
        colour: tone,
      },
      random,
    ),
  );
  marks.push(strand(axis, length * 0.034, length * 0.01, shade(GREEN.silver, 0.02)));
  return marks;
}

export const growArtichoke: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const main = walk({ x: 0, y: 0 }, -0.1, 560, { bend: 0.12, steps: 16 });
  const side = walk(along(main, 0.2).point, 1.05, 420, { bend: -0.85, steps: 14 });
  marks.push(
    ...growThistleLeaf(along(main, 0.08).point, -1.05, 520, 0.75, random),
    ...growThistleLeaf(along(main, 0.05).point, 1.2, 470, -0.7, random),
    ...growThistleLeaf(along(main, 0.5).point, -1, 330, 0.6, random),
    ...growThistleLeaf(along(side, 0.5).point, 1.35, 260, -0.4, random),
  );
  marks.push(strand(side, 22, 19, GREEN.sage), strand(main, 31, 25, GREEN.sage));
  const b = tipOf(side);
  marks.push(...growArtichokeHead(b.point, b.heading, 215, false, random));
  const a = tipOf(main);
  marks.push(...growArtichokeHead(a.point, a.heading, 350, true, random));
  return marks;
};

/** Rosettes seen from above, large ones first, small ones in the gaps. */
export const growHouseleeks: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const circles: { x: number; y: number; radius: number }[] = [];
  const half = 620;
  for (const [radius, tries] of [
    [270, 80],
    [200, 300],
    [150, 700],
    [105, 1600],
    [70, 2500],
  ] as const) {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const size = radius * random.between(0.9, 1.08);
      const x = random.between(-half + size, half - size);
      const y = random.between(-half + size, half - size);
      if (circles.every((other) => Math.hypot(other.x - x, other.y - y) > (other.radius + size) * 0.86))
        circles.push({ x, y, radius: size });
    }
  }
  const palettes = [
    { outer: shade(GREEN.sage, 0.02, 0.03), tip: HUE.wine, heart: GREEN.lime },
    { outer: shade(HUE.wine, 0.1, -0.02), tip: HUE.crimson, heart: HUE.rose },
    { outer: shade(GREEN.blue, 0.08), tip: shade(HUE.mauve, 0.02), heart: GREEN.silver },
    { outer: shade(GREEN.olive, 0.08), tip: HUE.orange, heart: HUE.butter },
    { outer: GREEN.leaf, tip: HUE.chestnut, heart: GREEN.fresh },
    { outer: shade(HUE.mauve, -0.02, -0.04), tip: shade(HUE.wine, 0.02), heart: GREEN.sage },
  ];
  circles.sort((a, b) => a.radius - b.radius);
  for (const [order, { x, y, radius }] of circles.entries()) {
    const tones = at(palettes, order % palettes.length);
    const count = radius > 180 ? 46 : radius > 120 ? 38 : radius > 80 ? 29 : 20;
    const turn = random.between(0, TURN);
    const slender = random.between(0.4, 0.5);
    const heart = radius * 0.13;
    marks.push(
      growBody(
        {
          base: { x, y: y + heart },
          heading: 0,
          length: heart * 2,
          width: heart * 2,
          colour: shade(tones.heart, -0.16),
          material: 'leaf',
        },
        random,
      ),
    );
    for (let index = count - 1; index >= 0; index -= 1) {
      const share = Math.sqrt((index + 0.7) / count);
      const heading = turn + index * GOLDEN_ANGLE;
      const length = radius * mix(0.16, 0.66, share);
      const base = step({ x, y }, heading, radius * 0.36 * share ** 1.5 - length * 0.06);
      const tone = mixColour(tones.heart, tones.outer, share ** 0.8);
      const leaf = { base, heading, shape: profile(0.7, 0.5), samples: radius > 120 ? 9 : 7 };
      // Each leaf lies in a shadow of its own on the leaves below.
      if (radius > 80 && share > 0.3)
        marks.push(
          growLeaf(
            {
              ...leaf,
              length: length * 1.045,
              width: length * slender * 1.16,
              venation: 'none',
              colour: shade(tone, -0.3, -0.02),
              body: 0.6,
            },
            random,
          ),
        );
      marks.push(
        growLeaf(
          {
            ...leaf,
            length,
            width: length * slender,
            venation: radius > 120 ? 'midrib' : 'none',
            colour: vary(shade(tone, mix(0.02, -0.14, share)), random, 0.6),
            tip: vary(mixColour(shade(tone, 0.04), tones.tip, mix(0.2, 0.75, share)), random, 0.6),
          },
          random,
        ),
      );
      if (radius > 90) {
        const point = step(base, heading, length * 0.98);
        marks.push(strand([point, step(point, heading, length * 0.09)], 2, 0.8, shade(tones.tip, -0.05)));
      }
    }
  }
  return marks;
};
