import type { Random } from './random.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A place on a line and where the line is going there. Headings are radians: 0 is up, positive turns clockwise. */
export interface Bearing {
  readonly point: Point;
  readonly heading: number;
}

export const TURN = Math.PI * 2;

/** 137.5°: the angle between one leaf and the next in most plants (Vogel 1979). */
export const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

export function degrees(value: number): number {
  return (value * Math.PI) / 180;
}

/** The element at an index that is held inside the list. */
export function at<T>(list: readonly T[], index: number): T {
  const element = list[Math.max(0, Math.min(list.length - 1, index))];
  if (element === undefined) throw new Error('The list is empty');
  return element;
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

export function mixPoint(a: Point, b: Point, t: number): Point {
  return { x: mix(a.x, b.x, t), y: mix(a.y, b.y, t) };
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

export function headingOf(from: Point, to: Point): number {
  return Math.atan2(to.x - from.x, from.y - to.y);
}

export function step(from: Point, heading: number, length: number): Point {
  return { x: from.x + Math.sin(heading) * length, y: from.y - Math.cos(heading) * length };
}

/** To the right of the heading when positive. */
export function aside(from: Point, heading: number, offset: number): Point {
  return { x: from.x + Math.cos(heading) * offset, y: from.y + Math.sin(heading) * offset };
}

export interface WalkOptions {
  /** Total turn over the whole length, in radians. */
  readonly bend?: number;
  /** Where the turn happens: 1 evenly, above 1 towards the end, below 1 towards the start. */
  readonly late?: number;
  readonly wobble?: number;
  readonly random?: Random;
  readonly steps?: number;
}

/** A line that grows like a stem: straight ahead, turning a little at every step. */
export function walk(start: Point, heading: number, length: number, options: WalkOptions = {}): Point[] {
  const { bend = 0, late = 1, wobble = 0, random, steps = 16 } = options;
  const points: Point[] = [start];
  const phase = random ? random.between(0, TURN) : 0;
  const rhythm = random ? random.between(0.7, 1.6) : 1;
  let position = start;
  for (let index = 1; index <= steps; index += 1) {
    const t = (index - 0.5) / steps;
    const sway = wobble * Math.sin(phase + t * TURN * rhythm);
    position = step(position, heading + bend * t ** late + sway, length / steps);
    points.push(position);
  }
  return points;
}

/** t runs 0…1 over the points of a line (over their count, not their distance). */
export function along(line: readonly Point[], t: number): Bearing {
  const place = clamp(t, 0, 1) * (line.length - 1);
  const index = Math.min(Math.floor(place), line.length - 2);
  const from = at(line, index);
  const to = at(line, index + 1);
  const before = at(line, index - 1);
  const after = at(line, index + 2);
  const rest = place - index;
  const here = headingOf(before, rest < 0.5 ? to : after);
  return { point: mixPoint(from, to, rest), heading: Number.isFinite(here) ? here : headingOf(from, to) };
}

export function cubic(p0: Point, p1: Point, p2: Point, p3: Point, steps = 14): Point[] {
  return Array.from({ length: steps + 1 }, (_, index) => {
    const t = index / steps;
    const s = 1 - t;
    return {
      x: s * s * s * p0.x + 3 * s * s * t * p1.x + 3 * s * t * t * p2.x + t * t * t * p3.x,
      y: s * s * s * p0.y + 3 * s * s * t * p1.y + 3 * s * t * t * p2.y + t * t * t * p3.y,
    };
  });
}

/** A smooth line through every point given (Catmull-Rom). */
export function throughPoints(knots: readonly Point[], perSpan = 8, closed = false): Point[] {
  const count = knots.length;
  const pick = (index: number): Point => (closed ? at(knots, ((index % count) + count) % count) : at(knots, index));
  const spans = closed ? count : count - 1;
  const points: Point[] = [];
  for (let span = 0; span < spans; span += 1) {
    const [a, b, c, d] = [pick(span - 1), pick(span), pick(span + 1), pick(span + 2)];
    for (let index = 0; index < perSpan; index += 1) {
      const t = index / perSpan;
      const blend = (p: number, q: number, r: number, s: number): number =>
        0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t * t * t);
      points.push({ x: blend(a.x, b.x, c.x, d.x), y: blend(a.y, b.y, c.y, d.y) });
    }
  }
  if (!closed) points.push(pick(count - 1));
  return points;
}

/** The outline of a line drawn with a brush whose width changes on the way. */
export function ribbon(line: readonly Point[], widthAt: (t: number) => number): Point[] {
  const left: Point[] = [];
  const right: Point[] = [];
  const last = line.length - 1;
  line.forEach((point, index) => {
    const t = last === 0 ? 0 : index / last;
    const heading = headingOf(at(line, index - 1), at(line, index + 1));
    const half = widthAt(t) / 2;
    left.push(aside(point, heading, -half));
    right.push(aside(point, heading, half));
  });
  return [...left, ...right.reverse()];
}

/** An oval outline, turned by a heading; `height` lies along the heading. */
export function oval(centre: Point, width: number, height: number, heading = 0, steps = 20): Point[] {
  return Array.from({ length: steps }, (_, index) => {
    const turn = (index / steps) * TURN;
    return aside(step(centre, heading, (Math.cos(turn) * height) / 2), heading, (Math.sin(turn) * width) / 2);
  });
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function boundsOf(points: Iterable<Point>): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

/** Where a row of parallel lines crosses a closed outline: the pieces that lie inside. */
export function hatchInside(outline: readonly Point[], heading: number, gap: number, offset = 0): [Point, Point][] {
  const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
  const turned = outline.map(({ x, y }) => ({ u: x * cos + y * sin, v: x * sin - y * cos }));
  let [low, high] = [Infinity, -Infinity];
  for (const { u } of turned) {
    low = Math.min(low, u);
    high = Math.max(high, u);
  }
  const pieces: [Point, Point][] = [];
  const back = (u: number, v: number): Point => ({ x: u * cos + v * sin, y: u * sin - v * cos });
  for (let u = low + offset + gap / 2; u < high; u += gap) {
    const crossings: number[] = [];
    for (let index = 0; index < turned.length; index += 1) {
      const a = at(turned, index);
      const b = at(turned, (index + 1) % turned.length);
      if (a.u <= u === b.u <= u) continue;
      crossings.push(a.v + ((u - a.u) / (b.u - a.u)) * (b.v - a.v));
    }
    crossings.sort((p, q) => p - q);
    for (let index = 0; index + 1 < crossings.length; index += 2) {
      pieces.push([back(u, at(crossings, index)), back(u, at(crossings, index + 1))]);
    }
  }
  return pieces;
}
