import { centreOf, growCells, insetCell, scatterSeeds, type CellSeed } from './cells.ts';
import { colour, hex, mixColour, shade, type Colour } from './colour.ts';
import {
  along,
  aside,
  at,
  clamp,
  GOLDEN_ANGLE,
  mix,
  mixPoint,
  oval,
  step,
  TURN,
  walk,
  type Frame,
  type Point,
} from './geometry.ts';
import { growLeaf, profile } from './leaf.ts';
import { onBlade, outlineOf } from './marks.ts';
import type { Random } from './random.ts';
import { element, fillPath, group, linePath, num, smoothPath, strokePath } from './svg.ts';

export type MicrographName =
  'spiny-pollen' | 'mixed-pollen' | 'ring-stem' | 'scattered-stem' | 'diatoms' | 'cleared-leaf';

export function micrographGround(subject: MicrographName): Colour {
  switch (subject) {
    case 'spiny-pollen':
      return colour(0.2, 0.022, 240);
    case 'mixed-pollen':
      return colour(0.2, 0.02, 290);
    case 'diatoms':
      return colour(0.14, 0.02, 255);
    case 'ring-stem':
    case 'scattered-stem':
      return colour(0.955, 0.008, 95);
    case 'cleared-leaf':
      return colour(0.95, 0.014, 75);
  }
}

export function micrographScale(subject: MicrographName): string {
  switch (subject) {
    case 'spiny-pollen':
    case 'mixed-pollen':
      return '50 µm';
    case 'diatoms':
      return '200 µm';
    case 'ring-stem':
      return '1 mm';
    case 'scattered-stem':
      return '500 µm';
    case 'cleared-leaf':
      return '10 mm';
  }
}

export function drawMicrograph(subject: MicrographName, frame: Frame, random: Random): string {
  switch (subject) {
    case 'spiny-pollen':
      return drawSpinyPollen(frame, random);
    case 'mixed-pollen':
      return drawMixedPollen(frame, random);
    case 'ring-stem':
      return drawRingStem(frame, random);
    case 'scattered-stem':
      return drawScatteredStem(frame, random);
    case 'diatoms':
      return drawDiatoms(frame, random);
    case 'cleared-leaf':
      return drawClearedLeaf(frame, random);
  }
}

/* ------------------------------------------------------------------ pollen */

interface Direction {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

const LIGHT: Direction = { x: -0.5, y: -0.62, z: 0.6 };

/** Directions spread evenly over a ball, turned by chance. */
function ballDirections(count: number, random: Random): Direction[] {
  const [tilt, spin] = [random.between(0, TURN), random.between(0, TURN)];
  const [ct, st, cs, ss] = [Math.cos(tilt), Math.sin(tilt), Math.cos(spin), Math.sin(spin)];
  return Array.from({ length: count }, (_, index) => {
    const y = 1 - (2 * (index + 0.5)) / count;
    const ring = Math.sqrt(1 - y * y);
    const turn = index * GOLDEN_ANGLE;
    const [x, z] = [ring * Math.cos(turn), ring * Math.sin(turn)];
    const [y1, z1] = [y * ct - z * st, y * st + z * ct];
    return { x: x * cs - y1 * ss, y: x * ss + y1 * cs, z: z1 };
  });
}

/** An electron micrograph shines at the rims, where the beam grazes the surface. */
function litTone(tone: Colour, direction: Direction): Colour {
  const front = direction.x * LIGHT.x + direction.y * LIGHT.y + direction.z * LIGHT.z;
  const rim = (1 - clamp(direction.z, 0, 1)) ** 3;
  return shade(tone, clamp(front, -0.7, 1) * 0.24 - 0.08 + rim * 0.13, front > 0.6 ? -0.015 : 0.01);
}

function ballShade(id: string, centre: Point, radius: number, tone: Colour): string {
  const stop = (offset: number, value: Colour): string => element('stop', { offset, 'stop-color': hex(value) });
  return element(
    'radialGradient',
    {
      id,
      gradientUnits: 'userSpaceOnUse',
      cx: num(centre.x),
      cy: num(centre.y),
      r: num(radius),
      fx: num(centre.x - radius * 0.36),
      fy: num(centre.y - radius * 0.42),
    },
    stop(0, shade(tone, 0.16, -0.02)) +
      stop(0.42, shade(tone, 0.03)) +
      stop(0.8, shade(tone, -0.17)) +
      stop(0.93, shade(tone, -0.2)) +
      stop(1, shade(tone, -0.02)),
  );
}

function ballShadow(centre: Point, radius: number, dark: string): string {
  return [1.26, 1.19, 1.13, 1.07]
    .map((share) =>
      fillPath(
        smoothPath(
          oval({ x: centre.x + radius * 0.05, y: centre.y + radius * 0.07 }, radius * 2 * share, radius * 2 * share),
          true,
        ),
        dark,
        0.17,
      ),
    )
    .join('');
}

function place(centre: Point, radius: number, direction: Direction): Point {
  return { x: centre.x + direction.x * radius, y: centre.y + direction.y * radius };
}

/** A round patch on a ball, narrowed towards the rim. */
function patch(centre: Point, radius: number, direction: Direction, size: number, steps = 9): Point[] {
  const middle = place(centre, radius, direction);
  const heading = Math.atan2(direction.x, -direction.y);
  return oval(middle, size * 2, size * 2 * clamp(direction.z, 0.12, 1), heading, steps);
}

interface GrainSpec {
  readonly centre: Point;
  readonly radius: number;
  readonly tone: Colour;
  readonly id: string;
}

function smoothBall({ centre, radius, tone, id }: GrainSpec, random: Random, granules: number): string {
  const parts = [
    ballShade(id, centre, radius, tone),
    fillPath(smoothPath(oval(centre, radius * 2, radius * 2, 0, 40), true), `url(#${id})`),
  ];
  const light: string[] = [];
  const dark: string[] = [];
  for (const direction of ballDirections(granules, random)) {
    if (direction.z < 0.04) continue;
    const size = radius * random.between(0.008, 0.017);
    light.push(linePath(patch(centre, radius * 0.995, direction, size, 6), true));
    dark.push(
      linePath(patch({ x: centre.x + size * 0.7, y: centre.y + size * 0.8 }, radius * 0.995, direction, size, 6), true),
    );
  }
  parts.push(
    fillPath(dark.join(''), hex(shade(tone, -0.24)), 0.42),
    fillPath(light.join(''), hex(shade(tone, 0.17)), 0.34),
  );
  return parts.join('');
}

function spinyGrain(spec: GrainSpec, spines: number, height: number, random: Random): string {
  const { centre, radius, tone } = spec;
  const parts: string[] = [];
  const directions = ballDirections(spines, random).sort((a, b) => a.z - b.z);
  const cone = (direction: Direction): string => {
    const foot = place(centre, radius * 0.97, direction);
    const tip = place(centre, radius * (1 + height * random.between(0.9, 1.08)), direction);
    const heading = Math.atan2(direction.x, -direction.y);
    const girth = radius * height * 0.34;
    // Seen from above a cone is a disc with a point in it; from the side it is a thorn.
    const left = aside(foot, heading, -girth);
    const right = aside(foot, heading, girth);
    const back = step(foot, heading + Math.PI, girth * clamp(direction.z, 0.1, 1));
    const [hollowL, hollowR] = [
      mixPoint(aside(foot, heading, -girth * 0.42), tip, 0.42),
      mixPoint(aside(foot, heading, girth * 0.42), tip, 0.42),
    ];
    const shape = `M${num(back.x)} ${num(back.y)}Q${num(aside(back, heading, -girth).x)} ${num(aside(back, heading, -girth).y)} ${num(left.x)} ${num(left.y)}Q${num(hollowL.x)} ${num(hollowL.y)} ${num(tip.x)} ${num(tip.y)}Q${num(hollowR.x)} ${num(hollowR.y)} ${num(right.x)} ${num(right.y)}Q${num(aside(back, heading, girth).x)} ${num(aside(back, heading, girth).y)} ${num(back.x)} ${num(back.y)}Z`;
    const shadeSide = direction.x * LIGHT.y - direction.y * LIGHT.x > 0 ? right : left;
    const far = shadeSide === right ? hollowR : hollowL;
    return (
      fillPath(
        smoothPath(
          patch({ x: centre.x + radius * 0.03, y: centre.y + radius * 0.04 }, radius * 0.97, direction, girth * 1.5),
          true,
        ),
        hex(shade(tone, -0.3)),
        direction.z > 0.1 ? 0.3 : 0,
      ) +
      fillPath(shape, hex(shade(litTone(tone, direction), 0.05))) +
      fillPath(smoothPath([back, shadeSide, far, tip, mixPoint(back, tip, 0.5)], true), hex(shade(tone, -0.26)), 0.34) +
      strokePath(
        linePath([mixPoint(shadeSide === right ? left : right, tip, 0.2), tip]),
        hex(shade(tone, 0.3, -0.03)),
        Math.max(0.9, radius * 0.007),
        0.6,
      ) +
      fillPath(smoothPath(oval(tip, girth * 0.36, girth * 0.36, 0, 8), true), hex(shade(tone, 0.27, -0.03)), 0.85)
    );
  };
  for (const direction of directions) if (direction.z < 0) parts.push(cone(direction));
  parts.push(smoothBall(spec, random, 900));
  const pores: string[] = [];
  for (const direction of ballDirections(Math.round(spines * 0.55), random)) {
    if (direction.z < 0.15) continue;
    pores.push(smoothPath(patch(centre, radius * 0.99, direction, radius * 0.034), true));
  }
  parts.push(fillPath(pores.join(''), hex(shade(tone, -0.34)), 0.7));
  for (const direction of directions) if (direction.z >= 0) parts.push(cone(direction));
  return parts.join('');
}

/** Walls that form a net, as on lily pollen, on a body longer than wide and with a furrow. */
function nettedGrain(spec: GrainSpec, heading: number, random: Random): string {
  const { centre, radius, tone, id } = spec;
  const stretch = (points: readonly Point[]): Point[] =>
    points.map(({ x, y }) => {
      const [dx, dy] = [x - centre.x, y - centre.y];
      const forward = dx * Math.sin(heading) - dy * Math.cos(heading);
      const across = dx * Math.cos(heading) + dy * Math.sin(heading);
      return aside(step(centre, heading, forward * 1.28), heading, across * 0.84);
    });
  const parts = [
    ballShade(id, centre, radius * 1.15, tone),
    fillPath(smoothPath(stretch(oval(centre, radius * 2, radius * 2, 0, 40)), true), `url(#${id})`),
  ];
  const lumens: string[] = [];
  const walls: string[] = [];
  for (const direction of ballDirections(250, random)) {
    if (direction.z < 0.06) continue;
    const size = radius * 0.066 * random.between(0.8, 1.12);
    const shape = stretch(patch(centre, radius * 0.98, direction, size, 6));
    lumens.push(smoothPath(shape, true));
    walls.push(
      smoothPath(
        shape.map(({ x, y }) => ({ x: x - radius * 0.012, y: y - radius * 0.014 })),
        true,
      ),
    );
  }
  parts.push(
    strokePath(walls.join(''), hex(shade(tone, 0.24, -0.02)), radius * 0.018, 0.75),
    fillPath(lumens.join(''), hex(shade(tone, -0.26)), 0.82),
  );
  const furrow = walk(step(centre, heading + Math.PI, radius * 1.16), heading + 0.16, radius * 2.3, {
    bend: -0.32,
    steps: 12,
  }).map((point) => aside(point, heading, radius * 0.22));
  parts.push(
    strokePath(smoothPath(furrow), hex(shade(tone, -0.32)), radius * 0.1, 0.85),
    strokePath(
      smoothPath(furrow.map((point) => aside(point, heading, -radius * 0.06))),
      hex(shade(tone, 0.2)),
      radius * 0.02,
      0.7,
    ),
  );
  return parts.join('');
}

function wingedGrain(spec: GrainSpec, heading: number, random: Random): string {
  const { centre, radius, tone, id } = spec;
  const bladder = (side: 1 | -1, index: number): string =>
    smoothBall(
      {
        centre: aside(step(centre, heading, -radius * 0.32), heading, side * radius * 0.86),
        radius: radius * 0.62,
        tone: shade(tone, 0.05, -0.02),
        id: `${id}b${String(index)}`,
      },
      random,
      900,
    );
  const body = { centre, radius: radius * 0.82, tone, id };
  return bladder(-1, 1) + bladder(1, 2) + smoothBall(body, random, 620);
}

function poredGrain(spec: GrainSpec, pores: number, random: Random): string {
  const { centre, radius, tone } = spec;
  const parts: string[] = [];
  const start = random.between(0, TURN);
  for (let index = 0; index < pores; index += 1) {
    const turn = start + (index / pores) * TURN;
    const knob = step(centre, turn, radius * 0.9);
    parts.push(
      fillPath(
        smoothPath(oval(knob, radius * 0.62, radius * 0.5, turn), true),
        hex(shade(litTone(tone, { x: Math.sin(turn), y: -Math.cos(turn), z: 0.2 }), 0.02)),
      ),
    );
  }
  parts.push(smoothBall(spec, random, 1100));
  for (let index = 0; index < pores; index += 1) {
    const turn = start + (index / pores) * TURN;
    const direction = { x: Math.sin(turn) * 0.9, y: -Math.cos(turn) * 0.9, z: 0.43 };
    parts.push(
      strokePath(
        smoothPath(patch(centre, radius * 0.95, direction, radius * 0.17), true),
        hex(shade(tone, 0.16)),
        radius * 0.05,
        0.8,
      ),
    );
    parts.push(
      fillPath(smoothPath(patch(centre, radius * 0.97, direction, radius * 0.1), true), hex(shade(tone, -0.34)), 0.95),
    );
  }
  return parts.join('');
}

/** Crumbs and threads on the stub, out of focus. */
function debris(frame: Frame, tone: Colour, count: number, random: Random): string {
  const light: string[] = [];
  const dark: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const centre = { x: random.next() * frame.width, y: random.next() * frame.height };
    const size = random.between(1.5, 9) ** 1.1;
    const crumb = (dx: number): Point[] =>
      Array.from({ length: 7 }, (_, corner) =>
        step(
          { x: centre.x + dx, y: centre.y + dx },
          (corner / 7) * TURN,
          size * (0.7 + 0.5 * Math.abs(Math.sin(corner * 7.7 + index))),
        ),
      );
    dark.push(smoothPath(crumb(size * 0.5), true));
    light.push(smoothPath(crumb(0), true));
  }
  return fillPath(dark.join(''), hex(shade(tone, -0.1)), 0.7) + fillPath(light.join(''), hex(shade(tone, 0.1)), 0.55);
}

function stub(frame: Frame, tone: Colour, random: Random): string {
  const stop = (offset: number, value: Colour): string => element('stop', { offset, 'stop-color': hex(value) });
  const soft = Array.from({ length: 26 }, () => {
    const centre = { x: random.next() * frame.width, y: random.next() * frame.height };
    const size = random.between(40, 190);
    return fillPath(
      smoothPath(oval(centre, size * random.between(0.8, 2.4), size, random.between(0, 3)), true),
      hex(shade(tone, random.between(-0.04, 0.06))),
      0.3,
    );
  });
  return (
    element(
      'radialGradient',
      { id: 'stub', cx: '42%', cy: '38%', r: '80%' },
      stop(0, shade(tone, 0.09)) + stop(1, shade(tone, -0.07)),
    ) +
    element('rect', { x: 0, y: 0, width: frame.width, height: frame.height, fill: 'url(#stub)' }) +
    element(
      'filter',
      { id: 'haze', x: '0%', y: '0%', width: '100%', height: '100%' },
      element('feGaussianBlur', { stdDeviation: 18 }),
    ) +
    group(soft.join(''), { filter: 'url(#haze)' }) +
    debris(frame, tone, 150, random)
  );
}

function drawSpinyPollen(frame: Frame, random: Random): string {
  const ground = micrographGround('spiny-pollen');
  const tone = colour(0.62, 0.05, 232);
  const parts = [stub(frame, ground, random)];
  const grains = [
    { x: 0.13, y: 0.2, r: 0.125, tone: shade(tone, -0.12) },
    { x: 0.89, y: 0.2, r: 0.155, tone: shade(tone, -0.08) },
    { x: 0.85, y: 0.78, r: 0.2, tone: shade(tone, -0.03) },
    { x: 0.17, y: 0.76, r: 0.17, tone: shade(tone, -0.05) },
    { x: 0.5, y: 0.47, r: 0.33, tone },
  ];
  grains.forEach((grain, index) => {
    const spec = {
      centre: { x: grain.x * frame.width, y: grain.y * frame.height },
      radius: grain.r * frame.height,
      tone: grain.tone,
      id: `g${String(index)}`,
    };
    parts.push(
      ballShadow(spec.centre, spec.radius * 1.08, hex(shade(ground, -0.1))),
      spinyGrain(spec, index === 4 ? 190 : 120, 0.2, random),
    );
  });
  return parts.join('');
}

function drawMixedPollen(frame: Frame, random: Random): string {
  const ground = micrographGround('mixed-pollen');
  const parts = [stub(frame, ground, random)];
  const tones = {
    mallow: colour(0.68, 0.13, 345),
    lily: colour(0.72, 0.14, 62),
    pine: colour(0.78, 0.12, 96),
    birch: colour(0.66, 0.11, 150),
    grass: colour(0.68, 0.085, 220),
    daisy: colour(0.64, 0.13, 305),
  } as const;
  type Kind = keyof typeof tones;
  const wanted: readonly (readonly [Kind, number])[] = [
    ['mallow', 225],
    ['lily', 195],
    ['pine', 190],
    ['daisy', 150],
    ['birch', 140],
    ['grass', 165],
    ['mallow', 165],
    ['lily', 150],
    ['birch', 118],
    ['daisy', 122],
    ['grass', 120],
    ['pine', 140],
    ['birch', 100],
    ['grass', 96],
    ['daisy', 98],
    ['mallow', 110],
    ['birch', 84],
    ['grass', 78],
    ['lily', 100],
    ['daisy', 80],
    ['birch', 70],
    ['grass', 66],
  ];
  const grains: { kind: Kind; centre: Point; radius: number }[] = [];
  for (const [kind, radius] of wanted) {
    for (let attempt = 0; attempt < 260; attempt += 1) {
      const centre = {
        x: random.between(radius * 0.7, frame.width - radius * 0.7),
        y: random.between(radius * 0.7, frame.height - radius * 0.85 - 40),
      };
      const spread = kind === 'pine' || kind === 'lily' ? 1.28 : kind === 'mallow' ? 1.16 : 1.05;
      if (
        grains.every(
          (other) =>
            Math.hypot(other.centre.x - centre.x, other.centre.y - centre.y) > (other.radius + radius * spread) * 1.02,
        )
      ) {
        grains.push({ kind, centre, radius: radius * (kind === 'pine' || kind === 'lily' ? 1.16 : 1) });
        break;
      }
    }
  }
  grains.sort((a, b) => a.centre.y - b.centre.y);
  grains.forEach(({ kind, centre, radius }, index) => {
    const spec = {
      centre,
      radius: radius * (kind === 'pine' || kind === 'lily' ? 0.8 : 1),
      tone: shade(tones[kind], random.between(-0.04, 0.03)),
      id: `p${String(index)}`,
    };
    parts.push(ballShadow(centre, spec.radius * 1.06, hex(shade(ground, -0.12))));
    switch (kind) {
      case 'mallow':
        parts.push(spinyGrain(spec, 130, 0.19, random));
        break;
      case 'daisy':
        parts.push(spinyGrain(spec, 96, 0.27, random));
        break;
      case 'lily':
        parts.push(nettedGrain(spec, random.between(0, TURN), random));
        break;
      case 'pine':
        parts.push(wingedGrain(spec, random.between(0, TURN), random));
        break;
      case 'birch':
        parts.push(poredGrain(spec, 3, random));
        break;
      case 'grass':
        parts.push(poredGrain(spec, 1, random));
        break;
    }
  });
  return parts.join('');
}

/* ---------------------------------------------------------------- sections */

const SAFRANIN = colour(0.5, 0.18, 12);
const ASTRA = colour(0.56, 0.095, 238);
const FAST_GREEN = colour(0.6, 0.085, 188);

interface Tissue {
  readonly spacing: number;
  readonly wall: Colour;
  readonly wallPx: number;
  readonly lumen: Colour;
}

interface Vessel extends Point {
  readonly radius: number;
  readonly wall: Colour;
  readonly wallPx: number;
  readonly lumen: Colour;
}

/** Paints a tissue: the walls as whole cells, the lumens on top, one path per colour. */
function paintTissue(
  frame: Frame,
  tissueAt: (point: Point) => Tissue | undefined,
  vessels: readonly Vessel[],
  attempts: number,
  random: Random,
): string {
  const fixed: CellSeed[] = vessels.map(({ x, y, radius }) => ({ x, y, spacing: radius * 1.12 }));
  const loose = scatterSeeds(frame, attempts, (point) => tissueAt(point)?.spacing ?? 0, fixed, random);
  // One step towards the middle of each cell makes them as even as living ones.
  const relaxed = growCells([...loose, ...fixed], frame)
    .slice(0, loose.length)
    .map((polygon, index): CellSeed => {
      const seed = at(loose, index);
      return polygon.length < 3 ? seed : { ...mixPoint(seed, centreOf(polygon), 0.8), spacing: seed.spacing };
    });
  const cells = growCells([...relaxed, ...fixed], frame).slice(0, relaxed.length);
  const walls = new Map<string, string[]>();
  const lumens = new Map<string, string[]>();
  const add = (layer: Map<string, string[]>, tone: Colour, path: string): void => {
    const key = hex(tone);
    const list = layer.get(key);
    if (list) list.push(path);
    else layer.set(key, [path]);
  };
  cells.forEach((cell, index) => {
    const tissue = tissueAt(at(relaxed, index)) ?? tissueAt(at(loose, index));
    if (!tissue || cell.length < 3) return;
    add(walls, tissue.wall, linePath(insetCell(cell, -0.6), true));
    const tint = shade(tissue.lumen, Math.round(random.between(-1.49, 1.49)) * 0.014);
    add(lumens, tint, smoothPath(insetCell(cell, tissue.wallPx), true));
  });
  const paint = (layer: Map<string, string[]>): string =>
    [...layer].map(([tone, paths]) => fillPath(paths.join(''), tone)).join('');
  const tubes = vessels.map((vessel) => {
    const shape = (radius: number): string => {
      const wobble = random.between(0, 6);
      return smoothPath(
        Array.from({ length: 14 }, (_, corner) =>
          step(vessel, (corner / 14) * TURN, radius * (1 + 0.035 * Math.sin(wobble + corner * 1.7))),
        ),
        true,
      );
    };
    return (
      fillPath(shape(vessel.radius), hex(vessel.wall)) +
      fillPath(shape(vessel.radius - vessel.wallPx), hex(vessel.lumen)) +
      strokePath(shape(vessel.radius - vessel.wallPx), hex(shade(vessel.wall, -0.1)), 0.9, 0.6)
    );
  });
  return paint(walls) + paint(lumens) + tubes.join('');
}

const WATER = colour(0.965, 0.008, 80);

function drawRingStem(frame: Frame, random: Random): string {
  const centre = { x: frame.width / 2, y: frame.height / 2 - 26 };
  const radius = frame.height * 0.435;
  const count = 19;
  const bundles = Array.from({ length: count }, (_, index) => ({
    turn: (index / count) * TURN + random.between(-0.03, 0.03),
    size: (index % 2 === 0 ? 1 : 0.78) * random.between(0.94, 1.06),
  }));
  const local = (point: Point): { r: number; depth: number; across: number; size: number } => {
    const turn = Math.atan2(point.x - centre.x, centre.y - point.y);
    const distance = Math.hypot(point.x - centre.x, point.y - centre.y);
    const wave = 1 + 0.012 * Math.sin(turn * 5 + 1) + 0.008 * Math.sin(turn * 9);
    const r = distance / (radius * wave);
    let best = { depth: 0, across: 9, size: 1 };
    for (const bundle of bundles) {
      const off = Math.atan2(Math.sin(turn - bundle.turn), Math.cos(turn - bundle.turn));
      const across = (off * distance) / (radius * 0.075 * bundle.size);
      if (Math.abs(across) < Math.abs(best.across))
        best = { depth: (0.83 - r) / (0.26 * bundle.size), across, size: bundle.size };
    }
    return { r, ...best };
  };
  const parenchyma = shade(ASTRA, 0.17, -0.035);
  const tissueAt = (point: Point): Tissue | undefined => {
    const { r, depth, across } = local(point);
    if (r > 1) return undefined;
    if (r > 0.978)
      return { spacing: 11, wall: shade(ASTRA, -0.14), wallPx: 2.4, lumen: shade(WATER, -0.04, 0.02, 130) };
    if (r > 0.915) return { spacing: 14, wall: ASTRA, wallPx: 3.1, lumen: shade(WATER, -0.02, 0.012, 150) };
    const width = 1 - Math.max(0, depth - 0.35) * 0.75;
    const inside = depth > 0 && depth < 1 && Math.abs(across) < width;
    if (inside && depth < 0.24) return { spacing: 10.5, wall: SAFRANIN, wallPx: 3.1, lumen: colour(0.9, 0.04, 15) };
    if (inside && depth < 0.45)
      return { spacing: 8.5, wall: shade(ASTRA, -0.08, 0.02), wallPx: 1.5, lumen: colour(0.9, 0.03, 235) };
    if (inside && depth < 0.52)
      return { spacing: 7.5, wall: shade(ASTRA, 0.02), wallPx: 1.2, lumen: colour(0.93, 0.02, 235) };
    if (inside) return { spacing: 11, wall: shade(SAFRANIN, 0.04), wallPx: 2.5, lumen: colour(0.93, 0.03, 20) };
    if (r > 0.83) return { spacing: 22, wall: parenchyma, wallPx: 1.5, lumen: WATER };
    if (r > 0.6) return { spacing: 20, wall: shade(ASTRA, 0.12, -0.02), wallPx: 1.7, lumen: WATER };
    return { spacing: mix(44, 25, r / 0.6), wall: shade(parenchyma, 0.04), wallPx: 1.4, lumen: shade(WATER, 0.012) };
  };
  const vessels: Vessel[] = [];
  for (const bundle of bundles) {
    for (const lane of [-0.52, 0, 0.52]) {
      for (let row = 0; row < 4; row += 1) {
        const depth = 0.62 + row * 0.1 + random.between(-0.015, 0.015);
        const reach = radius * (0.83 - depth * 0.26 * bundle.size);
        const turn = bundle.turn + (lane * (1 - row * 0.16) * radius * 0.075 * bundle.size) / reach;
        const point = step(centre, turn, reach);
        vessels.push({
          ...point,
          radius: mix(14.5, 7, row / 3) * bundle.size * random.between(0.9, 1.08),
          wall: SAFRANIN,
          wallPx: 2.6,
          lumen: shade(WATER, 0.01),
        });
      }
    }
  }
  const disc = smoothPath(
    Array.from({ length: 80 }, (_, index) =>
      step(
        centre,
        (index / 80) * TURN,
        radius *
          1.004 *
          (1 + 0.012 * Math.sin((index / 80) * TURN * 5 + 1) + 0.008 * Math.sin((index / 80) * TURN * 9)),
      ),
    ),
    true,
  );
  const hairs = Array.from({ length: 46 }, () => {
    const turn = random.between(0, TURN);
    const line = walk(step(centre, turn, radius), turn + random.between(-0.3, 0.3), random.between(24, 74), {
      bend: random.between(-0.7, 0.7),
      steps: 6,
    });
    return (
      strokePath(smoothPath(line), hex(shade(ASTRA, 0.04)), 4.6, 0.75) +
      strokePath(smoothPath(line), hex(WATER), 2.2, 0.9)
    );
  });
  return (
    hairs.join('') + fillPath(disc, hex(shade(ASTRA, 0.1))) + paintTissue(frame, tissueAt, vessels, 125000, random)
  );
}

function drawScatteredStem(frame: Frame, random: Random): string {
  const centre = { x: frame.width * 0.4, y: frame.height * 1.42 };
  const radius = frame.height * 1.33;
  interface Bundle extends Point {
    readonly heading: number;
    readonly size: number;
  }
  const bundles: Bundle[] = [];
  for (let attempt = 0; attempt < 5000 && bundles.length < 60; attempt += 1) {
    const point = { x: random.between(-20, frame.width + 20), y: random.between(60, frame.height + 20) };
    const depth = radius - Math.hypot(point.x - centre.x, point.y - centre.y);
    if (depth < 62) continue;
    const size = mix(36, 66, clamp((depth - 60) / 520, 0, 1));
    if (
      bundles.some(
        (other) =>
          Math.hypot(other.x - point.x, other.y - point.y) <
          (other.size + size) * mix(1.25, 1.75, clamp(depth / 600, 0, 1)),
      )
    )
      continue;
    bundles.push({
      ...point,
      heading: Math.atan2(point.x - centre.x, centre.y - point.y) + random.between(-0.22, 0.22),
      size,
    });
  }
  const inBundle = (point: Point): { u: number; v: number; size: number } | undefined => {
    for (const bundle of bundles) {
      const [dx, dy] = [point.x - bundle.x, point.y - bundle.y];
      if (Math.abs(dx) > bundle.size * 1.5 || Math.abs(dy) > bundle.size * 1.5) continue;
      const v = (dx * Math.sin(bundle.heading) - dy * Math.cos(bundle.heading)) / bundle.size;
      const u = (dx * Math.cos(bundle.heading) + dy * Math.sin(bundle.heading)) / bundle.size;
      if ((u / 0.86) ** 2 + (v / 1.18) ** 2 < 1) return { u, v, size: bundle.size };
    }
    return undefined;
  };
  const green = shade(FAST_GREEN, 0.09, -0.02);
  const tissueAt = (point: Point): Tissue | undefined => {
    const depth = radius - Math.hypot(point.x - centre.x, point.y - centre.y);
    if (depth < 0) return undefined;
    if (depth < 15) return { spacing: 12, wall: shade(FAST_GREEN, -0.16), wallPx: 2.8, lumen: colour(0.9, 0.03, 190) };
    if (depth < 52) return { spacing: 12.5, wall: SAFRANIN, wallPx: 3.4, lumen: colour(0.91, 0.035, 15) };
    const inside = inBundle(point);
    if (inside) {
      const { u, v, size } = inside;
      const rim = (u / 0.86) ** 2 + (v / 1.18) ** 2;
      const share = size / 60;
      if (rim > 0.66) return { spacing: 9.5 * share + 1, wall: SAFRANIN, wallPx: 2.5, lumen: colour(0.9, 0.045, 15) };
      if (v > 0.22)
        return {
          spacing: (random.chance(0.5) ? 9 : 12) * share,
          wall: shade(FAST_GREEN, -0.05, 0.02),
          wallPx: 1.5,
          lumen: colour(0.91, 0.035, 185),
        };
      return { spacing: 10.5 * share, wall: shade(SAFRANIN, 0.08, -0.03), wallPx: 1.9, lumen: colour(0.94, 0.025, 20) };
    }
    return { spacing: mix(24, 43, clamp(depth / 420, 0, 1)), wall: green, wallPx: 1.6, lumen: shade(WATER, 0.004) };
  };
  const vessels: Vessel[] = bundles.flatMap((bundle): Vessel[] => {
    const put = (u: number, v: number, share: number, wall: Colour, wallShare: number): Vessel => {
      const point = aside(step(bundle, bundle.heading, v * bundle.size), bundle.heading, u * bundle.size);
      return {
        ...point,
        radius: bundle.size * share,
        wall,
        wallPx: bundle.size * wallShare,
        lumen: shade(WATER, 0.01),
      };
    };
    return [
      put(-0.43, -0.04, 0.25, SAFRANIN, 0.055),
      put(0.43, -0.04, 0.25, SAFRANIN, 0.055),
      put(0, -0.26, 0.14, SAFRANIN, 0.05),
      put(0, -0.6, 0.21, shade(FAST_GREEN, 0.03), 0.03),
    ];
  });
  const edge = smoothPath(
    Array.from({ length: 60 }, (_, index) => step(centre, mix(-0.9, 1.1, index / 59), radius + 1.5)).concat([
      { x: frame.width + 60, y: frame.height + 60 },
      { x: -60, y: frame.height + 60 },
    ]),
    true,
  );
  return fillPath(edge, hex(green)) + paintTissue(frame, tissueAt, vessels, 95000, random);
}

/* ----------------------------------------------------------------- diatoms */

const GLASS = [
  colour(0.86, 0.06, 95),
  colour(0.84, 0.07, 205),
  colour(0.86, 0.07, 165),
  colour(0.82, 0.08, 60),
  colour(0.8, 0.075, 290),
  colour(0.85, 0.05, 240),
];

function discValve(centre: Point, radius: number, turn: number, sectors: number, tone: Colour): string {
  const parts = [fillPath(smoothPath(oval(centre, radius * 2, radius * 2, 0, 32), true), hex(shade(tone, -0.2)), 0.28)];
  const pores: string[] = [];
  const rows = Math.max(4, Math.round(radius / 8.5));
  for (let ring = 1; ring <= rows; ring += 1) {
    const r = (radius * 0.9 * ring) / rows;
    const count = Math.max(sectors, Math.round((r * TURN) / 9.5 / sectors) * sectors);
    for (let index = 0; index < count; index += 1) {
      const point = step(centre, turn + ((index + (ring % 2) * 0.5) / count) * TURN, r);
      pores.push(smoothPath(oval(point, radius * 0.05 + 1.4, radius * 0.05 + 1.4, 0, 6), true));
    }
  }
  parts.push(fillPath(pores.join(''), hex(tone), 0.95));
  const rays = Array.from({ length: sectors }, (_, index) =>
    linePath([
      step(centre, turn + (index / sectors) * TURN, radius * 0.16),
      step(centre, turn + (index / sectors) * TURN, radius * 0.96),
    ]),
  );
  parts.push(strokePath(rays.join(''), hex(shade(tone, 0.08)), 1.3, 0.75));
  for (const [share, width] of [
    [1, 2.6],
    [0.94, 1],
    [0.17, 1.4],
  ] as const)
    parts.push(
      strokePath(
        smoothPath(oval(centre, radius * 2 * share, radius * 2 * share, 0, 36), true),
        hex(shade(tone, 0.06)),
        width,
        0.95,
      ),
    );
  return parts.join('');
}

function boatValve(centre: Point, heading: number, length: number, width: number, twist: number, tone: Colour): string {
  const axis = walk(step(centre, heading, -length / 2), heading - twist / 2, length, { bend: twist, steps: 24 });
  const shape = profile(0.62, 0.62);
  const side = (sign: number, share = 1): Point[] =>
    axis.map((point, index) =>
      aside(point, along(axis, index / 24).heading, (sign * width * share * shape(index / 24)) / 2),
    );
  const outline = [...side(-1), ...side(1).reverse()];
  const striae: string[] = [];
  const count = Math.round(length / 6);
  for (let index = 2; index < count - 1; index += 1) {
    const t = index / count;
    const { point, heading: way } = along(axis, t);
    const half = (width / 2) * shape(t);
    for (const sign of [-1, 1]) {
      const lean = (t - 0.5) * 0.8;
      striae.push(
        linePath([
          aside(point, way, sign * half * 0.14),
          aside(step(point, way, -lean * half * 0.7), way, sign * half * 0.9),
        ]),
      );
    }
  }
  return (
    fillPath(smoothPath(outline, true), hex(shade(tone, -0.2)), 0.28) +
    strokePath(striae.join(''), hex(tone), 1.8, 0.95) +
    strokePath(smoothPath(axis.slice(1, 11)) + smoothPath(axis.slice(14, -1)), hex(shade(tone, 0.1)), 2, 0.95) +
    strokePath(smoothPath(outline, true), hex(shade(tone, 0.08)), 2.2, 0.95) +
    fillPath(smoothPath(oval(centre, width * 0.16, width * 0.24, heading, 8), true), hex(shade(tone, 0.1)), 0.9)
  );
}

function corneredValve(
  centre: Point,
  radius: number,
  turn: number,
  corners: number,
  bay: number,
  tone: Colour,
): string {
  const rim = (share: number): Point[] =>
    Array.from({ length: corners * 10 }, (_, index) => {
      const angle = (index / (corners * 10)) * TURN;
      return step(centre, turn + angle, radius * share * (1 - bay * (0.5 - 0.5 * Math.cos(angle * corners))));
    });
  const pores: string[] = [];
  for (let ring = 1; ring <= 7; ring += 1) {
    const line = rim((ring / 7) * 0.88);
    line.forEach((point, index) => {
      if (index % Math.max(1, Math.round(14 / ring)) === 0)
        pores.push(smoothPath(oval(point, radius * 0.062 + 1, radius * 0.062 + 1, 0, 6), true));
    });
  }
  return (
    fillPath(smoothPath(rim(1), true), hex(shade(tone, -0.2)), 0.28) +
    fillPath(pores.join(''), hex(tone), 0.95) +
    strokePath(smoothPath(rim(1), true), hex(shade(tone, 0.08)), 2.4, 0.95) +
    strokePath(smoothPath(rim(0.93), true), hex(tone), 0.9, 0.8)
  );
}

function drawDiatoms(frame: Frame, random: Random): string {
  const centre = { x: frame.width / 2, y: frame.height / 2 - 20 };
  const unit = frame.height / 1600;
  const parts: string[] = [];
  const tone = (index: number): Colour =>
    mixColour(at(GLASS, index % GLASS.length), at(GLASS, (index + 1) % GLASS.length), random.between(0, 0.4));
  const ring = (
    count: number,
    radius: number,
    offset: number,
    draw: (point: Point, heading: number, index: number) => string,
  ): void => {
    for (let index = 0; index < count; index += 1) {
      const heading = ((index + offset) / count) * TURN;
      parts.push(
        draw(
          step(centre, heading + random.between(-0.006, 0.006), radius * unit),
          heading + random.between(-0.025, 0.025),
          index,
        ),
      );
    }
  };
  parts.push(discValve(centre, 128 * unit, 0, 12, at(GLASS, 0)));
  ring(8, 226, 0, (point, heading) => boatValve(point, heading, 150 * unit, 46 * unit, 0, tone(1)));
  ring(8, 236, 0.5, (point, heading) => corneredValve(point, 46 * unit, heading, 3, 0.3, tone(3)));
  ring(8, 366, 0.5, (point, heading) => discValve(point, 66 * unit, heading, 6, tone(2)));
  ring(8, 376, 0, (point, heading, index) =>
    boatValve(point, heading + Math.PI / 2, 176 * unit, 44 * unit, index % 2 === 0 ? 0.9 : -0.9, tone(4)),
  );
  ring(16, 506, 0, (point, heading, index) =>
    index % 2 === 0
      ? corneredValve(point, 58 * unit, heading, 4, 0.24, tone(0))
      : boatValve(point, heading, 128 * unit, 32 * unit, 0, tone(5)),
  );
  ring(16, 622, 0.5, (point, heading, index) =>
    index % 2 === 0
      ? discValve(point, 56 * unit, heading, 8, tone(3))
      : corneredValve(point, 60 * unit, heading, 5, 0.34, tone(1)),
  );
  ring(16, 662, 0, (point, heading) => boatValve(point, heading, 118 * unit, 26 * unit, 0.5, tone(2)));
  const dust = Array.from({ length: 120 }, () =>
    smoothPath(
      oval(
        { x: random.next() * frame.width, y: random.next() * frame.height },
        random.between(1, 3.4),
        random.between(1, 3.4),
        0,
        6,
      ),
      true,
    ),
  );
  return (
    element(
      'filter',
      { id: 'glow', x: '-5%', y: '-5%', width: '110%', height: '110%' },
      element('feGaussianBlur', { stdDeviation: 9 }),
    ) +
    fillPath(dust.join(''), '#b9c6cf', 0.3) +
    group(element('use', { href: '#valves' }), { filter: 'url(#glow)', opacity: 0.8 }) +
    group(parts.join(''), { id: 'valves' })
  );
}

/* ------------------------------------------------------------ cleared leaf */

function drawClearedLeaf(frame: Frame, random: Random): string {
  const base = { x: frame.width * 0.52, y: frame.height * 0.83 };
  const length = frame.height * 0.745;
  // The sacred fig: a heart, drawn out into a long drip tip.
  const shape = (t: number): number =>
    profile(0.42, 1.15)(Math.min(0.999, t * 1.24)) * (t < 0.8 ? 1 : 0) + 0.028 * (t > 0.66 ? 1 - t : 0) * 3;
  const leaf = growLeaf(
    {
      base,
      heading: -0.03,
      length,
      width: frame.width * 0.79,
      shape,
      heart: 0.1,
      bend: 0.08,
      venation: 'none',
      samples: 60,
      colour: SAFRANIN,
    },
    random,
  );
  const outline = outlineOf(leaf);
  const clip = element('clipPath', { id: 'leaf' }, element('path', { d: smoothPath(outline, true) }));
  const inside = (point: Point): boolean => {
    let odd = false;
    for (let index = 0, before = outline.length - 1; index < outline.length; before = index, index += 1) {
      const a = at(outline, index);
      const b = at(outline, before);
      if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) odd = !odd;
    }
    return odd;
  };
  const net = (spacing: number, attempts: number): string => {
    const seeds = scatterSeeds(frame, attempts, (point) => (inside(point) ? spacing : 0), [], random);
    return growCells(seeds, frame)
      .filter((cell) => cell.length > 2)
      .map((cell) =>
        linePath(
          cell.map(({ x, y }) => ({ x: x + random.between(-0.6, 0.6), y: y + random.between(-0.6, 0.6) })),
          true,
        ),
      )
      .join('');
  };
  const tone = shade(SAFRANIN, -0.02, 0, 2);
  const parts = [
    fillPath(smoothPath(outline, true), hex(colour(0.87, 0.062, 18)), 0.62),
    strokePath(net(9.5, 52000), hex(shade(tone, 0.12)), 0.75, 0.5),
    strokePath(net(25, 12000), hex(shade(tone, 0.04)), 1.35, 0.62),
    strokePath(net(62, 4000), hex(tone), 2.2, 0.72),
  ];
  const veins: string[] = [];
  const loops: string[] = [];
  for (const side of [-1, 1] as const) {
    const ends: Point[] = [];
    for (let index = 0; index < 9; index += 1) {
      const t = mix(0.015, 0.66, (index + (side > 0 ? 0.16 : 0)) / 9);
      const reach = index === 0 ? 0.82 : 0.92;
      const line = Array.from({ length: 9 }, (_, knot) => {
        const s = knot / 8;
        return onBlade(
          leaf,
          clamp(t + s ** 1.25 * (index === 0 ? 0.05 : 0.13 * (1 - t * 0.5)), 0, 0.99),
          side * reach * s,
        );
      });
      ends.push(at(line, 8));
      const width = mix(5.4, 2.6, index / 8);
      veins.push(
        fillPath(
          smoothPath(
            [
              ...line.map((point, knot) => aside(point, along(line, knot / 8).heading, (-width * (1 - knot / 10)) / 2)),
              ...line
                .map((point, knot) => aside(point, along(line, knot / 8).heading, (width * (1 - knot / 10)) / 2))
                .reverse(),
            ],
            true,
          ),
          hex(shade(tone, -0.06)),
        ),
      );
      for (let rung = 1; rung < 5; rung += 1) {
        const from = at(line, rung * 2 - 1);
        const to = onBlade(leaf, clamp(t + 0.075 + rung * 0.018, 0, 0.97), side * reach * (rung / 5));
        const middle = mixPoint(from, to, 0.5);
        loops.push(
          smoothPath([from, { x: middle.x + random.between(-9, 9), y: middle.y + random.between(-5, 5) }, to]),
        );
      }
    }
    for (let index = 0; index + 1 < ends.length; index += 1) {
      const [from, to] = [at(ends, index), at(ends, index + 1)];
      const middle = mixPoint(from, to, 0.55);
      loops.push(smoothPath([from, { x: middle.x + side * 16, y: middle.y }, to]));
    }
  }
  parts.push(strokePath(loops.join(''), hex(shade(tone, -0.02)), 2, 0.75), ...veins);
  const rib = leaf.axis;
  const half = (t: number): number => mix(7.5, 0.8, t ** 0.8);
  const ribShape = [
    ...rib.map((point, index) => aside(point, along(rib, index / (rib.length - 1)).heading, -half(index / rib.length))),
    ...rib
      .map((point, index) => aside(point, along(rib, index / (rib.length - 1)).heading, half(index / rib.length)))
      .reverse(),
  ];
  parts.push(fillPath(smoothPath(ribShape, true), hex(shade(tone, -0.1))));
  const stalk = walk(base, Math.PI + 0.06, frame.height * 0.105, { bend: 0.3, steps: 10 });
  return (
    clip +
    strokePath(smoothPath(stalk), hex(shade(tone, -0.08)), 13, 0.9) +
    strokePath(smoothPath(stalk.map(({ x, y }) => ({ x: x - 2, y }))), hex(shade(tone, 0.14)), 3.4, 0.6) +
    group(parts.join(''), { 'clip-path': 'url(#leaf)' }) +
    strokePath(smoothPath(outline, true), hex(shade(tone, -0.02)), 2.4, 0.9)
  );
}
