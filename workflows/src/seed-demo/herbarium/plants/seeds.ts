import { mixColour, shade, vary, type Colour } from '../colour.ts';
import { along, aside, at, mix, step, TURN, walk, type Point } from '../geometry.ts';
import { growLeaf, profile, SHAPES } from '../leaf.ts';
import { fitMarks, onBlade, type Blade, type Dot, type Mark } from '../marks.ts';
import { growBody } from '../petal.ts';
import type { Random } from '../random.ts';
import { dots, strand, tipOf, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';
import { growCapsule } from './poppies.ts';

/** Spots on a blade, whole and inside its outline. */
function mottle(
  blade: Blade,
  count: number,
  size: readonly [number, number],
  tone: Colour,
  random: Random,
  spread = 1,
): Mark[] {
  const marks: Mark[] = [];
  for (let index = 0; index < count; index += 1) {
    const centre = onBlade(blade, 0.5 + random.between(-0.36, 0.36) * spread, random.between(-0.72, 0.72) * spread);
    const radius = random.between(size[0], size[1]);
    const knots = Array.from({ length: 7 }, (_, knot) =>
      step(centre, (knot / 7) * TURN, radius * random.between(0.5, 1.35)),
    );
    const left = knots.slice(0, 4);
    const right = [at(knots, 0), at(knots, 6), at(knots, 5), at(knots, 4)];
    marks.push({
      kind: 'blade',
      material: 'seed',
      left,
      right,
      axis: left.map((point, place) => ({
        x: (point.x + at(right, place).x) / 2,
        y: (point.y + at(right, place).y) / 2,
      })),
      smooth: true,
      veins: [],
      colour: vary(tone, random),
      tip: vary(tone, random),
      body: 0.85,
      marking: true,
    });
  }
  return marks;
}

function growBean(centre: Point, size: number, kind: number, random: Random): Mark[] {
  const skins: readonly (readonly [Colour, Colour | undefined, 'plain' | 'mottle' | 'half' | 'stripe' | 'eye'])[] = [
    [HUE.bone, HUE.crimson, 'mottle'],
    [HUE.black, undefined, 'plain'],
    [HUE.wine, HUE.pink, 'mottle'],
    [HUE.cream, HUE.chestnut, 'eye'],
    [HUE.tan, HUE.umber, 'stripe'],
    [HUE.white, undefined, 'plain'],
    [HUE.mauve, HUE.black, 'mottle'],
    [shade(HUE.amber, -0.05, -0.03), undefined, 'plain'],
    [HUE.cream, HUE.wine, 'half'],
    [shade(HUE.crimson, -0.06), undefined, 'plain'],
    [GREEN.silver, undefined, 'plain'],
    [HUE.bone, HUE.black, 'half'],
    [HUE.chestnut, HUE.straw, 'stripe'],
    [HUE.straw, undefined, 'plain'],
    [shade(HUE.indigo, -0.08, -0.05), HUE.lilac, 'mottle'],
    [HUE.cream, HUE.black, 'eye'],
  ];
  const [skin, pattern, way] = at(skins, kind % skins.length);
  const long = mix(0.82, 1.25, random.next());
  const plump = mix(0.44, 0.62, random.next());
  const side = random.sign();
  const heading = random.between(-0.35, 0.35);
  const length = size * long;
  const bend = side * random.between(1, 1.9);
  const marks: Mark[] = [];
  const bean = growBody(
    {
      base: step(centre, heading, -length / 2),
      heading: heading - bend / 2,
      length,
      width: length * plump,
      shape: profile(0.42, 0.42),
      bend,
      colour: shade(skin, -0.04),
      tip: shade(skin, 0.02),
    },
    random,
  );
  marks.push(bean);
  if (pattern) {
    if (way === 'mottle')
      marks.push(...mottle(bean, random.integer(12, 24), [size * 0.018, size * 0.07], pattern, random));
    if (way === 'half')
      marks.push(
        ...mottle(bean, 3, [size * 0.09, size * 0.13], pattern, random, 0.5),
        ...mottle(bean, 10, [size * 0.012, size * 0.03], pattern, random),
      );
    if (way === 'stripe')
      for (let stripe = 0; stripe < 9; stripe += 1)
        marks.push(
          strand(
            [0.12, 0.35, 0.6, 0.86].map((t) =>
              onBlade(
                bean,
                t + random.between(-0.05, 0.05),
                mix(-0.85, 0.85, stripe / 8) + random.between(-0.08, 0.08),
              ),
            ),
            size * 0.03,
            size * 0.012,
            pattern,
            'seed',
            true,
          ),
        );
    if (way === 'eye')
      marks.push(
        ...mottle({ ...bean, left: bean.axis, right: bean.axis }, 1, [size * 0.14, size * 0.16], pattern, random).map(
          (mark) => mark,
        ),
      );
  }
  // The scar where the seed hung, on the hollow side, and the light on the shoulder.
  const u = bend > 0 ? 0.86 : -0.86;
  const scar = onBlade(bean, 0.5, u);
  marks.push(
    growBody(
      {
        base: step(scar, heading, -size * 0.07),
        heading,
        length: size * 0.14,
        width: size * 0.055,
        colour: HUE.white,
        tip: HUE.bone,
      },
      random,
    ),
  );
  marks.push(
    strand(
      [0.2, 0.32, 0.45].map((t) => onBlade(bean, t, -0.5)),
      size * 0.045,
      size * 0.015,
      shade(skin, 0.17, -0.01),
      'hair',
      true,
    ),
  );
  return marks;
}

/** Forty-eight sorts, a drawer of beans. */
export const growBeanGrid: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const order = Array.from({ length: 48 }, (_, index) => (index * 7 + Math.floor(index / 8) * 3) % 16);
  // Nine columns of six, but for the corner where the slip lies.
  const places = Array.from({ length: 54 }, (_, index) => ({ column: index % 9, row: Math.floor(index / 9) })).filter(
    ({ column, row }) => column < 6 || row < 4,
  );
  places.forEach(({ column, row }, index) => {
    const centre = { x: column * 150 + random.between(-6, 6), y: row * 150 + random.between(-5, 5) };
    marks.push(...growBean(centre, 112, at(order, index), random));
  });
  return marks;
};

interface SamaraSpec {
  readonly centre: Point;
  /** Angle between the two wings, in radians. */
  readonly angle: number;
  readonly length: number;
  readonly width: number;
  readonly nut: number;
  readonly tone: Colour;
  readonly nutTone: Colour;
}

function growSamara(spec: SamaraSpec, random: Random): Mark[] {
  const marks: Mark[] = [];
  const stalk = walk(spec.centre, random.between(-0.15, 0.15), spec.length * 0.42, {
    bend: random.between(-0.3, 0.3),
    steps: 6,
  });
  marks.push(strand(stalk, 3.6, 2.8, shade(spec.nutTone, 0.05)));
  for (const side of [-1, 1] as const) {
    const heading = Math.PI - side * (spec.angle / 2);
    const length = spec.length * random.between(0.96, 1.04);
    const axis = walk(spec.centre, heading, length, { bend: side * 0.12, steps: 18 });
    const shape = profile(0.95, 0.36);
    const nut = spec.nut / length;
    const rim = (out: 1 | -1): Point[] =>
      axis.map((_, index) => {
        const t = 1 - (1 - index / 18) ** 1.7;
        const { point, heading: way } = along(axis, t);
        // One edge is straight and thick, the other bellies out.
        const belly =
          out === side
            ? shape(t) * spec.width + (1 - t) * spec.width * 0.12
            : mix(spec.width * 0.16, spec.width * 0.06, t) * Math.min(1, (1 - t) * 9) ** 0.5;
        return aside(point, way, out * belly * (t === 0 ? 0.4 : 1));
      });
    const left = rim(-1);
    const right = rim(1);
    const wing: Blade = {
      kind: 'blade',
      material: 'petal',
      left,
      axis: axis.map((_, index) => along(axis, 1 - (1 - index / 18) ** 1.7).point),
      right,
      smooth: true,
      veins: [],
      colour: vary(shade(spec.tone, -0.05), random),
      tip: vary(spec.tone, random),
      body: 0.92,
    };
    const veins = Array.from({ length: 12 }, (_, index) => ({
      order: 3 as const,
      line: [0, 0.35, 0.7, 1].map((s) =>
        onBlade(
          wing,
          mix(nut * 0.5 + index * 0.035, Math.min(0.98, 0.36 + index * 0.06), s),
          side * mix(0.02, 0.88, s ** 1.4),
        ),
      ),
    }));
    marks.push({ ...wing, veins });
    marks.push(strand(along18(axis, -side * spec.width * 0.07), 4.4, 1.8, shade(spec.tone, -0.16)));
    marks.push(
      growBody(
        {
          base: spec.centre,
          heading: heading + side * 0.1,
          length: spec.nut,
          width: spec.nut * 0.66,
          ribs: 3,
          colour: spec.nutTone,
          tip: shade(spec.nutTone, 0.05),
        },
        random,
      ),
    );
  }
  return marks;
}

function along18(axis: readonly Point[], offset: number): Point[] {
  return [0.05, 0.25, 0.5, 0.75, 0.96].map((t) => {
    const { point, heading } = along(axis, t);
    return aside(point, heading, offset);
  });
}

/** Twelve maples by the angle of their wings. */
export const growSamaras: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tones = [
    HUE.straw,
    HUE.tan,
    shade(HUE.rose, 0, -0.03, 20),
    GREEN.moss,
    HUE.amber,
    shade(HUE.crimson, 0.1, -0.05),
    HUE.bone,
    shade(GREEN.lime, -0.05, -0.04),
    HUE.coral,
    HUE.chestnut,
    HUE.butter,
    shade(HUE.mauve, 0.03, -0.03),
  ];
  const angles = [180, 168, 150, 132, 120, 108, 94, 82, 70, 56, 44, 30];
  angles.forEach((angle, index) => {
    // Rows of five, four and three: the slip lies in the corner that is left.
    const row = index < 5 ? 0 : index < 9 ? 1 : 2;
    const column = index - at([0, 5, 9], row) + (row === 1 ? 0.5 : 0);
    const size = random.between(0.92, 1.1) * (1.28 - angle / 640);
    marks.push(
      ...growSamara(
        {
          centre: { x: column * 310 + random.between(-8, 8), y: row * 300 },
          angle: (angle * Math.PI) / 180,
          length: 150 * size,
          width: 50 * size * random.between(0.85, 1.2),
          nut: 46 * size,
          tone: at(tones, index),
          nutTone: mixColour(at(tones, index), HUE.chestnut, 0.55),
        },
        random,
      ),
    );
  });
  return marks;
};

function growPappus(
  base: Point,
  heading: number,
  length: number,
  spread: number,
  count: number,
  tone: Colour,
  feathered: boolean,
  random: Random,
): Mark[] {
  const marks: Mark[] = [];
  for (let index = 0; index < count; index += 1) {
    const turn = mix(-spread, spread, (index + random.between(0.2, 0.8)) / count);
    const ray = walk(base, heading + turn, length * random.between(0.85, 1.05), { bend: turn * 0.2, steps: 6 });
    marks.push(strand(ray, 1.3, 0.7, tone, 'hair'));
    if (!feathered) continue;
    for (let barb = 1; barb < 9; barb += 1) {
      const place = along(ray, barb / 9);
      for (const side of [-1, 1] as const)
        marks.push(
          strand(walk(place.point, place.heading + side * 0.7, length * 0.09, { steps: 2 }), 0.9, 0.5, tone, 'hair'),
        );
    }
  }
  return marks;
}

type GrowSeed = (random: Random) => Mark[];

const SEEDS: readonly GrowSeed[] = [
  // Dandelion: a parachute on a long beak.
  (random) => {
    const beak = walk({ x: 0, y: 0 }, 0, 190, { bend: 0.1, steps: 8 });
    return [
      ...growPappus(tipOf(beak).point, 0, 100, 1.25, 26, HUE.bone, false, random),
      strand(beak, 2.2, 1.6, HUE.tan),
      growBody(
        {
          base: { x: 0, y: 70 },
          heading: 0,
          length: 84,
          width: 26,
          ribs: 4,
          shape: profile(0.6, 0.6),
          colour: HUE.chestnut,
          tip: HUE.tan,
        },
        random,
      ),
    ];
  },
  // Maple.
  (random) =>
    growSamara(
      { centre: { x: 0, y: 0 }, angle: 1.9, length: 170, width: 56, nut: 50, tone: HUE.straw, nutTone: HUE.tan },
      random,
    ),
  // Burdock: a ball of hooks.
  (random) => {
    const marks: Mark[] = [];
    for (let index = 0; index < 84; index += 1) {
      const turn = (index / 84) * TURN * 5;
      const out = walk({ x: 0, y: 0 }, turn, mix(96, 130, random.next()), { steps: 7 });
      const end = tipOf(out);
      marks.push(
        strand(
          [...out, ...walk(end.point, end.heading, 24, { bend: random.sign() * 2.4, steps: 6 }).slice(1)],
          3.2,
          1,
          vary(HUE.chestnut, random),
        ),
      );
    }
    marks.push(
      growBody(
        {
          base: { x: 0, y: 66 },
          heading: 0,
          length: 132,
          width: 124,
          colour: shade(HUE.chestnut, -0.06),
          tip: HUE.tan,
        },
        random,
      ),
    );
    for (let index = 0; index < 40; index += 1) {
      const place = step({ x: 0, y: 0 }, index * 2.4, 58 * Math.sqrt(index / 40));
      marks.push(
        growLeaf(
          {
            base: place,
            heading: index * 2.4,
            length: 32,
            width: 11,
            shape: SHAPES.lanceolate,
            venation: 'midrib',
            samples: 7,
            colour: vary(HUE.tan, random),
            material: 'seed',
          },
          random,
        ),
      );
    }
    return marks;
  },
  // Poppy capsule.
  (random) => [
    strand(walk({ x: 0, y: 130 }, 0.04, 150, { steps: 8 }), 9, 8, GREEN.sage),
    ...growCapsule({ x: 4, y: -10 }, 0.04, 190, mixColour(GREEN.sage, HUE.tan, 0.5), random),
  ],
  // Acorn.
  (random) => [
    growBody(
      {
        base: { x: 0, y: 0 },
        heading: Math.PI,
        length: 150,
        width: 96,
        shape: profile(0.3, 0.42),
        ribs: 5,
        colour: HUE.tan,
        tip: HUE.amber,
      },
      random,
    ),
    growBody(
      {
        base: { x: 0, y: -56 },
        heading: Math.PI,
        length: 84,
        width: 118,
        shape: profile(0.4, 0.24),
        colour: HUE.bark,
        tip: HUE.tan,
      },
      random,
    ),
    ...Array.from({ length: 30 }, (_, index) =>
      growBody(
        {
          base: {
            x: mix(-44, 44, (index % 6) / 5) + (Math.floor(index / 6) % 2) * 8,
            y: -40 + Math.floor(index / 6) * 14,
          },
          heading: 0,
          length: 14,
          width: 15,
          shape: profile(0.5, 0.6),
          colour: vary(HUE.tan, random),
        },
        random,
      ),
    ),
    strand(walk({ x: 0, y: -54 }, 0.2, 60, { bend: 0.5, steps: 6 }), 7, 6, HUE.bark),
  ],
  // Honesty: a silver window with seeds behind it.
  (random) => {
    const disc = growBody(
      {
        base: { x: 0, y: 130 },
        heading: 0,
        length: 250,
        width: 180,
        colour: shade(HUE.bone, 0.03),
        tip: HUE.cream,
        material: 'petal',
      },
      random,
    );
    return [
      strand(walk({ x: 0, y: 175 }, 0, 46, { steps: 4 }), 5, 4, HUE.tan),
      disc,
      ...[
        [0.35, -0.3],
        [0.5, 0.35],
        [0.66, -0.25],
        [0.7, 0.3],
      ].map(([t = 0, u = 0]) =>
        growBody(
          {
            base: step(onBlade(disc, t, u), 0, -17),
            heading: u,
            length: 34,
            width: 30,
            colour: HUE.chestnut,
            tip: HUE.tan,
          },
          random,
        ),
      ),
      strand(walk({ x: 0, y: -120 }, 0, 34, { steps: 3 }), 3.4, 2, HUE.tan),
    ];
  },
  // Old man's beard: a seed with a feather.
  (random) =>
    [0, 1, 2, 3, 4].flatMap((index) => {
      const line = walk({ x: 0, y: 0 }, mix(-1, 1, index / 4), 210, { bend: mix(-1.3, 1.3, index / 4), steps: 16 });
      const hairs = Array.from({ length: 64 }, (_, hair) => {
        const { point, heading } = along(line, mix(0.12, 1, hair / 64));
        const side = hair % 2 === 0 ? -1 : 1;
        return strand(
          walk(point, heading + side * 0.75, random.between(20, 34), { bend: -side * 0.3, steps: 3 }),
          1,
          0.6,
          HUE.bone,
          'hair',
        );
      });
      return [
        ...hairs,
        strand(line, 2.6, 1.2, HUE.tan),
        growBody(
          {
            base: { x: 0, y: 8 },
            heading: mix(-1, 1, index / 4),
            length: 40,
            width: 17,
            shape: profile(0.5, 0.8),
            colour: HUE.chestnut,
          },
          random,
        ),
      ];
    }),
  // Ash key.
  (random) =>
    [-0.3, 0.05, 0.36].flatMap((turn) => {
      const wing = growLeaf(
        {
          base: { x: 0, y: -110 },
          heading: Math.PI + turn,
          length: 250,
          width: 46,
          shape: profile(0.7, 0.4),
          notch: 0.02,
          venation: 'parallel',
          veinCount: 2,
          bend: random.between(-0.3, 0.3),
          colour: HUE.tan,
          tip: HUE.straw,
          material: 'seed',
        },
        random,
      );
      return [
        wing,
        growBody(
          {
            base: onBlade(wing, 0.06, 0),
            heading: Math.PI + turn,
            length: 96,
            width: 24,
            shape: profile(0.5, 0.6),
            ribs: 2,
            colour: HUE.chestnut,
          },
          random,
        ),
      ];
    }),
  // Marigold: curled and warty.
  (random) => {
    const body = growBody(
      {
        base: { x: -70, y: 70 },
        heading: -0.6,
        length: 270,
        width: 56,
        shape: profile(0.5, 0.5),
        bend: 3.6,
        ribs: 1,
        colour: HUE.tan,
        tip: HUE.straw,
      },
      random,
    );
    return [
      body,
      ...Array.from({ length: 13 }, (_, index) =>
        growBody(
          {
            base: onBlade(body, mix(0.08, 0.92, index / 12), -0.86),
            heading: along(body.axis, mix(0.08, 0.92, index / 12)).heading - 1.4,
            length: 26,
            width: 20,
            shape: profile(0.4, 0.8),
            colour: vary(HUE.chestnut, random),
          },
          random,
        ),
      ),
    ];
  },
  // Thistle: feathered parachute.
  (random) => [
    ...growPappus({ x: 0, y: 0 }, 0, 170, 1.05, 13, HUE.bone, true, random),
    growBody(
      {
        base: { x: 0, y: 66 },
        heading: 0,
        length: 70,
        width: 30,
        shape: profile(0.7, 0.4),
        ribs: 3,
        colour: HUE.umber,
        tip: HUE.chestnut,
      },
      random,
    ),
  ],
  // Love-in-a-mist: a balloon with horns.
  (random) => [
    ...[-0.6, -0.25, 0.2, 0.62].map((turn) =>
      strand(walk({ x: turn * 50, y: -76 }, turn * 0.7, 90, { bend: turn * 1.4, steps: 7 }), 6, 1.6, HUE.tan),
    ),
    growBody(
      {
        base: { x: 0, y: 100 },
        heading: 0,
        length: 190,
        width: 168,
        shape: profile(0.5, 0.4),
        ribs: 5,
        colour: mixColour(GREEN.sage, HUE.straw, 0.6),
        tip: mixColour(HUE.wine, HUE.tan, 0.6),
      },
      random,
    ),
    ...Array.from({ length: 14 }, (_, index) =>
      strand(
        walk({ x: 0, y: 100 }, mix(-1.9, 1.9, index / 13), 120, { bend: mix(0.9, -0.9, index / 13), steps: 8 }),
        2,
        0.9,
        mixColour(GREEN.sage, HUE.tan, 0.5),
      ),
    ),
  ],
  // Elm: a round wing with its seed in the middle.
  (random) => {
    const disc = growLeaf(
      {
        base: { x: 0, y: 120 },
        heading: 0,
        length: 230,
        width: 196,
        shape: profile(0.55, 0.5),
        notch: 0.08,
        margin: { kind: 'undulate', waves: 4, depth: 0.02 },
        veinCount: 10,
        veinAngle: 0.1,
        net: true,
        colour: shade(GREEN.lime, 0.02, -0.05),
        tip: HUE.straw,
        material: 'petal',
      },
      random,
    );
    return [
      disc,
      growBody(
        { base: { x: 0, y: 20 }, heading: 0, length: 56, width: 42, colour: HUE.chestnut, tip: HUE.wine },
        random,
      ),
    ];
  },
  // Pea pod, open.
  (random) => {
    const pod = growLeaf(
      {
        base: { x: -140, y: 40 },
        heading: Math.PI / 2 - 0.2,
        length: 300,
        width: 96,
        shape: profile(0.42, 0.5),
        bend: 0.35,
        venation: 'none',
        colour: GREEN.leaf,
        tip: GREEN.fresh,
        material: 'flesh',
      },
      random,
    );
    return [
      pod,
      growLeaf(
        {
          base: { x: -130, y: 40 },
          heading: Math.PI / 2 - 0.2,
          length: 280,
          width: 66,
          shape: profile(0.42, 0.5),
          bend: 0.35,
          venation: 'none',
          colour: GREEN.lime,
          tip: GREEN.lime,
          material: 'flesh',
        },
        random,
      ),
      ...Array.from({ length: 7 }, (_, index) => {
        const c = onBlade(pod, mix(0.18, 0.82, index / 6), 0.05);
        const r = 34 * Math.sin(Math.PI * mix(0.25, 0.75, index / 6));
        return growBody(
          {
            base: step(c, Math.PI, r * 0.6),
            heading: 0,
            length: r * 1.15,
            width: r * 1.15,
            colour: GREEN.fresh,
            tip: GREEN.lime,
          },
          random,
        );
      }),
      strand(walk({ x: -140, y: 40 }, -1.4, 44, { bend: 0.6, steps: 5 }), 7, 6, GREEN.leaf),
    ];
  },
  // Pine seed with wing.
  (random) =>
    [-0.5, 0.4].flatMap((turn, index) => [
      growLeaf(
        {
          base: { x: index * 50 - 25, y: 60 },
          heading: turn,
          length: 190,
          width: 74,
          shape: profile(0.7, 0.45),
          tilt: 0.5,
          venation: 'fan',
          veinCount: 5,
          colour: HUE.tan,
          tip: HUE.straw,
          material: 'petal',
        },
        random,
      ),
      growBody(
        {
          base: { x: index * 50 - 25 - Math.sin(turn) * 20, y: 92 },
          heading: turn,
          length: 62,
          width: 36,
          shape: profile(0.5, 0.8),
          colour: HUE.umber,
          tip: HUE.chestnut,
        },
        random,
      ),
    ]),
  // Cranesbill: five beaks that spring open.
  (random) => [
    strand(walk({ x: 0, y: 120 }, 0, 250, { steps: 8 }), 7, 3, HUE.tan),
    ...[-0.95, -0.5, 0.5, 0.95].flatMap((turn) => {
      const arm = walk({ x: 0, y: -120 }, Math.PI - turn * 0.9, 210, { bend: turn * 2.3, steps: 14 });
      const end = tipOf(arm);
      return [
        strand(arm, 4, 3, HUE.chestnut),
        growBody(
          {
            base: step(end.point, end.heading, -12),
            heading: end.heading,
            length: 50,
            width: 28,
            colour: HUE.umber,
            tip: HUE.chestnut,
          },
          random,
        ),
      ];
    }),
  ],
  // Cotton grass.
  (random) => {
    const marks: Mark[] = [];
    for (let index = 0; index < 150; index += 1)
      marks.push(
        strand(
          walk(
            { x: random.between(-12, 12), y: random.between(-10, 30) },
            random.gaussian(0, 0.9),
            random.between(90, 190),
            { bend: random.gaussian(0, 0.9), steps: 7 },
          ),
          1.5,
          0.7,
          vary(HUE.bone, random),
          'hair',
        ),
      );
    return [
      ...marks,
      strand(walk({ x: 0, y: 170 }, 0, 140, { steps: 6 }), 6, 5, GREEN.sage),
      growBody(
        {
          base: { x: 0, y: 52 },
          heading: 0,
          length: 60,
          width: 40,
          shape: profile(0.5, 0.7),
          ribs: 3,
          colour: HUE.chestnut,
        },
        random,
      ),
    ];
  },
  // Lantern of the ground cherry: a skeleton with a fruit inside.
  (random) => {
    const cage = growBody(
      {
        base: { x: 0, y: -110 },
        heading: Math.PI,
        length: 230,
        width: 190,
        shape: profile(0.4, 0.7),
        ribs: 7,
        colour: HUE.orange,
        tip: HUE.amber,
        material: 'petal',
        body: 0.7,
      },
      random,
    );
    const net: Mark[] = [];
    for (let index = 0; index < 60; index += 1) {
      const t = random.between(0.1, 0.85);
      const u = random.between(-0.9, 0.7);
      net.push(
        strand(
          [onBlade(cage, t, u), onBlade(cage, t + 0.05, u + 0.12), onBlade(cage, t + 0.03, u + 0.25)],
          1.2,
          0.7,
          shade(HUE.chestnut, 0.04),
          'hair',
        ),
      );
    }
    return [
      growBody(
        { base: { x: 0, y: -20 }, heading: Math.PI, length: 84, width: 84, colour: HUE.scarlet, tip: HUE.orange },
        random,
      ),
      cage,
      ...net,
      strand(walk({ x: 0, y: -104 }, 0.1, 70, { bend: 0.5, steps: 6 }), 6, 4, HUE.tan),
    ];
  },
  // Hazelnut in its ruff.
  (random) => [
    ...[-1.1, -0.66, -0.2, 0.24, 0.7, 1.12].map((turn) =>
      growLeaf(
        {
          base: { x: turn * 34, y: -10 },
          heading: Math.PI + turn * 0.4,
          length: 140,
          width: 64,
          shape: SHAPES.ovate,
          margin: { kind: 'serrate', teeth: 5, depth: 0.35 },
          bend: -turn * 0.5,
          veinCount: 5,
          colour: vary(GREEN.moss, random),
          tip: HUE.straw,
        },
        random,
      ),
    ),
    growBody(
      {
        base: { x: 0, y: -74 },
        heading: Math.PI,
        length: 150,
        width: 134,
        shape: profile(0.36, 0.6),
        ribs: 6,
        colour: HUE.tan,
        tip: HUE.chestnut,
      },
      random,
    ),
    ...[-0.9, -0.3, 0.35, 0.9].map((turn) =>
      growLeaf(
        {
          base: { x: turn * 50, y: -92 },
          heading: Math.PI + turn * 0.2,
          length: 92,
          width: 48,
          shape: SHAPES.ovate,
          margin: { kind: 'serrate', teeth: 4, depth: 0.4 },
          bend: -turn * 0.3,
          veinCount: 4,
          colour: vary(GREEN.leaf, random),
        },
        random,
      ),
    ),
  ],
  // Shepherd's purse: a spray of hearts.
  (random) => {
    const line = walk({ x: 0, y: 150 }, 0, 300, { bend: 0.1, steps: 12 });
    const marks: Mark[] = [strand(line, 4.4, 2, GREEN.sage)];
    for (let index = 0; index < 11; index += 1) {
      const { point, heading } = along(line, mix(0.08, 1, index / 10));
      const side = index % 2 === 0 ? -1 : 1;
      const stalk = walk(point, heading + side * 0.95, mix(74, 26, index / 10), { bend: side * 0.1, steps: 4 });
      const end = tipOf(stalk);
      const size = mix(58, 20, index / 10);
      marks.push(
        strand(stalk, 2.2, 1.8, GREEN.sage),
        growLeaf(
          {
            base: end.point,
            heading: end.heading,
            length: size,
            width: size * 0.94,
            shape: profile(1, 0.22),
            notch: 0.2,
            venation: 'midrib',
            colour: vary(GREEN.moss, random),
            material: 'seed',
          },
          random,
        ),
      );
    }
    return marks;
  },
  // Corn cockle and other small round seeds in a heap.
  (random) => {
    const list: Dot[] = [];
    for (let index = 0; index < 46; index += 1)
      list.push({ ...step({ x: 0, y: 0 }, index * 2.4, 100 * Math.sqrt(index / 46)), radius: random.between(9, 14) });
    return [
      dots(
        list.filter((_, index) => index % 3 === 0),
        HUE.umber,
      ),
      dots(
        list.filter((_, index) => index % 3 === 1),
        HUE.chestnut,
      ),
      dots(
        list.filter((_, index) => index % 3 === 2),
        HUE.tan,
      ),
    ];
  },
];

/** Twenty ways to travel, in a square of four by five. */
export const growSeedStudy: GrowPlant = (random) =>
  SEEDS.flatMap((growSeed, index) => {
    const column = index % 5;
    const row = Math.floor(index / 5);
    const fitted = fitMarks(growSeed(random), { x: column * 300, y: row * 300, width: 245, height: 250 });
    return fitted;
  });
