import type { Frame, Point } from './geometry.ts';
import type { Random } from './random.ts';

/** A place for a cell, and how far the next one stays away. */
export interface CellSeed extends Point {
  readonly spacing: number;
}

const BUCKET = 24;

function createBuckets(frame: Frame): {
  add(seed: CellSeed): void;
  near(point: Point, reach: number): CellSeed[];
} {
  const columns = Math.ceil(frame.width / BUCKET) + 1;
  const rows = Math.ceil(frame.height / BUCKET) + 1;
  const buckets: CellSeed[][] = Array.from({ length: columns * rows }, () => []);
  const column = (x: number): number => Math.max(0, Math.min(columns - 1, Math.floor((x - frame.x) / BUCKET)));
  const row = (y: number): number => Math.max(0, Math.min(rows - 1, Math.floor((y - frame.y) / BUCKET)));
  return {
    add: (seed) => {
      buckets[row(seed.y) * columns + column(seed.x)]?.push(seed);
    },
    near: (point, reach) => {
      const found: CellSeed[] = [];
      for (let y = row(point.y - reach); y <= row(point.y + reach); y += 1) {
        for (let x = column(point.x - reach); x <= column(point.x + reach); x += 1) {
          for (const seed of buckets[y * columns + x] ?? []) found.push(seed);
        }
      }
      return found;
    },
  };
}

/** Throws darts; one sticks when nothing is nearer than the spacing of its place. A spacing of 0 means no tissue. */
export function scatterSeeds(
  frame: Frame,
  attempts: number,
  spacingAt: (point: Point) => number,
  fixed: readonly CellSeed[],
  random: Random,
): CellSeed[] {
  const buckets = createBuckets(frame);
  fixed.forEach(buckets.add);
  const seeds: CellSeed[] = [];
  const largest = fixed.reduce((most, { spacing }) => Math.max(most, spacing), 0);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const point = { x: frame.x + random.next() * frame.width, y: frame.y + random.next() * frame.height };
    const spacing = spacingAt(point);
    if (spacing <= 0) continue;
    const reach = Math.max(spacing, largest);
    const free = buckets
      .near(point, reach)
      .every((other) => Math.hypot(other.x - point.x, other.y - point.y) > Math.max(spacing, other.spacing * 0.9));
    if (!free) continue;
    const seed = { ...point, spacing };
    buckets.add(seed);
    seeds.push(seed);
  }
  return seeds;
}

/** The region nearest to each seed (Voronoi), cut out of a square by the half-way line to every neighbour. */
export function growCells(seeds: readonly CellSeed[], frame: Frame): Point[][] {
  const buckets = createBuckets(frame);
  seeds.forEach(buckets.add);
  return seeds.map((seed) => {
    const half = seed.spacing * 1.5;
    let polygon: Point[] = [
      { x: seed.x - half, y: seed.y - half },
      { x: seed.x + half, y: seed.y - half },
      { x: seed.x + half, y: seed.y + half },
      { x: seed.x - half, y: seed.y + half },
    ];
    for (const other of buckets.near(seed, half * 2)) {
      if (other === seed) continue;
      const dx = other.x - seed.x;
      const dy = other.y - seed.y;
      const middle = (other.x * other.x - seed.x * seed.x + other.y * other.y - seed.y * seed.y) / 2;
      const side = ({ x, y }: Point): number => x * dx + y * dy - middle;
      const kept: Point[] = [];
      polygon.forEach((point, index) => {
        const next = polygon[(index + 1) % polygon.length] ?? point;
        const [a, b] = [side(point), side(next)];
        if (a <= 0) kept.push(point);
        if (a <= 0 !== b <= 0) {
          const t = a / (a - b);
          kept.push({ x: point.x + (next.x - point.x) * t, y: point.y + (next.y - point.y) * t });
        }
      });
      polygon = kept;
      if (polygon.length < 3) break;
    }
    return polygon;
  });
}

export function centreOf(polygon: readonly Point[]): Point {
  let [x, y] = [0, 0];
  for (const point of polygon) {
    x += point.x;
    y += point.y;
  }
  return { x: x / polygon.length, y: y / polygon.length };
}

/** Draws a cell in from its walls by a thickness in pixels. */
export function insetCell(polygon: readonly Point[], wall: number): Point[] {
  const centre = centreOf(polygon);
  const radius = polygon.reduce((sum, { x, y }) => sum + Math.hypot(x - centre.x, y - centre.y), 0) / polygon.length;
  const share = Math.max(0.15, 1 - wall / Math.max(1, radius));
  return polygon.map(({ x, y }) => ({ x: centre.x + (x - centre.x) * share, y: centre.y + (y - centre.y) * share }));
}
