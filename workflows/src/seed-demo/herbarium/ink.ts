import { hex, type Colour } from './colour.ts';
import { along, aside, at, clamp, headingOf, mix, mixPoint, ribbon, TURN, type Point } from './geometry.ts';
import { bladeLength, onBlade, outlineOf, type Blade, type Dots, type Mark, type Strand } from './marks.ts';
import type { Random } from './random.ts';
import { fillPath, linePath, num, smoothPath, strokePath } from './svg.ts';

export interface InkStyle {
  readonly ink: Colour;
  readonly ground: Colour;
  /** 0 when a wash lies below, 1 on bare paper. */
  readonly groundUnder: number;
  readonly weight: number;
  readonly hatching: number;
}

/** Pen and hatching: thick where the light does not fall, thin where it does, which is from the upper left. */
export function paintInk(marks: readonly Mark[], style: InkStyle, random: Random): string {
  return marks
    .map((mark) => {
      if (mark.kind === 'blade') return mark.marking === true ? '' : inkBlade(mark, style, random);
      if (mark.kind === 'strand') return mark.marking === true ? '' : inkStrand(mark, style, random);
      return inkDots(mark, style, random);
    })
    .join('');
}

/** A pen line that swells on the shadow side and breathes a little everywhere. */
export function penLine(line: readonly Point[], weight: number, random: Random, taper = true): string {
  if (line.length < 2) return '';
  const phase = random.between(0, TURN);
  const shape = ribbon(line, (t) => {
    const { heading } = along(line, t);
    const away = 0.5 + 0.5 * Math.cos(heading - Math.PI * 0.75);
    const breath = 1 + 0.22 * Math.sin(phase + t * 9);
    const ends = taper ? clamp(Math.min(t, 1 - t) * 6 + 0.25, 0, 1) : 1;
    return weight * (0.55 + 0.75 * away) * breath * ends;
  });
  return smoothPath(shape, true);
}

function inkBlade(blade: Blade, style: InkStyle, random: Random): string {
  const ink = hex(style.ink);
  const outline = outlineOf(blade);
  const toPath = blade.smooth ? smoothPath : linePath;
  const length = bladeLength(blade);
  const parts: string[] = [];
  if (style.groundUnder > 0) parts.push(fillPath(toPath(outline, true), hex(style.ground), style.groundUnder));
  if (length < 30) {
    parts.push(strokePath(toPath(outline, true), ink, style.weight * 0.55, 0.95));
    if (length > 9) {
      const lines = Array.from({ length: 3 }, (_, index) => {
        const u = 0.35 + index * 0.22;
        return linePath([onBlade(blade, 0.15, u * 0.6), onBlade(blade, random.between(0.5, 0.8), u)]);
      });
      parts.push(strokePath(lines.join(''), ink, style.weight * 0.35, 0.8));
    }
    return parts.join('');
  }
  const hatches: string[] = [];
  const density = style.hatching * clamp(length < 75 ? length / 9 : length / 5.5, 4, 56);
  if (blade.material === 'petal') {
    // Strokes along the petal from its base and from its rim leave the belly white, so that it looks round.
    const across = Math.round(density * 0.55);
    for (let index = 0; index <= across; index += 1) {
      const u = mix(-0.96, 0.96, (index + random.between(-0.25, 0.25)) / across);
      const shadow = u > 0.1 ? 1.25 : 0.75;
      const start = random.between(0.02, 0.06);
      hatches.push(lineOn(blade, start, start + random.between(0.12, 0.38) * shadow * (0.7 + 0.5 * Math.abs(u)), u));
      if (random.chance(0.7)) hatches.push(lineOn(blade, 0.97, 0.97 - random.between(0.05, 0.2) * shadow, u));
    }
  } else {
    const rows = Math.round(density);
    const ribbed = blade.veins.some(({ order }) => order === 1);
    for (let index = 1; index < rows; index += 1) {
      const t = (index + random.between(-0.2, 0.2)) / rows;
      const reach = ribbed ? random.between(0.3, 0.62) : random.between(0.45, 1.05) * Math.sin(Math.PI * t) + 0.1;
      hatches.push(slantOn(blade, t, 1, 1 - reach));
      if (ribbed && random.chance(0.55)) hatches.push(slantOn(blade, t, -0.03, -random.between(0.14, 0.34)));
      if (style.hatching > 0.9 && random.chance(0.6)) hatches.push(slantOn(blade, t + 0.5 / rows, 1, 1 - reach * 0.45));
    }
  }
  parts.push(strokePath(hatches.join(''), ink, style.weight * 0.36, 0.78));
  const veins = { 1: [] as string[], 2: [] as string[], 3: [] as string[] };
  for (const vein of blade.veins) {
    veins[vein.order].push(vein.order === 1 ? penLine(vein.line, style.weight * 1.05, random) : smoothPath(vein.line));
  }
  if (veins[2].length > 0) parts.push(strokePath(veins[2].join(''), ink, style.weight * 0.48, 0.9));
  if (veins[3].length > 0 && blade.material !== 'petal')
    parts.push(strokePath(veins[3].join(''), ink, style.weight * 0.3, 0.75));
  if (veins[1].length > 0) parts.push(fillPath(veins[1].join(''), ink));
  // One line round the whole edge, so that it does not break at the tip.
  parts.push(fillPath(penLine([...outline, ...outline.slice(0, 2)], style.weight * 1.3, random, false), ink));
  return parts.join('');
}

function lineOn(blade: Blade, from: number, to: number, u: number): string {
  return linePath([0, 0.5, 1].map((s) => onBlade(blade, clamp(mix(from, to, s), 0, 1), u * (1 - 0.02 * s))));
}

function slantOn(blade: Blade, t: number, fromU: number, toU: number): string {
  const a = onBlade(blade, clamp(t, 0, 1), fromU);
  const b = onBlade(blade, clamp(t - 0.045, 0, 1), toU);
  return linePath([a, mixPoint(a, b, 0.5), b]);
}

function inkStrand(strand: Strand, style: InkStyle, random: Random): string {
  const ink = hex(style.ink);
  const { line, startWidth, endWidth } = strand;
  const thick = Math.max(startWidth, endWidth);
  if (thick < 2.6) return fillPath(penLine(line, Math.max(0.8, thick * 0.55), random), ink);
  const width = (t: number): number => mix(startWidth, endWidth, t);
  const shape = ribbon(line, width);
  const left = shape.slice(0, line.length);
  const right = shape.slice(line.length).reverse();
  const parts: string[] = [];
  if (style.groundUnder > 0) parts.push(fillPath(smoothPath(shape, true), hex(style.ground), style.groundUnder));
  if (thick > 4.5) {
    const hatches: string[] = [];
    const lengthTotal = line.reduce(
      (sum, point, index) => sum + Math.hypot(point.x - at(line, index - 1).x, point.y - at(line, index - 1).y),
      0,
    );
    const gap = 3.4 / style.hatching;
    for (let travelled = gap; travelled < lengthTotal; travelled += gap * random.between(0.8, 1.2)) {
      const t = travelled / lengthTotal;
      const { point, heading } = along(line, t);
      const half = width(t) / 2;
      const a = aside(point, heading, half);
      const b = aside(along(line, clamp(t + 2 / lengthTotal, 0, 1)).point, heading, half * random.between(-0.1, 0.5));
      hatches.push(linePath([a, b]));
    }
    parts.push(strokePath(hatches.join(''), ink, style.weight * 0.36, 0.8));
  }
  parts.push(fillPath(penLine(left, style.weight * 0.9, random, false), ink));
  parts.push(fillPath(penLine(right, style.weight * 1.35, random, false), ink));
  return parts.join('');
}

function inkDots(mark: Dots, style: InkStyle, random: Random): string {
  const ink = hex(style.ink);
  const circles: string[] = [];
  const fills: string[] = [];
  for (const { x, y, radius } of mark.dots) {
    const path = `M${num(x - radius)} ${num(y)}a${num(radius)} ${num(radius)} 0 1 0 ${num(radius * 2)} 0a${num(radius)} ${num(radius)} 0 1 0 ${num(-radius * 2)} 0`;
    if (radius > 1.5) {
      circles.push(path);
      const heading = headingOf({ x: 0, y: 0 }, { x: 1, y: 1 }) + random.between(-0.2, 0.2);
      fills.push(
        linePath([
          { x: x + Math.sin(heading) * radius * 0.2, y: y - Math.cos(heading) * radius * 0.2 },
          { x: x + Math.sin(heading) * radius * 0.8, y: y - Math.cos(heading) * radius * 0.8 },
        ]),
      );
    } else {
      fills.push(path);
    }
  }
  const parts: string[] = [];
  if (circles.length > 0) {
    parts.push(
      style.groundUnder > 0 ? fillPath(circles.join(''), hex(style.ground), style.groundUnder) : '',
      strokePath(circles.join(''), ink, style.weight * 0.5),
    );
  }
  if (fills.length > 0) parts.push(strokePath(fills.join(''), ink, style.weight * 0.45, 0.9));
  return parts.join('');
}
