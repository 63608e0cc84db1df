import type { Colour } from './colour.ts';
import { along, at, boundsOf, mixPoint, type Bounds, type Frame, type Point } from './geometry.ts';

/**
 * A plant is a list of marks in painter's order, without a technique: the same poppy can be pressed, painted,
 * engraved or printed in blue. Plants grow in units of their own and are fitted to the sheet afterwards.
 */
export type Mark = Blade | Strand | Dots;

export type Material = 'stem' | 'leaf' | 'petal' | 'seed' | 'root' | 'flesh' | 'hair';

export interface Vein {
  /** 1 midrib, 2 side vein, 3 the net between them. */
  readonly order: 1 | 2 | 3;
  readonly line: readonly Point[];
}

/** A surface with an axis: leaf, petal, seed, cap. `left`, `axis` and `right` run from base to tip in equal steps. */
export interface Blade {
  readonly kind: 'blade';
  readonly material: Material;
  readonly left: readonly Point[];
  readonly axis: readonly Point[];
  readonly right: readonly Point[];
  /** Whether the outline is drawn as curves (entire margin) or from point to point (teeth). */
  readonly smooth: boolean;
  readonly veins: readonly Vein[];
  readonly colour: Colour;
  readonly tip: Colour;
  /** 1 as the technique would; below, more see-through. */
  readonly body?: number;
  /** A marking on another blade (flame, chequer, eye) and not a part of its own: pen and sunlight leave it out. */
  readonly marking?: true;
  /** Spreads like a hand, and is seen whole from its base, or like a fan, and is seen whole from its middle. */
  readonly spread?: 'hand' | 'fan';
}

/** A line with a width: stem, tendril, awn, stamen, root. */
export interface Strand {
  readonly kind: 'strand';
  readonly material: Material;
  readonly line: readonly Point[];
  readonly startWidth: number;
  readonly endWidth: number;
  readonly colour: Colour;
  /** A light or a stripe on a surface: pen and sunlight leave it out. */
  readonly marking?: true;
}

export interface Dot extends Point {
  readonly radius: number;
}

/** Many small round things of one colour: anthers, florets, spores, speckles. */
export interface Dots {
  readonly kind: 'dots';
  readonly material: Material;
  readonly dots: readonly Dot[];
  readonly colour: Colour;
}

export function outlineOf(blade: Blade): Point[] {
  return [...blade.left, ...blade.right.toReversed()];
}

/** A place on a blade: t 0 (base) … 1 (tip), u -1 (left margin) … 1 (right margin). */
export function onBlade(blade: Blade, t: number, u: number): Point {
  const middle = along(blade.axis, t).point;
  const edge = along(u < 0 ? blade.left : blade.right, t).point;
  return mixPoint(middle, edge, Math.abs(u));
}

export function bladeLength(blade: Blade): number {
  const base = at(blade.axis, 0);
  const tip = at(blade.axis, blade.axis.length - 1);
  const middle = at(blade.axis, Math.floor(blade.axis.length / 2));
  return Math.hypot(middle.x - base.x, middle.y - base.y) + Math.hypot(tip.x - middle.x, tip.y - middle.y);
}

export function* pointsOf(marks: Iterable<Mark>): Generator<Point> {
  for (const mark of marks) {
    if (mark.kind === 'blade') {
      yield* mark.left;
      yield* mark.right;
    } else if (mark.kind === 'strand') {
      yield* mark.line;
    } else {
      yield* mark.dots;
    }
  }
}

export function boundsOfMarks(marks: readonly Mark[]): Bounds {
  return boundsOf(pointsOf(marks));
}

export function moveMarks(marks: readonly Mark[], move: (point: Point) => Point, scale = 1): Mark[] {
  const moveAll = (points: readonly Point[]): Point[] => points.map(move);
  return marks.map((mark): Mark => {
    if (mark.kind === 'blade') {
      return {
        ...mark,
        left: moveAll(mark.left),
        axis: moveAll(mark.axis),
        right: moveAll(mark.right),
        veins: mark.veins.map((vein) => ({ ...vein, line: moveAll(vein.line) })),
      };
    }
    if (mark.kind === 'strand') {
      return {
        ...mark,
        line: moveAll(mark.line),
        startWidth: mark.startWidth * scale,
        endWidth: mark.endWidth * scale,
      };
    }
    return { ...mark, dots: mark.dots.map((dot) => ({ ...move(dot), radius: dot.radius * scale })) };
  });
}

/** Turns around a point (clockwise radians), grows by a scale and shifts. */
export function placeMarks(
  marks: readonly Mark[],
  placement: { readonly turn?: number; readonly scale?: number; readonly shift?: Point; readonly mirror?: boolean },
): Mark[] {
  const { turn = 0, scale = 1, shift = { x: 0, y: 0 }, mirror = false } = placement;
  const [cos, sin] = [Math.cos(turn) * scale, Math.sin(turn) * scale];
  return moveMarks(
    marks,
    ({ x, y }) => {
      const across = mirror ? -x : x;
      return { x: across * cos - y * sin + shift.x, y: across * sin + y * cos + shift.y };
    },
    scale,
  );
}

/** The largest size at which the whole plant lies inside the frame, in its middle. */
export function fitMarks(marks: readonly Mark[], frame: Frame, gravity: Point = { x: 0.5, y: 0.5 }): Mark[] {
  const { left, top, right, bottom } = boundsOfMarks(marks);
  const width = Math.max(1, right - left);
  const height = Math.max(1, bottom - top);
  const scale = Math.min(frame.width / width, frame.height / height);
  const originX = frame.x + (frame.width - width * scale) * gravity.x - left * scale;
  const originY = frame.y + (frame.height - height * scale) * gravity.y - top * scale;
  return moveMarks(marks, ({ x, y }) => ({ x: x * scale + originX, y: y * scale + originY }), scale);
}
