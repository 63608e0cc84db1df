import { colour, hex, shade, type Colour } from './colour.ts';
import type { Frame } from './geometry.ts';
import { measureText, writeText, type Hand } from './lettering.ts';
import type { Random } from './random.ts';
import { element, group, num, smoothPath, strokePath } from './svg.ts';

/** What is written on a sheet. */
export interface PlateLabel {
  readonly house: string;
  readonly title: string;
  readonly latin?: string;
  readonly lines: readonly string[];
  readonly number: string;
}

/** The largest cap height, up to the one asked, at which the text stays within a width. */
export function fitCapHeight(text: string, hand: Hand, capHeight: number, width: number, tracking = 0): number {
  const measured = measureText(text, { hand, capHeight, tracking });
  return measured <= width ? capHeight : (capHeight * width) / measured;
}

export const LABEL_INK = colour(0.3, 0.025, 60);

function wobblyRect(frame: Frame, random: Random, amount: number): string {
  const { x, y, width, height } = frame;
  const points = [
    [x, y],
    [x + width * 0.5, y],
    [x + width, y],
    [x + width, y + height * 0.5],
    [x + width, y + height],
    [x + width * 0.5, y + height],
    [x, y + height],
    [x, y + height * 0.5],
  ].map(
    ([px = 0, py = 0]) => `${num(px + random.between(-amount, amount))} ${num(py + random.between(-amount, amount))}`,
  );
  return `M${points.join('L')}Z`;
}

/** The slip pasted on a herbarium sheet. Its height follows from its lines. */
export function slipHeight(label: PlateLabel, width: number): number {
  const rows = label.lines.length + (label.latin === undefined ? 0 : 1);
  return width * (0.278 + rows * 0.082);
}

export function drawSlip(label: PlateLabel, frame: Frame, paper: Colour, random: Random): string {
  const { x, y, width, height } = frame;
  const ink = hex(LABEL_INK);
  const pad = width * 0.055;
  const inner = width - pad * 2;
  const middle = x + width / 2;
  const parts = [
    element('path', {
      d: wobblyRect({ x: x + 3, y: y + 4, width, height }, random, 1),
      fill: '#3b2a14',
      'fill-opacity': 0.16,
    }),
    element('path', {
      d: wobblyRect({ x: x + 1, y: y + 1.5, width, height }, random, 1),
      fill: '#3b2a14',
      'fill-opacity': 0.2,
    }),
    element('path', { d: wobblyRect(frame, random, 0.8), fill: hex(paper) }),
    element('path', {
      d: wobblyRect({ x: x + 9, y: y + 9, width: width - 18, height: height - 18 }, random, 0.5),
      fill: 'none',
      stroke: ink,
      'stroke-width': 1.3,
      'stroke-opacity': 0.75,
    }),
    element('path', {
      d: wobblyRect({ x: x + 13, y: y + 13, width: width - 26, height: height - 26 }, random, 0.5),
      fill: 'none',
      stroke: ink,
      'stroke-width': 0.6,
      'stroke-opacity': 0.65,
    }),
  ];
  const house = label.house.toUpperCase();
  const houseCap = fitCapHeight(house, 'roman', width * 0.036, inner * 0.96, 14);
  parts.push(
    writeText(
      house,
      { x: middle, y: y + width * 0.083 },
      { hand: 'roman', capHeight: houseCap, colour: ink, align: 'middle', tracking: 14 },
      random,
    ),
    strokePath(`M${num(middle - width * 0.14)} ${num(y + width * 0.107)}H${num(middle + width * 0.14)}`, ink, 0.9, 0.7),
  );
  const title = label.latin ?? label.title;
  parts.push(
    writeText(
      title,
      { x: middle, y: y + width * 0.19 },
      {
        hand: 'italic',
        capHeight: fitCapHeight(title, 'italic', width * 0.064, inner * 0.97),
        colour: ink,
        align: 'middle',
        weight: 1.05,
      },
      random,
    ),
  );
  const script = shade(colour(0.34, 0.06, 262), random.between(-0.02, 0.02));
  let line = y + width * 0.265;
  const rows = label.latin === undefined ? label.lines : [label.title, ...label.lines];
  for (const row of rows) {
    parts.push(
      writeText(
        row,
        { x: x + pad, y: line },
        {
          hand: 'script',
          capHeight: fitCapHeight(row, 'script', width * 0.044, inner * (row === rows[rows.length - 1] ? 0.7 : 1)),
          colour: hex(script),
          opacity: 0.92,
          weight: 0.95,
        },
        random,
      ),
    );
    line += width * 0.082;
  }
  parts.push(
    writeText(
      label.number,
      { x: x + width - pad, y: y + height - width * 0.06 },
      { hand: 'roman', capHeight: width * 0.036, colour: '#8d2f25', opacity: 0.9, align: 'end', tracking: 6 },
      random,
    ),
  );
  return group(parts.join(''), {
    transform: `rotate(${num(random.between(-0.7, 0.7))} ${num(middle)} ${num(y + height / 2)})`,
  });
}

/** A printed caption below a plate: name large, Latin in italics, plate number in a corner. */
export function drawCaption(
  label: PlateLabel,
  frame: Frame,
  options: { readonly ink: string; readonly layout: 'centred' | 'left' | 'latin-first'; readonly scale?: number },
  random: Random,
): string {
  const { x, y, width } = frame;
  const { ink, layout } = options;
  const size = options.scale ?? 30;
  const middle = x + width / 2;
  const parts: string[] = [];
  const put = (
    text: string,
    px: number,
    py: number,
    hand: Hand,
    capHeight: number,
    align: 'start' | 'middle' | 'end',
    tracking = 0,
    opacity = 0.94,
  ): void => {
    parts.push(
      writeText(
        text,
        { x: px, y: py },
        {
          hand,
          capHeight: fitCapHeight(text, hand, capHeight, width * 0.98, tracking),
          colour: ink,
          align,
          tracking,
          opacity,
        },
        random,
      ),
    );
  };
  if (layout === 'centred') {
    put(label.title.toUpperCase(), middle, y + size * 1.15, 'roman', size, 'middle', 22);
    if (label.latin !== undefined) put(label.latin, middle, y + size * 2.35, 'italic', size * 0.74, 'middle', 2);
    const small = label.lines.join(' – ');
    if (small !== '') put(small, middle, y + size * 3.25, 'italic', size * 0.46, 'middle', 4, 0.75);
  } else if (layout === 'latin-first') {
    put(label.latin ?? label.title, middle, y + size * 1.2, 'italic', size * 1.12, 'middle', 3);
    put(
      label.latin === undefined ? label.lines.join(', ') : label.title.toUpperCase(),
      middle,
      y + size * 2.3,
      'roman',
      size * 0.5,
      'middle',
      26,
      0.85,
    );
    if (label.latin !== undefined && label.lines.length > 0)
      put(label.lines.join(', '), middle, y + size * 3.15, 'italic', size * 0.46, 'middle', 4, 0.72);
  } else {
    put(label.title, x, y + size * 1.15, 'italic', size * 1.1, 'start');
    if (label.latin !== undefined) put(label.latin, x, y + size * 2.15, 'script', size * 0.66, 'start');
    put(label.lines.join(', '), x + width, y + size * 2.15, 'script', size * 0.52, 'end', 2, 0.8);
  }
  return parts.join('');
}

/** Written with a pen straight on the sheet. */
export function drawNote(
  text: string,
  x: number,
  y: number,
  capHeight: number,
  ink: string,
  random: Random,
  align: 'start' | 'middle' | 'end' = 'start',
): string {
  const turn = random.between(-1.2, 1.2);
  return group(writeText(text, { x, y }, { hand: 'script', capHeight, colour: ink, opacity: 0.9, align }, random), {
    transform: `rotate(${num(turn)} ${num(x)} ${num(y)})`,
  });
}

export function underline(x1: number, x2: number, y: number, ink: string, random: Random): string {
  const points = [0, 0.3, 0.65, 1].map((t) => ({ x: x1 + (x2 - x1) * t, y: y + random.between(-1.5, 1.5) }));
  return strokePath(smoothPath(points), ink, 1.4, 0.8);
}
