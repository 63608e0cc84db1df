import { colour, hex, mixColour, shade, type Colour } from './colour.ts';
import { aside, at, degrees, mix, step, type Frame, type Point } from './geometry.ts';
import { writeText } from './lettering.ts';
import type { Random } from './random.ts';
import { element, fillPath, group, linePath, num, smoothPath, strokePath } from './svg.ts';

export const PAPERS = {
  cream: colour(0.945, 0.022, 86),
  ivory: colour(0.96, 0.014, 92),
  buff: colour(0.89, 0.038, 80),
  rag: colour(0.925, 0.016, 75),
  blush: colour(0.925, 0.022, 55),
  sage: colour(0.915, 0.02, 125),
  mist: colour(0.93, 0.012, 230),
  kraft: colour(0.78, 0.055, 72),
  midnight: colour(0.24, 0.05, 262),
  forest: colour(0.26, 0.035, 165),
  aubergine: colour(0.25, 0.045, 330),
  slate: colour(0.3, 0.02, 245),
  ink: colour(0.19, 0.018, 270),
} as const satisfies Record<string, Colour>;

export type PaperName = keyof typeof PAPERS;

/** Rust-brown stains that damp paper gets with the years. */
export function foxing(sheet: Frame, count: number, random: Random): string {
  const parts: string[] = [];
  for (let index = 0; index < count; index += 1) {
    // Damp comes from the edges, so most stains lie there.
    const edge = random.chance(0.65);
    const depth = random.next() ** 2 * 0.22;
    const side = random.integer(0, 3);
    const place = random.next();
    const x = edge ? (side === 0 ? depth : side === 1 ? 1 - depth : place) : random.next();
    const y = edge ? (side === 2 ? depth : side === 3 ? 1 - depth : place) : random.next();
    const radius = random.next() ** 2 * 9 + 1.2;
    const centre = { x: sheet.x + x * sheet.width, y: sheet.y + y * sheet.height };
    const blot = (scale: number): string =>
      smoothPath(
        Array.from({ length: 8 }, (_, corner) =>
          step(centre, (corner / 8) * 6.283, radius * scale * random.between(0.65, 1.3)),
        ),
        true,
      );
    const tone = hex(colour(0.6, 0.085, random.between(58, 72)));
    parts.push(fillPath(blot(1.9), tone, 0.05), fillPath(blot(1.1), tone, 0.08), fillPath(blot(0.5), tone, 0.12));
  }
  return parts.join('');
}

/** A strip of gummed linen that holds a stem. */
export function tape(
  centre: Point,
  heading: number,
  length: number,
  width: number,
  paper: Colour,
  random: Random,
): string {
  const from = step(centre, heading, -length / 2);
  const to = step(centre, heading, length / 2);
  const corner = (point: Point, side: number): Point =>
    aside(point, heading, (side * width) / 2 + random.between(-0.7, 0.7));
  const ragged = (point: Point, way: 1 | -1): Point[] =>
    [-1, -0.5, 0, 0.5, 1].map((side) => step(corner(point, side * way), heading, random.between(-2, 2)));
  const shape = [...ragged(from, 1), ...ragged(to, -1)];
  const tone = mixColour(paper, colour(0.9, 0.03, 88), 0.5);
  const shadow = shape.map(({ x, y }) => ({ x: x + 1.6, y: y + 2.4 }));
  const threads: string[] = [];
  for (let index = 1; index < 5; index += 1) {
    const side = index / 2.5 - 1;
    threads.push(linePath([corner(from, side * 0.9), corner(to, side * 0.9)]));
  }
  return (
    fillPath(linePath(shadow, true), '#3a2b18', 0.2) +
    fillPath(linePath(shape, true), hex(shade(tone, 0.015)), 0.93) +
    strokePath(threads.join(''), hex(shade(tone, -0.1)), 0.6, 0.35) +
    strokePath(linePath(shape, true), hex(shade(tone, -0.2)), 0.6, 0.5)
  );
}

/** The pressed line that a copper plate leaves around a print. */
export function plateMark(sheet: Frame, inset: number, paper: Colour): string {
  const rect = (offset: number, tone: string, width: number, opacity: number): string =>
    element('rect', {
      x: sheet.x + inset + offset,
      y: sheet.y + inset + offset,
      width: sheet.width - (inset + offset) * 2,
      height: sheet.height - (inset + offset) * 2,
      rx: 5,
      fill: 'none',
      stroke: tone,
      'stroke-width': width,
      'stroke-opacity': opacity,
    });
  return (
    rect(0, hex(shade(paper, -0.12)), 2.2, 0.5) +
    rect(2.4, hex(shade(paper, 0.04)), 2, 0.8) +
    rect(-3, hex(shade(paper, -0.05)), 4, 0.25)
  );
}

export function ruledFrame(
  sheet: Frame,
  inset: number,
  ink: string,
  style: 'single' | 'double' | 'corners',
  random: Random,
): string {
  const rect = (offset: number, width: number, opacity: number): string => {
    const jitter = (): number => random.between(-0.5, 0.5);
    const [l, t, r, b] = [
      sheet.x + offset,
      sheet.y + offset,
      sheet.x + sheet.width - offset,
      sheet.y + sheet.height - offset,
    ];
    return strokePath(
      `M${num(l + jitter())} ${num(t + jitter())}L${num(r + jitter())} ${num(t + jitter())}L${num(r + jitter())} ${num(b + jitter())}L${num(l + jitter())} ${num(b + jitter())}Z`,
      ink,
      width,
      opacity,
    );
  };
  if (style === 'single') return rect(inset, 1.5, 0.75);
  if (style === 'double') return rect(inset, 2.4, 0.75) + rect(inset + 8, 0.9, 0.65);
  const reach = 46;
  const parts: string[] = [];
  for (const [sx, sy] of [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ] as const) {
    const x = sheet.x + inset + sx * (sheet.width - inset * 2);
    const y = sheet.y + inset + sy * (sheet.height - inset * 2);
    const dx = sx === 0 ? reach : -reach;
    const dy = sy === 0 ? reach : -reach;
    parts.push(`M${num(x + dx)} ${num(y)}L${num(x)} ${num(y)}L${num(x)} ${num(y + dy)}`);
  }
  return strokePath(parts.join(''), ink, 1.4, 0.7);
}

/** The round stamp of a collection. */
export function roundStamp(centre: Point, radius: number, text: string, tone: Colour, random: Random): string {
  const ink = hex(tone);
  const circle = (r: number, width: number): string =>
    element('circle', {
      cx: num(centre.x),
      cy: num(centre.y),
      r: num(r),
      fill: 'none',
      stroke: ink,
      'stroke-width': width,
      'stroke-opacity': 0.62,
    });
  const parts = [circle(radius, 2), circle(radius * 0.93, 0.8), circle(radius * 0.6, 0.9)];
  const letters = Array.from(text.toUpperCase());
  const span = degrees(Math.min(300, letters.length * 17));
  letters.forEach((letter, index) => {
    const turn = -span / 2 + (span * (index + 0.5)) / letters.length;
    const place = step(centre, turn, radius * 0.69);
    parts.push(
      group(
        writeText(
          letter,
          place,
          { hand: 'roman', capHeight: radius * 0.17, colour: ink, align: 'middle', opacity: 0.68 },
          random,
        ),
        {
          transform: `rotate(${num((turn * 180) / Math.PI)} ${num(place.x)} ${num(place.y)})`,
        },
      ),
    );
  });
  // A small sprig in the middle.
  const stem = [step(centre, Math.PI, radius * 0.38), centre, step(centre, 0, radius * 0.4)];
  parts.push(strokePath(smoothPath(stem), ink, 1.3, 0.6));
  for (let index = 0; index < 4; index += 1) {
    for (const side of [-1, 1] as const) {
      const base = { x: centre.x, y: centre.y + radius * mix(0.25, -0.25, index / 3) };
      const tip = step(base, side * degrees(48), radius * 0.26);
      const middle = step(base, side * degrees(20), radius * 0.16);
      const under = step(base, side * degrees(78), radius * 0.16);
      parts.push(fillPath(smoothPath([base, middle, tip, under], true), ink, 0.5));
    }
  }
  return group(parts.join(''), {
    transform: `rotate(${num(random.between(-14, 14))} ${num(centre.x)} ${num(centre.y)})`,
  });
}

/** Folded paper for the pieces that fell off. */
export function packet(frame: Frame, paper: Colour, note: string, random: Random): string {
  const { x, y, width, height } = frame;
  const tone = shade(paper, 0.02, -0.004);
  const corner = (px: number, py: number): Point => ({ x: px + random.between(-1, 1), y: py + random.between(-1, 1) });
  const shape = [corner(x, y), corner(x + width, y), corner(x + width, y + height), corner(x, y + height)];
  const flap = [
    at(shape, 0),
    at(shape, 1),
    corner(x + width * 0.82, y + height * 0.3),
    corner(x + width * 0.18, y + height * 0.3),
  ];
  return group(
    fillPath(
      linePath(
        shape.map((p) => ({ x: p.x + 3, y: p.y + 4 })),
        true,
      ),
      '#3a2b18',
      0.18,
    ) +
      fillPath(linePath(shape, true), hex(tone)) +
      fillPath(
        linePath(
          flap.map((p) => ({ x: p.x, y: p.y + 2.5 })),
          true,
        ),
        '#3a2b18',
        0.12,
      ) +
      fillPath(linePath(flap, true), hex(shade(tone, -0.012))) +
      strokePath(linePath(shape, true) + linePath(flap, true), hex(shade(tone, -0.22)), 0.9, 0.7) +
      writeText(
        note,
        { x: x + width / 2, y: y + height * 0.68 },
        {
          hand: 'script',
          capHeight: Math.min(height * 0.11, width * 0.08),
          colour: hex(colour(0.34, 0.06, 262)),
          align: 'middle',
          opacity: 0.85,
        },
        random,
      ),
    { transform: `rotate(${num(random.between(-1.2, 1.2))} ${num(x)} ${num(y)})` },
  );
}

/** Centimetres in black and white, as collections photograph beside a sheet. */
export function scaleBar(
  x: number,
  y: number,
  unit: number,
  count: number,
  caption: string,
  ink: string,
  random: Random,
): string {
  const parts: string[] = [];
  for (let index = 0; index < count; index += 1) {
    parts.push(
      element('rect', {
        x: num(x + index * unit),
        y: num(y),
        width: num(unit),
        height: num(unit * 0.24),
        fill: index % 2 === 0 ? ink : 'none',
        stroke: ink,
        'stroke-width': 1,
        'fill-opacity': 0.85,
        'stroke-opacity': 0.85,
      }),
    );
  }
  return (
    parts.join('') +
    writeText(
      caption,
      { x: x + unit * count + unit * 0.35, y: y + unit * 0.27 },
      { hand: 'roman', capHeight: unit * 0.3, colour: ink, opacity: 0.85 },
      random,
    )
  );
}

/** A row of colour chips, tones of the picture's own palette. */
export function colourChips(x: number, y: number, size: number, tones: readonly Colour[], ink: string): string {
  return tones
    .map((tone, index) =>
      element('rect', {
        x: num(x + index * size * 1.14),
        y: num(y),
        width: size,
        height: size,
        fill: hex(tone),
        stroke: ink,
        'stroke-width': 0.8,
        'stroke-opacity': 0.5,
      }),
    )
    .join('');
}
