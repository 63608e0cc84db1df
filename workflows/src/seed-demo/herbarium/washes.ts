import { colour, hex, layOver, mixColour, shade, vary, type Colour } from './colour.ts';
import { along, at, clamp, mix, mixPoint, ribbon, type Point } from './geometry.ts';
import { bladeLength, outlineOf, type Blade, type Dots, type Mark, type Material, type Strand } from './marks.ts';
import type { Random } from './random.ts';
import { element, fillPath, linePath, num, smoothPath, strokePath } from './svg.ts';

/** How a technique in colour lays down its pigment. One painter serves watercolour, pressed plants, gouache and tint. */
export interface WashStyle {
  readonly translate: (value: Colour, material: Material) => Colour;
  /** What lies under a blade, so that those beneath show through only as far as the technique lets them. */
  readonly ground: Colour;
  readonly groundUnder: number;
  readonly groundUnderPetal: number;
  readonly fill: number;
  readonly petalFill: number;
  readonly fold: number;
  readonly glaze: number;
  readonly edge: number;
  readonly edgeLightness: number;
  readonly vein: number;
  readonly veinLightness: number;
  readonly petalVeinLightness: number;
  /** Brown flecks and rims, as old specimens have: 0…1. */
  readonly age: number;
}

const keep = (value: Colour): Colour => value;

export const WATERCOLOUR: WashStyle = {
  translate: keep,
  ground: colour(0.96, 0.015, 88),
  groundUnder: 0.9,
  groundUnderPetal: 0.8,
  fill: 0.86,
  petalFill: 0.74,
  fold: 0.16,
  glaze: 0.2,
  edge: 0.5,
  edgeLightness: -0.15,
  vein: 0.55,
  veinLightness: 0.16,
  petalVeinLightness: -0.1,
  age: 0,
};

/** Dried green turns olive and brown, dried reds go to wine; petals become like silk paper. */
export const PRESSED: WashStyle = {
  translate: (value, material) => {
    const dry = colour(0.5, 0.055, 88);
    if (material === 'petal') return mixColour(shade(value, -0.035, -0.022), colour(0.66, 0.07, 70), 0.2);
    if (material === 'seed' || material === 'flesh') return mixColour(shade(value, -0.04, -0.015), dry, 0.28);
    return mixColour(shade(value, -0.035, -0.02), dry, 0.3);
  },
  ground: colour(0.93, 0.022, 85),
  groundUnder: 0.42,
  groundUnderPetal: 0.22,
  fill: 0.84,
  petalFill: 0.7,
  fold: 0.12,
  glaze: 0.26,
  edge: 0.6,
  edgeLightness: -0.14,
  vein: 0.5,
  veinLightness: -0.13,
  petalVeinLightness: -0.13,
  age: 0.5,
};

/** Opaque paint on a dark sheet: lights come last. */
export function nightStyle(ground: Colour): WashStyle {
  return {
    translate: (value, material) =>
      shade(
        mixColour(value, colour(0.75, 0.06, 95), material === 'petal' ? 0.05 : 0.16),
        material === 'petal' ? 0.02 : 0.035,
      ),
    ground,
    groundUnder: 0.92,
    groundUnderPetal: 0.7,
    fill: 0.9,
    petalFill: 0.86,
    fold: 0.24,
    glaze: 0.2,
    edge: 0.75,
    edgeLightness: 0.17,
    vein: 0.6,
    veinLightness: 0.17,
    petalVeinLightness: 0.1,
    age: 0,
  };
}

/** A thin colour under pen lines, as hand-coloured engravings have. */
export const TINT: WashStyle = {
  ...WATERCOLOUR,
  translate: (value) => shade(value, 0.1, -0.018),
  fill: 0.62,
  petalFill: 0.6,
  groundUnder: 1,
  groundUnderPetal: 1,
  edge: 0,
  vein: 0,
  fold: 0.12,
};

export function paintWashes(marks: readonly Mark[], style: WashStyle, random: Random, prefix = 'w'): string {
  let gradients = 0;
  const parts: string[] = [];
  for (const mark of marks) {
    if (mark.kind === 'blade') {
      gradients += 1;
      parts.push(paintBlade(mark, style, random, `${prefix}${String(gradients)}`));
    } else if (mark.kind === 'strand') {
      parts.push(paintStrand(mark, style, random));
    } else {
      parts.push(paintDots(mark, style));
    }
  }
  return parts.join('');
}

function paintBlade(blade: Blade, style: WashStyle, random: Random, id: string): string {
  const length = bladeLength(blade);
  const petal = blade.material === 'petal';
  const body = blade.body ?? 1;
  const base = vary(style.translate(blade.colour, blade.material), random, petal ? 0.5 : 0.8);
  const tip = vary(style.translate(blade.tip, blade.material), random, petal ? 0.5 : 0.8);
  const middle = vary(mixColour(base, tip, 0.5), random, petal ? 0.4 : 0.7);
  const toPath = blade.smooth ? smoothPath : linePath;
  const outline = toPath(outlineOf(blade), true);
  const parts: string[] = [];
  const under = (petal ? style.groundUnderPetal : style.groundUnder) * (blade.marking === true ? 0 : 1);
  const fill = (petal ? style.petalFill : style.fill) * body;
  const rim = hex(shade(base, style.edgeLightness, 0.01));
  const edge = blade.marking === true ? 0 : style.edge * (petal ? 0.75 : 0.8);
  const paintOutline = (paint: string, opacity: number, width: number): string =>
    element('path', {
      d: outline,
      fill: paint,
      'fill-opacity': opacity < 1 ? opacity : undefined,
      ...(edge > 0 ? { stroke: rim, 'stroke-width': width, 'stroke-opacity': edge } : {}),
    });
  if (length < 34) {
    const laid = layOver(middle, fill, style.ground, under);
    parts.push(paintOutline(laid.fill, laid.opacity, 0.6));
    if (length > 14) {
      const half = [...blade.axis, ...blade.right.toReversed()];
      parts.push(fillPath(linePath(half, true), hex(shade(base, -0.16, 0, -4)), style.fold));
    }
    return parts.join('');
  }
  const from = at(blade.axis, 0);
  const to = at(blade.axis, blade.axis.length - 1);
  const stop = (offset: number, value: Colour, opacity: number): string => {
    const laid = layOver(value, clamp(opacity, 0, 1), style.ground, under);
    return element('stop', { offset, 'stop-color': laid.fill, 'stop-opacity': laid.opacity });
  };
  const pool = random.between(0.3, 0.6);
  parts.push(
    element(
      'linearGradient',
      { id, gradientUnits: 'userSpaceOnUse', x1: num(from.x), y1: num(from.y), x2: num(to.x), y2: num(to.y) },
      stop(0, base, fill) +
        stop(pool, middle, fill * random.between(0.84, 0.97)) +
        stop(random.between(0.72, 0.86), tip, fill * random.between(0.8, 0.96)) +
        stop(1, shade(tip, -0.02), fill),
    ),
    paintOutline(`url(#${id})`, 1, 0.9),
  );
  if (blade.marking === true) return parts.join('');
  // Glazes: smaller pools of stronger pigment that dried inside the first wash.
  const glazes = length > 150 ? 3 : length > 80 ? 2 : 1;
  const knots = length > 150 ? 9 : 6;
  for (let index = 0; index < glazes; index += 1) {
    const start = petal ? 0 : random.between(0, 0.3);
    const end = start + random.between(0.35, 0.7);
    const share = random.between(0.4, 0.9);
    const offset = random.between(-0.12, 0.12);
    const sample = (u: number): Point[] =>
      Array.from({ length: knots }, (_, place) => {
        const s = place / (knots - 1);
        const t = mix(start, Math.min(0.97, end), s);
        const swell = Math.sin(Math.PI * (petal ? mix(0.35, 1, s) : s)) ** 0.6;
        const reach = clamp(Math.abs(u * share * swell * random.between(0.86, 1.12) + offset * 0.3), 0, 0.96);
        return mixPoint(along(blade.axis, t).point, along(u < 0 ? blade.left : blade.right, t).point, reach);
      });
    const shape = blade.spread !== undefined ? shrunk(blade, random) : [...sample(-1), ...sample(1).reverse()];
    const deep = petal
      ? shade(base, -0.09, 0.02, random.between(-8, 8))
      : shade(middle, -0.1, 0.01, random.between(-14, 10));
    parts.push(fillPath(smoothPath(shape, true), hex(deep), style.glaze * random.between(0.5, 1)));
  }
  // The half that the light does not reach.
  const shadowHalf = [...blade.axis, ...blade.right.toReversed()];
  parts.push(fillPath(toPath(shadowHalf, true), hex(shade(base, -0.2, 0.005, -6)), style.fold * (petal ? 0.55 : 1)));
  if (style.age > 0) parts.push(paintAge(blade, style.age, random));
  parts.push(paintVeins(blade, base, style, length));
  if (edge > 0 && length > 60) {
    parts.push(strokePath(toPath(blade.right), rim, clamp(length / 160, 0.9, 1.9), style.edge * 0.7));
  }
  return parts.join('');
}

/** The outline drawn in towards the point from which it is seen whole: a glaze for a blade that spreads. */
function shrunk(blade: Blade, random: Random): Point[] {
  const base = blade.spread === 'hand' ? at(blade.axis, 0) : along(blade.axis, 0.7).point;
  const share = random.between(0.45, 0.85);
  return outlineOf(blade).map((point, index) =>
    mixPoint(base, point, share * (index % 2 === 0 ? 1 : random.between(0.93, 1.05))),
  );
}

function paintVeins(blade: Blade, base: Colour, style: WashStyle, length: number): string {
  if (style.vein <= 0 || blade.veins.length === 0) return '';
  const petal = blade.material === 'petal';
  const tone = hex(shade(base, petal ? style.petalVeinLightness : style.veinLightness, petal ? 0.01 : -0.012));
  const scale = clamp(length / 220, 0.35, 1.5);
  const parts: string[] = [];
  const dark = hex(shade(base, -0.17));
  const minor = { 2: [] as string[], 3: [] as string[] };
  for (const vein of blade.veins) {
    if (vein.order === 1) {
      parts.push(
        fillPath(
          smoothPath(
            ribbon(vein.line, (t) => mix(2.9, 0.7, t) * scale),
            true,
          ),
          tone,
          style.vein * 1.3,
        ),
      );
      parts.push(
        strokePath(
          smoothPath(vein.line.map(({ x, y }) => ({ x: x + scale, y: y + scale * 0.6 }))),
          dark,
          0.7 * scale,
          style.vein * 0.55,
        ),
      );
    } else {
      minor[vein.order].push(smoothPath(vein.line));
    }
  }
  if (minor[2].length > 0)
    parts.push(strokePath(minor[2].join(''), tone, 1.15 * scale, style.vein * (petal ? 0.7 : 0.95)));
  if (minor[3].length > 0)
    parts.push(strokePath(minor[3].join(''), tone, 0.75 * scale, style.vein * (petal ? 0.62 : 0.5)));
  return parts.join('');
}

function paintAge(blade: Blade, age: number, random: Random): string {
  const parts: string[] = [];
  const brown = hex(colour(random.between(0.38, 0.5), 0.06, random.between(55, 75)));
  if (blade.spread === undefined && blade.material === 'leaf' && random.chance(age * 0.8)) {
    const start = random.between(0.72, 0.88);
    const tipArea = (list: readonly Point[]): Point[] =>
      [0, 0.25, 0.5, 0.75, 1].map((s) => along(list, mix(start + random.between(-0.05, 0.05), 1, s)).point);
    parts.push(
      fillPath(
        smoothPath([...tipArea(blade.left), ...tipArea(blade.right).reverse()], true),
        brown,
        random.between(0.12, 0.3),
      ),
    );
  }
  const flecks = blade.spread !== undefined ? 0 : random.integer(0, Math.round(5 * age));
  for (let index = 0; index < flecks; index += 1) {
    const t = random.between(0.15, 0.9);
    const u = random.between(-0.85, 0.85);
    const edge = along(u < 0 ? blade.left : blade.right, t).point;
    const centre = mixPoint(along(blade.axis, t).point, edge, Math.abs(u));
    const size = random.between(1, 4);
    const blot = Array.from({ length: 7 }, (_, corner) => ({
      x: centre.x + Math.cos((corner / 7) * 6.283) * size * random.between(0.5, 1.4),
      y: centre.y + Math.sin((corner / 7) * 6.283) * size * random.between(0.5, 1.4),
    }));
    parts.push(fillPath(smoothPath(blot, true), brown, random.between(0.15, 0.4)));
  }
  return parts.join('');
}

function paintStrand(strand: Strand, style: WashStyle, random: Random): string {
  const tone = vary(style.translate(strand.colour, strand.material), random, 0.5);
  const { line, startWidth, endWidth } = strand;
  if (Math.max(startWidth, endWidth) < 2.2) {
    return strokePath(smoothPath(line), hex(tone), Math.max(0.55, (startWidth + endWidth) / 2), 0.92);
  }
  const width = (t: number): number => mix(startWidth, endWidth, t);
  const laid = layOver(tone, 0.92, style.ground, style.groundUnder);
  const parts = [fillPath(smoothPath(ribbon(line, width), true), laid.fill, laid.opacity)];
  const side = (offset: number): Point[] => {
    const shape = ribbon(line, (t) => width(t) * Math.abs(offset) * 2);
    return offset < 0 ? shape.slice(0, line.length) : shape.slice(line.length);
  };
  const thick = Math.max(startWidth, endWidth);
  parts.push(strokePath(smoothPath(side(0.3)), hex(shade(tone, -0.16)), thick * 0.24, 0.34));
  parts.push(strokePath(smoothPath(side(-0.22)), hex(shade(tone, 0.16)), thick * 0.16, 0.42));
  if (style.edge > 0) {
    const rim = hex(shade(tone, style.edgeLightness));
    parts.push(strokePath(smoothPath(side(0.48)), rim, 0.9, style.edge * 0.9));
    parts.push(strokePath(smoothPath(side(-0.48)), rim, 0.6, style.edge * 0.7));
  }
  return parts.join('');
}

function dotPath({ x, y, radius }: { x: number; y: number; radius: number }): string {
  const r = num(radius);
  return `M${num(x - radius)} ${num(y)}a${r} ${r} 0 1 0 ${num(radius * 2)} 0a${r} ${r} 0 1 0 ${num(-radius * 2)} 0`;
}

function paintDots(mark: Dots, style: WashStyle): string {
  const tone = style.translate(mark.colour, mark.material);
  const dots = mark.dots.filter(({ radius }) => radius > 0.15);
  const parts = [fillPath(dots.map(dotPath).join(''), hex(tone), 0.92)];
  const large = dots.filter(({ radius }) => radius > 1.6);
  if (large.length > 0) {
    const shadow = large.map(({ x, y, radius }) =>
      dotPath({ x: x + radius * 0.22, y: y + radius * 0.25, radius: radius * 0.72 }),
    );
    const light = large.map(({ x, y, radius }) =>
      dotPath({ x: x - radius * 0.28, y: y - radius * 0.3, radius: radius * 0.36 }),
    );
    parts.push(
      fillPath(shadow.join(''), hex(shade(tone, -0.13)), 0.4),
      fillPath(light.join(''), hex(shade(tone, 0.17)), 0.55),
    );
  }
  return parts.join('');
}
