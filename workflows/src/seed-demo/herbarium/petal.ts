import { shade, type Colour } from './colour.ts';
import { along, aside, at, mix, mixPoint, step, TURN, walk, type Point } from './geometry.ts';
import { profile, type Profile } from './leaf.ts';
import type { Blade, Dot, Dots, Mark, Strand, Vein } from './marks.ts';
import type { Random } from './random.ts';

export const PETALS = {
  round: profile(0.85, 0.3),
  cup: profile(0.6, 0.34),
  pointed: profile(0.8, 0.78),
  ray: profile(0.42, 0.3),
  spoon: profile(1.5, 0.32),
  fall: profile(1.25, 0.36),
  slender: profile(0.7, 0.9),
} as const satisfies Record<string, Profile>;

export interface PetalSpec {
  readonly base: Point;
  readonly heading: number;
  readonly length: number;
  readonly width: number;
  readonly shape: Profile;
  readonly bend?: number;
  /** How restless the outer rim is, as a share of the length. */
  readonly frill?: number;
  readonly frillWaves?: number;
  /** A dip in the middle of the rim, as a share of the length. */
  readonly notch?: number;
  readonly tilt?: number;
  readonly veinCount?: number;
  readonly colour: Colour;
  readonly tip?: Colour;
  readonly body?: number;
  readonly samples?: number;
}

export function growPetal(spec: PetalSpec, random: Random): Blade {
  const count = spec.samples ?? (spec.frill === undefined ? 14 : 26);
  const axis = walk(spec.base, spec.heading, spec.length, { bend: spec.bend ?? 0, steps: count });
  const frill = spec.frill ?? 0;
  const waves = spec.frillWaves ?? 4;
  const notch = spec.notch ?? 0;
  const tilt = spec.tilt ?? 0;
  const phases = [random.between(0, TURN), random.between(0, TURN), random.between(0, TURN)] as const;
  const surface = (t: number, u: number): Point => {
    const { point, heading } = along(axis, t);
    const share = 1 - Math.max(0, Math.sign(u) * tilt) * 0.75;
    // Waves run along the rim, so they count in the angle that a place on the rim has from the base.
    const rim = t ** 3;
    const angle = u * (1.2 - t * 0.6);
    const wave =
      frill * rim * (Math.sin(angle * waves * 2 + phases[0]) + 0.6 * Math.sin(angle * waves * 5.1 + phases[1]));
    const half = (spec.width / 2) * spec.shape(Math.min(t, 0.999)) * share * (1 + wave * 0.8);
    const dip = notch * spec.length * Math.exp(-((u / 0.35) ** 2)) * t ** 10;
    return step(aside(point, heading, u * half), heading, wave * spec.length * 0.55 - dip);
  };
  const ts = Array.from({ length: count + 1 }, (_, index) => {
    const t = index / count;
    return 1 - (1 - t) ** 1.35;
  });
  const left = ts.map((t) => surface(t, -1));
  const right = ts.map((t) => surface(t, 1));
  const line = ts.map((t) => surface(t, 0));
  const veinCount = spec.veinCount ?? 4;
  const veins: Vein[] = [];
  for (let index = -veinCount; index <= veinCount; index += 1) {
    const u = (index / (veinCount + 0.8)) * random.between(0.94, 1.06);
    const end = random.between(0.6, 0.93);
    veins.push({
      order: index === 0 ? 2 : 3,
      line: Array.from({ length: 7 }, (_, place) => surface(mix(0.03, end, place / 6), u)),
    });
  }
  return {
    kind: 'blade',
    material: 'petal',
    left,
    axis: line,
    right,
    smooth: true,
    veins,
    colour: spec.colour,
    tip: spec.tip ?? shade(spec.colour, 0.05, -0.01),
    ...(spec.body === undefined ? {} : { body: spec.body }),
  };
}

/** A round or drop-shaped body: berry, seed, bud, capsule. */
export function growBody(
  spec: {
    readonly base: Point;
    readonly heading: number;
    readonly length: number;
    readonly width: number;
    readonly shape?: Profile;
    readonly bend?: number;
    readonly ribs?: number;
    readonly material?: Blade['material'];
    readonly colour: Colour;
    readonly tip?: Colour;
    readonly body?: number;
  },
  random: Random,
): Blade {
  const shape = spec.shape ?? profile(0.5, 0.5);
  const count = 14;
  const axis = walk(spec.base, spec.heading, spec.length, { bend: spec.bend ?? 0, steps: count });
  const uneven = random.between(-0.03, 0.03);
  const surface = (t: number, u: number): Point => {
    const { point, heading } = along(axis, t);
    return aside(point, heading, u * (spec.width / 2) * shape(t) * (1 + uneven * Math.sign(u)));
  };
  // Equal turns on a half circle, so that the ends are as round as the sides.
  const ts = Array.from({ length: count + 1 }, (_, index) => 0.5 - 0.5 * Math.cos((index / count) * Math.PI));
  const ribs = spec.ribs ?? 0;
  const veins: Vein[] = [];
  for (let rib = 0; rib < ribs; rib += 1) {
    const u = Math.sin(mix(-1.25, 1.25, ribs === 1 ? 0.5 : rib / (ribs - 1)));
    veins.push({ order: 2, line: ts.slice(1, -1).map((t) => surface(t, u)) });
  }
  return {
    kind: 'blade',
    material: spec.material ?? 'seed',
    left: ts.map((t) => surface(t, -1)),
    axis: ts.map((t) => surface(t, 0)),
    right: ts.map((t) => surface(t, 1)),
    smooth: true,
    veins,
    colour: spec.colour,
    tip: spec.tip ?? shade(spec.colour, 0.05),
    ...(spec.body === undefined ? {} : { body: spec.body }),
  };
}

/** A ring of stamens: thin threads with an anther at the end of each. */
export function growStamens(
  spec: {
    readonly centre: Point;
    readonly count: number;
    readonly from?: number;
    readonly to?: number;
    readonly length: number;
    readonly thread: Colour;
    readonly anther: Colour;
    readonly antherSize: number;
    readonly threadWidth?: number;
    /** 1 seen from above; below 1 seen from the side. */
    readonly squash?: number;
  },
  random: Random,
): Mark[] {
  const threads: Strand[] = [];
  const dots: Dot[] = [];
  const { from = 0, to = TURN, squash = 1 } = spec;
  for (let index = 0; index < spec.count; index += 1) {
    const heading = mix(from, to, (index + random.between(0.1, 0.9)) / spec.count);
    const length = spec.length * random.between(0.6, 1.05);
    const line = walk(spec.centre, heading, length, { bend: random.between(-0.5, 0.5), steps: 6 }).map(({ x, y }) => ({
      x,
      y: spec.centre.y + (y - spec.centre.y) * squash,
    }));
    threads.push({
      kind: 'strand',
      material: 'hair',
      line,
      startWidth: spec.threadWidth ?? spec.antherSize * 0.4,
      endWidth: (spec.threadWidth ?? spec.antherSize * 0.4) * 0.7,
      colour: spec.thread,
    });
    const tip = at(line, line.length - 1);
    dots.push({ ...tip, radius: spec.antherSize * random.between(0.75, 1.15) });
    dots.push({
      ...mixPoint(tip, at(line, line.length - 2), -0.25),
      radius: spec.antherSize * random.between(0.5, 0.8),
    });
  }
  const anthers: Dots = { kind: 'dots', material: 'seed', dots, colour: spec.anther };
  return [...threads, anthers];
}
