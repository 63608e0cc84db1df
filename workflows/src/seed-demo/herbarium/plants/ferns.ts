import { shade, vary } from '../colour.ts';
import { along, degrees, mix, step, walk, type Point } from '../geometry.ts';
import { growLeaf, profile, SHAPES, type Margin } from '../leaf.ts';
import type { Mark } from '../marks.ts';
import { growBody } from '../petal.ts';
import type { Random } from '../random.ts';
import { growRoots, ORIGIN, stem, strand, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';

interface FrondSpec {
  readonly base: Point;
  readonly heading: number;
  readonly length: number;
  readonly bend: number;
  readonly pairs: number;
  /** Longest pinna as a share of the frond. */
  readonly reach: number;
  readonly stalk: number;
  /** Whole pinnae, lobed pinnae, or pinnae with leaflets of their own. */
  readonly cut: 'once' | 'lobed' | 'twice';
  readonly colour: typeof GREEN.leaf;
}

/** A frond: pinnae in pairs on a rachis, longest below the middle, each bending to the tip. */
function growFrond(spec: FrondSpec, random: Random): Mark[] {
  const rachis = walk(spec.base, spec.heading, spec.length, {
    bend: spec.bend,
    late: 1.4,
    wobble: 0.04,
    random,
    steps: 30,
  });
  const marks: Mark[] = [];
  const shape = profile(0.42, 0.95);
  for (let index = 0; index < spec.pairs; index += 1) {
    const t = mix(spec.stalk, 0.985, (index / spec.pairs) ** 0.88);
    const place = (t - spec.stalk) / (1 - spec.stalk);
    const reach = spec.length * spec.reach * shape(mix(0.1, 0.99, place));
    if (reach < 4) continue;
    for (const side of [-1, 1] as const) {
      const { point, heading } = along(rachis, t + side * 0.004);
      const way = heading + side * degrees(mix(82, 42, place)) + random.between(-0.05, 0.05);
      const length = reach * random.between(0.93, 1.05);
      const tone = vary(spec.colour, random, 0.8);
      if (spec.cut === 'twice') {
        marks.push(...growPinna(point, way, length, -side * 0.28, tone, random));
      } else {
        const margin: Margin =
          spec.cut === 'lobed'
            ? { kind: 'lobed', lobes: Math.max(3, Math.round(length / 17)), depth: 0.5 }
            : { kind: 'serrate', teeth: 9, depth: 0.1 };
        marks.push(
          growLeaf(
            {
              base: point,
              heading: way,
              length,
              width: spec.cut === 'lobed' ? Math.min(length * 0.3, 44) : length * 0.19,
              shape: spec.cut === 'lobed' ? profile(0.22, 0.95) : profile(0.25, 0.8),
              margin,
              bend: -side * random.between(0.2, 0.4),
              venation: length > 60 ? 'pinnate' : 'midrib',
              veinCount: spec.cut === 'lobed' ? Math.max(3, Math.round(length / 17)) : 8,
              veinAngle: 0.1,
              colour: tone,
              tip: shade(tone, 0.05, 0.015, -6),
            },
            random,
          ),
        );
      }
    }
  }
  marks.push(strand(rachis, spec.length * 0.0095, spec.length * 0.0022, shade(spec.colour, -0.1, -0.02, -28)));
  return marks;
}

function growPinna(
  base: Point,
  heading: number,
  length: number,
  bend: number,
  tone: typeof GREEN.leaf,
  random: Random,
): Mark[] {
  const axis = walk(base, heading, length, { bend, steps: 12 });
  const marks: Mark[] = [];
  const pairs = Math.max(3, Math.round(length / 12));
  const shape = profile(0.22, 0.75);
  for (let index = 0; index < pairs; index += 1) {
    const t = mix(0.05, 0.97, index / pairs);
    const reach = Math.max(4, length * 0.155 * shape(mix(0.08, 0.98, t)));
    for (const side of [-1, 1] as const) {
      const { point, heading: way } = along(axis, t);
      marks.push(
        growLeaf(
          {
            base: point,
            heading: way + side * degrees(mix(68, 40, t)),
            length: reach * random.between(0.92, 1.08),
            width: reach * 0.56,
            shape: SHAPES.oblong,
            samples: 6,
            venation: 'none',
            colour: vary(tone, random, 0.6),
          },
          random,
        ),
      );
    }
  }
  marks.push(strand(axis, Math.max(1.4, length * 0.012), 0.8, shade(tone, -0.1, -0.01, -14)));
  return marks;
}

/** An unopened frond, rolled like a bishop's staff. */
function growCrozier(base: Point, heading: number, height: number, side: 1 | -1, random: Random): Mark[] {
  const line = walk(base, heading, height, { bend: side * 0.25, steps: 12 });
  const points = [...line];
  let way = heading + side * 0.25;
  let pace = height * 0.032;
  let here = points[points.length - 1] ?? base;
  for (let index = 0; index < 38; index += 1) {
    way += side * (0.2 + index * 0.007);
    pace *= 0.958;
    here = step(here, way, pace);
    points.push(here);
  }
  const tone = shade(GREEN.fresh, -0.05, -0.02);
  const marks: Mark[] = [];
  for (let index = 10; index < points.length - 8; index += 1) {
    const { point, heading: turn } = along(points, index / (points.length - 1));
    const size = height * 0.035 * (1 - index / points.length) + 3;
    marks.push(
      growLeaf(
        {
          base: point,
          heading: turn - side * random.between(0.9, 1.5),
          length: size,
          width: size * 0.35,
          shape: SHAPES.lanceolate,
          samples: 5,
          venation: 'none',
          colour: vary(HUE.tan, random),
        },
        random,
      ),
    );
  }
  marks.push(strand(points, height * 0.036, height * 0.012, tone));
  return marks;
}

/** Three lobed fronds and two croziers from one rhizome. */
export const growMaleFern: GrowPlant = (random) => {
  const marks: Mark[] = [...growRoots({ x: 0, y: 10 }, Math.PI, 9, 150, 4, HUE.bark, random)];
  const tone = vary(GREEN.leaf, random);
  marks.push(
    ...growCrozier({ x: -14, y: 0 }, -0.32, 330, -1, random),
    ...growCrozier({ x: 22, y: 0 }, 0.5, 240, 1, random),
  );
  const fronds = [
    { heading: -0.42, length: 860, bend: -0.42 },
    { heading: 0.46, length: 800, bend: 0.5 },
    { heading: 0.02, length: 1050, bend: random.between(-0.2, 0.2) },
  ];
  for (const frond of fronds) {
    marks.push(
      ...growFrond(
        {
          base: { x: frond.heading * 30, y: 0 },
          ...frond,
          pairs: 24,
          reach: 0.205,
          stalk: 0.17,
          cut: 'lobed',
          colour: vary(tone, random),
        },
        random,
      ),
    );
  }
  marks.push(
    growBody(
      {
        base: { x: -46, y: 12 },
        heading: Math.PI / 2 - 0.1,
        length: 96,
        width: 44,
        colour: HUE.bark,
        material: 'root',
        ribs: 4,
      },
      random,
    ),
  );
  return marks;
};

/** One large frond, twice pinnate. */
export const growLadyFern: GrowPlant = (random) => [
  ...growFrond(
    {
      base: ORIGIN,
      heading: -0.12,
      length: 1150,
      bend: 0.36,
      pairs: 27,
      reach: 0.27,
      stalk: 0.12,
      cut: 'twice',
      colour: shade(GREEN.fresh, -0.07, -0.01, 6),
    },
    random,
  ),
];

/** Sword fern: pinnae whole, in a fan of fronds. */
export const growSwordFern: GrowPlant = (random) => {
  const marks: Mark[] = [...growRoots(ORIGIN, Math.PI, 7, 110, 3, HUE.umber, random)];
  for (const [heading, length] of [
    [-0.75, 760],
    [0.8, 720],
    [-0.3, 960],
    [0.34, 930],
    [0, 1080],
  ] as const) {
    marks.push(
      ...growFrond(
        {
          base: ORIGIN,
          heading: heading * 0.7,
          length: length * random.between(0.95, 1.04),
          bend: heading * 0.75,
          pairs: 30,
          reach: 0.11,
          stalk: 0.13,
          cut: 'once',
          colour: vary(GREEN.deep, random),
        },
        random,
      ),
    );
  }
  return marks;
};

/** Maidenhair: black wire stalks and fan-shaped leaflets that hardly touch. */
export const growMaidenhair: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const branch = (base: Point, heading: number, length: number, order: number): void => {
    const line = walk(base, heading, length, {
      bend: random.between(-0.35, 0.35) + heading * 0.16,
      wobble: 0.08,
      random,
      steps: 14,
    });
    const count = order === 0 ? 7 : order === 1 ? 6 : 5;
    for (let index = 0; index < count; index += 1) {
      const t = mix(order === 0 ? 0.3 : 0.22, 0.95, index / (count - 1));
      const side = index % 2 === 0 ? -1 : 1;
      const { point, heading: way } = along(line, t);
      const turn = way + side * random.between(0.7, 1);
      if (order < 2 && t < 0.9) branch(point, turn, length * mix(0.56, 0.3, t) * random.between(0.9, 1.1), order + 1);
      else marks.push(...leaflet(point, turn, random.between(30, 50)));
    }
    const end = along(line, 1);
    marks.push(...leaflet(end.point, end.heading, random.between(34, 54)));
    marks.push(stemOf(line, order));
  };
  const stemOf = (line: readonly Point[], order: number): Mark =>
    strand(line, [7, 3, 1.6][order] ?? 1.4, [2.6, 1.4, 1][order] ?? 1, HUE.black);
  const leaflet = (base: Point, heading: number, size: number): Mark[] => {
    const stalk = walk(base, heading, size * 0.35, { steps: 4 });
    const tone = vary(shade(GREEN.fresh, -0.03), random);
    return [
      strand(stalk, 1.3, 0.9, HUE.black),
      growLeaf(
        {
          base: stalk[stalk.length - 1] ?? base,
          heading,
          length: size,
          width: size * 1.16,
          shape: profile(0.95, 0.2),
          margin: { kind: 'crenate', teeth: 5, depth: 0.1 },
          venation: 'fan',
          veinCount: 4,
          samples: 18,
          colour: tone,
          tip: shade(tone, 0.05),
        },
        random,
      ),
    ];
  };
  branch({ x: -10, y: 0 }, -0.3, 820, 0);
  branch({ x: 10, y: 0 }, 0.28, 900, 0);
  marks.push(...growRoots(ORIGIN, Math.PI, 6, 90, 2.4, HUE.umber, random));
  return marks;
};

/** Horsetail: jointed stem with whorls of thin branches, and a fertile shoot beside. */
export const growHorsetail: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const tone = shade(GREEN.leaf, 0.02, -0.015, 6);
  const shoot = (x: number, heading: number, height: number): void => {
    const line = walk({ x, y: 0 }, heading, height, { bend: random.between(-0.12, 0.12), steps: 24 });
    const joints = 17;
    for (let joint = 2; joint < joints; joint += 1) {
      const t = joint / joints;
      const { point, heading: way } = along(line, t);
      const reach = height * 0.235 * Math.sin(Math.PI * Math.min(1, 0.16 + (1 - t) * 0.86)) * (1 - t * 0.5);
      for (let ray = -5; ray <= 5; ray += 1) {
        if (ray === 0) continue;
        const side = Math.sign(ray);
        const turn = way + ray * 0.235 + random.between(-0.06, 0.06);
        const ray1 = walk(point, turn, reach * (0.6 + Math.abs(ray) * 0.085) * random.between(0.9, 1.06), {
          bend: -side * random.between(0.3, 0.7),
          steps: 8,
        });
        marks.push(strand(ray1, 3, 1.2, vary(tone, random)));
      }
    }
    marks.push(strand(line, 13, 4, shade(tone, -0.04)));
    for (let joint = 1; joint < joints; joint += 1) {
      const { point, heading: way } = along(line, joint / joints);
      marks.push(
        growBody(
          {
            base: step(point, way, -6),
            heading: way,
            length: 16,
            width: mix(17, 6, joint / joints),
            shape: profile(0.3, 0.3),
            colour: HUE.umber,
            material: 'stem',
          },
          random,
        ),
      );
    }
  };
  shoot(0, -0.04, 1050);
  const fertile = stem({ x: 150, y: 10 }, 0.06, 430, [17, 13], HUE.tan, { bend: 0.1 });
  marks.push(fertile);
  for (let joint = 1; joint <= 4; joint += 1) {
    const { point, heading } = along(fertile.line, joint / 5);
    for (let tooth = -2; tooth <= 2; tooth += 1) {
      marks.push(
        growLeaf(
          {
            base: step(point, heading, -4),
            heading: heading + tooth * 0.14,
            length: 34,
            width: 9,
            shape: SHAPES.lanceolate,
            samples: 6,
            venation: 'none',
            colour: HUE.umber,
          },
          random,
        ),
      );
    }
  }
  const top = along(fertile.line, 1);
  marks.push(
    growBody(
      {
        base: top.point,
        heading: top.heading,
        length: 120,
        width: 42,
        shape: profile(0.3, 0.45),
        colour: HUE.tan,
        material: 'seed',
      },
      random,
    ),
  );
  for (let row = 0; row < 13; row += 1) {
    for (let column = -2; column <= 2; column += 1) {
      const t = (row + 0.5) / 13;
      const u = (column + (row % 2) * 0.5) / 2.8;
      const half = 21 * profile(0.3, 0.45)(t);
      const place = step(
        { x: top.point.x + Math.cos(top.heading) * u * half, y: top.point.y + Math.sin(top.heading) * u * half },
        top.heading,
        t * 120,
      );
      marks.push(
        growBody(
          {
            base: step(place, top.heading, -4),
            heading: top.heading,
            length: 8,
            width: 8,
            colour: shade(HUE.straw, -0.1),
            material: 'seed',
          },
          random,
        ),
      );
    }
  }
  marks.push(
    ...growRoots({ x: 70, y: 30 }, Math.PI, 6, 120, 3, HUE.umber, random),
    strand(walk({ x: -40, y: 26 }, Math.PI / 2, 240, { wobble: 0.2, random }), 15, 12, HUE.umber, 'root'),
  );
  return marks;
};
