import { shade, type Colour } from './colour.ts';
import { along, aside, at, clamp, degrees, mix, mixPoint, step, TURN, walk, type Point } from './geometry.ts';
import type { Blade, Material, Vein } from './marks.ts';
import type { Random } from './random.ts';

/** Half the width of a blade at t (0 base … 1 tip), as a share of its largest. */
export type Profile = (t: number) => number;

/** t^a (1-t)^b, scaled to a largest value of 1: low a is a broad base, low b a broad tip. */
export function profile(a: number, b: number): Profile {
  const peak = a / (a + b);
  const largest = peak ** a * (1 - peak) ** b;
  return (t) => (t <= 0 || t >= 1 ? 0 : (t ** a * (1 - t) ** b) / largest);
}

export const SHAPES = {
  lanceolate: profile(0.75, 1.25),
  ovate: profile(0.52, 1.05),
  elliptic: profile(0.62, 0.68),
  obovate: profile(1.15, 0.52),
  oblong: profile(0.36, 0.42),
  linear: profile(0.3, 0.62),
  orbicular: profile(0.5, 0.5),
  spatulate: profile(1.9, 0.45),
  strap: profile(0.16, 0.5),
} as const satisfies Record<string, Profile>;

export type Margin =
  | { readonly kind: 'entire' }
  | { readonly kind: 'undulate'; readonly waves: number; readonly depth: number }
  | { readonly kind: 'serrate'; readonly teeth: number; readonly depth: number }
  | { readonly kind: 'crenate'; readonly teeth: number; readonly depth: number }
  | { readonly kind: 'lobed'; readonly lobes: number; readonly depth: number };

export interface LeafSpec {
  readonly base: Point;
  readonly heading: number;
  readonly length: number;
  /** Across the widest place, both halves. */
  readonly width: number;
  readonly shape: Profile;
  readonly margin?: Margin;
  readonly bend?: number;
  /** How far the base reaches back round the stalk (heart-shaped leaves), as a share of the length. */
  readonly heart?: number;
  /** Depth of a notch in the tip, as a share of the length. */
  readonly notch?: number;
  /** A folded or turned leaf shows one half narrower: -1…1. */
  readonly tilt?: number;
  readonly venation?: 'pinnate' | 'parallel' | 'fan' | 'midrib' | 'none';
  readonly veinCount?: number;
  readonly veinAngle?: number;
  readonly net?: boolean;
  readonly samples?: number;
  readonly material?: Material;
  readonly colour: Colour;
  readonly tip?: Colour;
  readonly body?: number;
}

function marginAt(margin: Margin, t: number, jitter: number): number {
  switch (margin.kind) {
    case 'entire':
      return 1;
    case 'undulate':
      return 1 + margin.depth * Math.sin(t * margin.waves * TURN + jitter * 3);
    case 'serrate': {
      const place = (t * margin.teeth) % 1;
      return 1 - margin.depth * (place < 0.8 ? 1 - place / 0.8 : (place - 0.8) / 0.2);
    }
    case 'crenate':
      return 1 - margin.depth * (1 - Math.abs(Math.sin(t * margin.teeth * Math.PI)));
    case 'lobed':
      return 1 - margin.depth * (0.5 + 0.5 * Math.cos(t * margin.lobes * TURN + jitter));
  }
}

function sampleCount(spec: LeafSpec): number {
  const margin = spec.margin ?? { kind: 'entire' };
  const asked = spec.samples ?? 16;
  switch (margin.kind) {
    case 'serrate':
      return Math.max(asked, margin.teeth * 5);
    case 'crenate':
      return Math.max(asked, margin.teeth * 5);
    case 'lobed':
      return Math.max(asked, margin.lobes * 6);
    case 'undulate':
      return Math.max(asked, Math.ceil(margin.waves * 6));
    case 'entire':
      return asked;
  }
}

export function growLeaf(spec: LeafSpec, random: Random): Blade {
  const margin: Margin = spec.margin ?? { kind: 'entire' };
  const count = sampleCount(spec);
  const axis = walk(spec.base, spec.heading, spec.length, { bend: spec.bend ?? 0, steps: count });
  const tilt = clamp(spec.tilt ?? 0, -0.9, 0.9);
  const heart = spec.heart ?? 0;
  const notch = spec.notch ?? 0;
  const side = (sign: 1 | -1): Point[] => {
    const jitter = random.between(-0.35, 0.35);
    const phase = random.between(0, TURN);
    const share = 1 - Math.max(0, sign * tilt) * 0.8;
    return axis.map((_, index) => {
      const t = index / count;
      const { point, heading } = along(axis, t);
      const breath = 1 + 0.025 * Math.sin(phase + t * 7);
      const half = (spec.width / 2) * spec.shape(heart > 0 ? clamp(t * 0.98 + 0.02, 0, 1) : t) * share * breath;
      const reach = half * marginAt(margin, t, jitter);
      const forward =
        -heart * spec.length * Math.exp(-((t / 0.16) ** 2)) * (1 - Math.exp(-t / 0.035)) -
        notch * spec.length * (t >= 1 ? 1 : 0) +
        (margin.kind === 'lobed' ? (1 - marginAt(margin, t, jitter)) * -0.05 * spec.length : 0);
      return step(aside(point, heading, sign * reach), heading, forward);
    });
  };
  const left = side(-1);
  const right = side(1);
  const blade: Blade = {
    kind: 'blade',
    material: spec.material ?? 'leaf',
    left,
    axis,
    right,
    smooth: margin.kind !== 'serrate',
    veins: [],
    colour: spec.colour,
    tip: spec.tip ?? shade(spec.colour, 0.03, 0.005, -4),
    ...(spec.body === undefined ? {} : { body: spec.body }),
  };
  return { ...blade, veins: growVeins(blade, spec, random) };
}

function edgeAt(blade: Blade, t: number, sign: 1 | -1): Point {
  return along(sign < 0 ? blade.left : blade.right, t).point;
}

function growVeins(blade: Blade, spec: LeafSpec, random: Random): Vein[] {
  const venation = spec.venation ?? 'pinnate';
  if (venation === 'none') return [];
  const midrib: Vein = { order: 1, line: blade.axis.slice(0, Math.max(2, Math.ceil(blade.axis.length * 0.96))) };
  if (venation === 'midrib') return [midrib];
  const veins: Vein[] = [];
  if (venation === 'parallel' || venation === 'fan') {
    const count = spec.veinCount ?? 4;
    for (const sign of [-1, 1] as const) {
      for (let index = 1; index <= count; index += 1) {
        const u = index / (count + 0.7);
        const from = venation === 'fan' ? 0.02 : 0.04;
        const to = venation === 'fan' ? random.between(0.72, 0.94) - u * 0.08 : 0.97 - u * 0.1;
        const line = Array.from({ length: 9 }, (_, place) => {
          const t = mix(from, to, place / 8);
          const spread = venation === 'fan' ? u * Math.min(1, 0.35 + t) : u;
          return mixPoint(along(blade.axis, t).point, edgeAt(blade, t, sign), spread);
        });
        veins.push({ order: venation === 'fan' ? 3 : 2, line });
      }
    }
    return venation === 'fan' ? [...veins] : [midrib, ...veins];
  }
  const count = spec.veinCount ?? 7;
  const lean = spec.veinAngle ?? 0.2;
  for (const sign of [-1, 1] as const) {
    const lines: Point[][] = [];
    for (let index = 0; index < count; index += 1) {
      const t = mix(0.05, 0.86, (index + (sign > 0 ? 0.5 : 0.2)) / count) + random.between(-0.012, 0.012);
      const endT = Math.min(0.985, t + lean * (1 - t * 0.45));
      const line = Array.from({ length: 6 }, (_, place) => {
        const s = place / 5;
        const reach = s * 0.94;
        return mixPoint(
          along(blade.axis, mix(t, endT, s ** 1.35)).point,
          edgeAt(blade, mix(t, endT, s ** 1.35), sign),
          reach,
        );
      });
      lines.push(line);
      veins.push({ order: 2, line });
    }
    if (spec.net === true) {
      for (let index = 0; index + 1 < lines.length; index += 1) {
        const a = at(lines, index);
        const b = at(lines, index + 1);
        for (let rung = 1; rung <= 4; rung += 1) {
          const s = rung / 5 + random.between(-0.05, 0.05);
          const from = along(a, s).point;
          const to = along(b, clamp(s - 0.08, 0, 1)).point;
          const middle = mixPoint(from, to, random.between(0.4, 0.6));
          veins.push({ order: 3, line: [from, { x: middle.x + random.between(-1, 1) * 2, y: middle.y }, to] });
        }
      }
    }
  }
  return [midrib, ...veins];
}

export interface PalmateSpec {
  readonly base: Point;
  readonly heading: number;
  /** From the stalk to the tip of the middle lobe. */
  readonly length: number;
  /** Per lobe from the left-most to the right-most: angle from the middle in degrees, length as a share. */
  readonly lobes: readonly { readonly angle: number; readonly reach: number; readonly width?: number }[];
  /** How far the bays between the lobes lie from the stalk, as a share of the lobes beside them. */
  readonly bay: number;
  readonly teeth?: number;
  readonly toothDepth?: number;
  readonly smooth?: boolean;
  readonly colour: Colour;
  readonly tip?: Colour;
}

/** Maple, ivy, vine, geranium: lobes that spread from the stalk like fingers. */
export function growPalmate(spec: PalmateSpec, random: Random): Blade {
  const { base, heading, length } = spec;
  const lobes = spec.lobes.map((lobe) => ({
    angle: heading + degrees(lobe.angle + random.between(-3, 3)),
    reach: length * lobe.reach * random.between(0.94, 1.06),
    width: lobe.width ?? 0.3,
  }));
  const teeth = spec.teeth ?? 0;
  const depth = spec.toothDepth ?? 0.05;
  const outline: Point[] = [];
  const veins: Vein[] = [];
  const edge = (from: Point, to: Point, bulge: number, outward: 1 | -1): Point[] => {
    const way = Math.atan2(to.x - from.x, from.y - to.y);
    const span = Math.hypot(to.x - from.x, to.y - from.y);
    const points: Point[] = [];
    const pieces = Math.max(4, teeth * 3);
    for (let index = 0; index < pieces; index += 1) {
      const t = index / pieces;
      const tooth = teeth > 0 ? ((t * teeth) % 1) * depth * span * 2 * Math.sin(Math.PI * Math.min(1, t + 0.12)) : 0;
      const swell = Math.sin(Math.PI * t) * bulge * span;
      points.push(aside(step(from, way, span * t), way, outward * (swell + tooth)));
    }
    return points;
  };
  const bays: Point[] = lobes.slice(0, -1).map((lobe, index) => {
    const next = at(lobes, index + 1);
    return step(
      base,
      (lobe.angle + next.angle) / 2,
      Math.min(lobe.reach, next.reach) * spec.bay * random.between(0.95, 1.05),
    );
  });
  const first = at(lobes, 0);
  const last = at(lobes, lobes.length - 1);
  const heel = (lobe: { angle: number; reach: number }, sign: number): Point =>
    step(base, lobe.angle + sign * degrees(38), lobe.reach * 0.3);
  let middleIndex = 0;
  lobes.forEach((lobe, index) => {
    const tip = step(base, lobe.angle, lobe.reach);
    const before = index === 0 ? heel(first, -1) : at(bays, index - 1);
    const after = index === lobes.length - 1 ? heel(last, 1) : at(bays, index);
    outline.push(...edge(before, tip, lobe.width * 0.45, -1));
    if (index === Math.floor(lobes.length / 2)) middleIndex = outline.length;
    outline.push(...edge(tip, after, lobe.width * 0.45, -1));
    const line = walk(base, lobe.angle, lobe.reach * 0.96, { steps: 6 });
    veins.push({ order: 1, line });
    for (const sign of [-1, 1] as const) {
      for (let branch = 0; branch < 4; branch += 1) {
        const t = 0.28 + branch * 0.17;
        const from = along(line, t).point;
        veins.push({
          order: 2,
          line: walk(from, lobe.angle + sign * degrees(42), lobe.reach * (1 - t) * 0.42, {
            bend: -sign * 0.3,
            steps: 4,
          }),
        });
      }
    }
  });
  outline.push(at(outline, outline.length - 1), base);
  const axis = walk(base, heading, length, { steps: 10 });
  const left = [base, ...outline.slice(0, middleIndex + 1)];
  const right = [...outline.slice(middleIndex)].reverse();
  return {
    kind: 'blade',
    material: 'leaf',
    left,
    axis,
    right,
    smooth: spec.smooth ?? teeth === 0,
    veins,
    colour: spec.colour,
    tip: spec.tip ?? shade(spec.colour, 0.04, 0.01, -6),
    spread: 'hand',
  };
}

/** Ginkgo: a fan on a stalk, cleft in the middle, its veins forking but never meeting. */
export function growFan(
  spec: {
    readonly base: Point;
    readonly heading: number;
    readonly radius: number;
    readonly spread: number;
    readonly cleft: number;
    readonly colour: Colour;
    readonly tip?: Colour;
  },
  random: Random,
): Blade {
  const { base, heading, radius, spread } = spec;
  const count = 16;
  const waves = random.between(2.2, 3.6);
  const phase = random.between(0, TURN);
  const rim = (sign: 1 | -1): Point[] => {
    const points: Point[] = [];
    for (let index = 0; index <= 7; index += 1) {
      const t = index / 7;
      // The straight side of the fan, hollow as in the living leaf.
      const turn = heading + ((sign * spread) / 2) * (0.62 + 0.38 * t ** 1.6);
      points.push(step(base, turn, radius * 0.96 * t));
    }
    for (let index = 1; index <= count; index += 1) {
      const t = index / count;
      const turn = heading + ((sign * spread) / 2) * (1 - t);
      const wave = 1 + 0.035 * Math.sin(phase + sign * t * waves * 2.2) + 0.015 * Math.sin(phase + t * 17 * sign);
      const cut = spec.cleft * Math.exp(-(((1 - t) / 0.13) ** 2));
      points.push(step(base, turn, radius * (0.96 + 0.06 * Math.sin(t * Math.PI * 0.5)) * wave * (1 - cut)));
    }
    return points;
  };
  const left = rim(-1);
  const right = rim(1);
  const veins: Vein[] = [];
  for (let index = 0; index < 30; index += 1) {
    const share = (index + 0.5) / 30 - 0.5;
    const turn = heading + share * spread * 0.96;
    const reach = radius * (0.9 - spec.cleft * Math.exp(-((share / 0.07) ** 2)) * 0.98);
    const line = Array.from({ length: 6 }, (_, place) => {
      const t = place / 5;
      return step(base, heading + (turn - heading) * (0.62 + 0.38 * t), reach * t);
    });
    veins.push({ order: 2, line });
  }
  return {
    kind: 'blade',
    material: 'leaf',
    left,
    axis: walk(base, heading, radius * (1 - spec.cleft), { steps: left.length - 1 }),
    right,
    smooth: true,
    veins,
    colour: spec.colour,
    tip: spec.tip ?? shade(spec.colour, 0.06, 0.02, -8),
    spread: 'fan',
  };
}
