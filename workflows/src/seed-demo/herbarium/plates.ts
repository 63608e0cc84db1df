import { colour, hex, shade, type Colour } from './colour.ts';
import { cyanotypeGround, paintCyanotype, PRUSSIAN } from './cyanotype.ts';
import type { Finish } from './finish.ts';
import { along, at, type Frame, type Point } from './geometry.ts';
import { paintInk } from './ink.ts';
import { drawCaption, drawNote, drawSlip, slipHeight, type PlateLabel } from './label.ts';
import { writeText } from './lettering.ts';
import { fitMarks, placeMarks, type Mark, type Strand } from './marks.ts';
import { drawMicrograph, micrographGround, micrographScale, type MicrographName } from './micrographs.ts';
import { createOccupancy, type Occupancy } from './occupancy.ts';
import {
  colourChips,
  foxing,
  packet,
  PAPERS,
  plateMark,
  roundStamp,
  ruledFrame,
  scaleBar,
  tape,
  type PaperName,
} from './paper.ts';
import { PLANTS, type PlantName } from './plants.ts';
import { createRandom, type Random } from './random.ts';
import { element, group } from './svg.ts';
import { nightStyle, paintWashes, PRESSED, TINT, WATERCOLOUR } from './washes.ts';

export type SheetName = 'portrait' | 'tall' | 'landscape' | 'wide' | 'square';

/**
 * specimen: a pressed plant, taped to a sheet, with a slip; watercolour and gouache: painted; engraving: pen lines over
 * a thin tint; ink: pen alone; cyanotype: a white shadow on Prussian blue.
 */
export type Technique = 'specimen' | 'watercolour' | 'gouache' | 'engraving' | 'ink' | 'cyanotype';

interface PlateSheet {
  /** The same seed gives the same picture. */
  readonly seed: string;
  readonly sheet: SheetName;
  readonly paper: PaperName;
  readonly label: PlateLabel;
}

export interface PlantPlate extends PlateSheet {
  readonly technique: Technique;
  readonly subject: PlantName;
  /** Clockwise degrees by which the plant lies turned. */
  readonly turn?: number;
}

/** Seen through a microscope. */
export interface MicrographPlate extends PlateSheet {
  readonly technique: 'micrograph';
  readonly subject: MicrographName;
}

/** Everything that a picture depends on. */
export type Plate = PlantPlate | MicrographPlate;

const LONG_SIDE_PX = 1600;

export function sheetSize(sheet: SheetName): { readonly width: number; readonly height: number } {
  switch (sheet) {
    case 'portrait':
      return { width: 1150, height: LONG_SIDE_PX };
    case 'tall':
      return { width: 1000, height: LONG_SIDE_PX };
    case 'landscape':
      return { width: LONG_SIDE_PX, height: 1160 };
    case 'wide':
      return { width: LONG_SIDE_PX, height: 980 };
    case 'square':
      return { width: LONG_SIDE_PX, height: LONG_SIDE_PX };
  }
}

const STILL: Omit<Finish, 'ground'> = {
  grain: 0.03,
  granulation: 0.06,
  pooling: 0.05,
  rim: 0,
  tremor: 0.8,
  fibres: 0.6,
  vignette: 0.12,
  daylight: 0.05,
  streaks: 0,
  film: 0.012,
};

export function finishOf(plate: Plate): Finish {
  const ground = PAPERS[plate.paper];
  switch (plate.technique) {
    case 'specimen':
      return { ...STILL, ground, granulation: 0.11, pooling: 0.12, fibres: 1, vignette: 0.17, daylight: 0.06 };
    case 'watercolour':
      return {
        ...STILL,
        ground,
        grain: 0.042,
        granulation: 0.24,
        pooling: 0.26,
        rim: 0.5,
        tremor: 0.85,
        vignette: 0.1,
      };
    case 'gouache':
      return { ...STILL, ground, grain: 0.05, granulation: 0.08, pooling: 0.09, rim: 0.2, tremor: 0.9, vignette: 0.22 };
    case 'engraving':
      return { ...STILL, ground, granulation: 0.1, pooling: 0.14, tremor: 0.9, vignette: 0.15 };
    case 'ink':
      return { ...STILL, ground, granulation: 0.08, tremor: 0.6, vignette: 0.13 };
    case 'micrograph':
      return {
        ...STILL,
        ground: micrographGround(plate.subject),
        grain: 0,
        granulation: 0.03,
        pooling: 0.03,
        tremor: 0.7,
        fibres: 0,
        vignette: micrographGround(plate.subject).lightness < 0.5 ? 0.3 : 0.14,
        daylight: 0.04,
        film: 0.03,
      };
    case 'cyanotype':
      return {
        ...STILL,
        ground: PRUSSIAN,
        grain: 0.055,
        granulation: 0.06,
        pooling: 0.07,
        tremor: 1.1,
        streaks: 0.035,
        vignette: 0.14,
        fibres: 0.8,
      };
  }
}

export function growSubject(plate: PlantPlate): Mark[] {
  const random = createRandom(`${plate.seed}/plant`);
  const grown = PLANTS[plate.subject](random);
  const turn = plate.turn ?? random.between(-4, 4);
  return placeMarks(grown, { turn: (turn * Math.PI) / 180, mirror: random.chance(plate.turn === undefined ? 0.5 : 0) });
}

/** The whole plate as one SVG of 1600 px on the long side. */
export function drawPlate(plate: Plate): string {
  const { width, height } = sheetSize(plate.sheet);
  const sheet: Frame = { x: 0, y: 0, width, height };
  const random = createRandom(`${plate.seed}/sheet`);
  const content =
    plate.technique === 'micrograph'
      ? composeMicrograph(plate, sheet, random)
      : compose(plate, sheet, growSubject(plate), random);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" stroke-linecap="round" stroke-linejoin="round">${content}</svg>`;
}

function compose(plate: PlantPlate, sheet: Frame, marks: readonly Mark[], random: Random): string {
  switch (plate.technique) {
    case 'specimen':
      return composeSpecimen(plate, sheet, marks, random);
    case 'watercolour':
    case 'gouache':
    case 'engraving':
    case 'ink':
      return composePlate(plate, sheet, marks, random);
    case 'cyanotype':
      return composeCyanotype(plate, sheet, marks, random);
  }
}

function ground(sheet: Frame, paper: Colour): string {
  return element('rect', { x: 0, y: 0, width: sheet.width, height: sheet.height, fill: hex(paper) });
}

function inset(frame: Frame, left: number, top: number, right: number, bottom: number): Frame {
  return {
    x: frame.x + left,
    y: frame.y + top,
    width: frame.width - left - right,
    height: frame.height - top - bottom,
  };
}

function shadowOf(id: string, blur: number, dx: number, dy: number, opacity: number): string {
  return (
    element(
      'filter',
      { id: `${id}-shadow`, x: '-4%', y: '-4%', width: '108%', height: '108%' },
      element('feGaussianBlur', { in: 'SourceAlpha', stdDeviation: blur }),
    ) +
    group(element('use', { href: `#${id}`, filter: `url(#${id}-shadow)` }), {
      transform: `translate(${String(dx)} ${String(dy)})`,
      opacity,
    })
  );
}

/** Places a plant and a slip so that neither covers the other. */
function layOut(
  sheet: Frame,
  marks: readonly Mark[],
  slip: Frame,
): { readonly marks: Mark[]; readonly occupancy: Occupancy } {
  const margin = Math.min(sheet.width, sheet.height) * 0.065;
  const full = inset(sheet, margin, margin, margin, margin);
  const shy: Frame = inset(slip, -16, -16, -16, -16);
  const tries: [Frame, Point][] = [
    [full, { x: 0.5, y: 0.5 }],
    [inset(full, 0, 0, sheet.width * 0.06, 0), { x: 0.35, y: 0.5 }],
    [inset(full, 0, 0, sheet.width * 0.12, 0), { x: 0.2, y: 0.5 }],
    [inset(full, 0, 0, 0, slip.height * 0.5), { x: 0.25, y: 0.3 }],
    [inset(full, 0, 0, sheet.width * 0.16, slip.height * 0.4), { x: 0.1, y: 0.5 }],
    [inset(full, 0, 0, 0, slip.height * 0.9), { x: 0.4, y: 0.3 }],
    sheet.width > sheet.height
      ? [inset(full, 0, 0, slip.width + 30, 0), { x: 0.5, y: 0.5 }]
      : [inset(full, 0, 0, 0, slip.height + 30), { x: 0.5, y: 0.5 }],
  ];
  let best: { marks: Mark[]; occupancy: Occupancy } | undefined;
  for (const [frame, gravity] of tries) {
    const fitted = fitMarks(marks, frame, gravity);
    const occupancy = createOccupancy(sheet, fitted);
    best = { marks: fitted, occupancy };
    if (occupancy.share(shy) < 0.012) return best;
  }
  if (!best) throw new Error('A plant needs a place');
  return best;
}

function composeSpecimen(plate: PlantPlate, sheet: Frame, grown: readonly Mark[], random: Random): string {
  const paper = PAPERS[plate.paper];
  const slipWidth = sheet.width > sheet.height ? 430 : 410;
  const height = slipHeight(plate.label, slipWidth);
  const slip: Frame = { x: sheet.width - slipWidth - 46, y: sheet.height - height - 44, width: slipWidth, height };
  const { marks, occupancy } = layOut(sheet, grown, slip);
  occupancy.take(slip);
  const style = { ...PRESSED, ground: paper };
  const parts = [ground(sheet, paper), foxing(sheet, random.integer(18, 50), random.fork('foxing'))];
  parts.push(shadowOf('specimen', 5, 6, 8, 0.36));
  parts.push(group(paintWashes(marks, style, random.fork('washes')), { id: 'specimen' }));
  parts.push(drawTapes(marks, paper, random.fork('tape')));
  parts.push(
    drawSlip(
      plate.label,
      slip,
      shade(PAPERS.ivory, random.between(-0.025, 0.005), random.between(0, 0.012)),
      random.fork('slip'),
    ),
  );
  parts.push(furnish(plate, sheet, occupancy, paper, random.fork('furniture')));
  return parts.join('');
}

/** Strips over the strongest stems, apart from one another. */
function drawTapes(marks: readonly Mark[], paper: Colour, random: Random): string {
  const stems = marks
    .filter(
      (mark): mark is Strand =>
        mark.kind === 'strand' && (mark.material === 'stem' || mark.material === 'root') && mark.line.length >= 10,
    )
    .sort((a, b) => lengthOf(b) * b.startWidth - lengthOf(a) * a.startWidth)
    .slice(0, 5);
  const placed: Point[] = [];
  const parts: string[] = [];
  stems.forEach((stem, order) => {
    for (const t of order === 0 ? [0.07, 0.36, 0.66] : [0.3, 0.72]) {
      const { point, heading } = along(stem.line, t + random.between(-0.03, 0.03));
      if (placed.length >= 5 || placed.some((other) => Math.hypot(other.x - point.x, other.y - point.y) < 190))
        continue;
      placed.push(point);
      const width = stem.startWidth * (1 - t) + stem.endWidth * t;
      parts.push(
        tape(
          point,
          heading + Math.PI / 2 + random.between(-0.2, 0.2),
          52 + width * 1.8 + random.between(0, 14),
          random.between(15, 20),
          paper,
          random,
        ),
      );
    }
  });
  return parts.join('');
}

function lengthOf(stem: Strand): number {
  const a = at(stem.line, 0);
  const b = at(stem.line, stem.line.length - 1);
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Stamp, packet and scale, where there is room. */
function furnish(plate: PlantPlate, sheet: Frame, occupancy: Occupancy, paper: Colour, random: Random): string {
  const parts: string[] = [];
  const free = (width: number, height: number, places: readonly (readonly [number, number])[]): Frame | undefined => {
    for (const [px, py] of places) {
      const frame = {
        x: 52 + px * (sheet.width - width - 104),
        y: 52 + py * (sheet.height - height - 104),
        width,
        height,
      };
      if (occupancy.share(inset(frame, -14, -14, -14, -14)) === 0) {
        occupancy.take(frame);
        return frame;
      }
    }
    return undefined;
  };
  const corners = [
    [1, 0],
    [0, 1],
    [0, 0],
    [1, 0.12],
    [0, 0.12],
    [0, 0.86],
    [1, 0.4],
    [0, 0.5],
  ] as const;
  const bag = random.chance(0.6) ? free(190, 150, corners) : undefined;
  if (bag) parts.push(packet(bag, paper, random.pick(['seeds', 'fragments', 'loose florets', 'fruit']), random));
  const stamp = free(132, 132, corners);
  if (stamp) {
    const tone = random.pick([colour(0.42, 0.12, 262), colour(0.45, 0.14, 25), colour(0.4, 0.07, 160)]);
    parts.push(roundStamp({ x: stamp.x + 66, y: stamp.y + 66 }, 62, plate.label.house, tone, random));
  }
  const bar = free(330, 30, [
    [0, 1],
    [0.3, 1],
    [0, 0],
    [1, 0],
  ]);
  if (bar) parts.push(scaleBar(bar.x, bar.y, 52, 5, '5 cm', '#3a322a', random));
  return parts.join('');
}

function composePlate(plate: PlantPlate, sheet: Frame, grown: readonly Mark[], random: Random): string {
  const paper = PAPERS[plate.paper];
  const dark = paper.lightness < 0.5;
  const ink = dark ? hex(colour(0.9, 0.045, 88)) : hex(colour(0.27, 0.03, random.pick([50, 70, 260])));
  const wide = sheet.width > sheet.height;
  const layout =
    plate.technique === 'engraving' || plate.technique === 'ink'
      ? 'latin-first'
      : random.pick(['centred', 'left', 'latin-first'] as const);
  const side = Math.min(sheet.width, sheet.height) * 0.09;
  const captionScale = wide ? 32 : 34;
  const captionHeight = captionScale * 3.6;
  const frame = inset(sheet, side, side * 0.95, side, side * 0.95 + captionHeight + 26);
  const marks = fitMarks(grown, frame, { x: 0.5, y: 0.6 });
  const parts = [ground(sheet, paper)];
  if (!dark) parts.push(foxing(sheet, random.integer(4, 16), random.fork('foxing')));
  switch (plate.technique) {
    case 'watercolour':
      parts.push(paintWashes(marks, { ...WATERCOLOUR, ground: paper }, random.fork('washes')));
      break;
    case 'gouache':
      parts.push(
        dark
          ? paintWashes(marks, nightStyle(paper), random.fork('washes'))
          : shadowOf('painting', 3, 2, 3, 0.16) +
              group(
                paintWashes(
                  marks,
                  { ...WATERCOLOUR, ground: paper, groundUnder: 1, groundUnderPetal: 0.9, fill: 0.95, petalFill: 0.93 },
                  random.fork('washes'),
                ),
                { id: 'painting' },
              ),
      );
      break;
    case 'engraving':
      parts.push(plateMark(sheet, side * 0.42, paper));
      parts.push(engrave(marks, paper, random));
      break;
    case 'ink':
      parts.push(plateMark(sheet, side * 0.42, paper));
      parts.push(
        paintInk(
          marks,
          {
            ink: dark ? colour(0.9, 0.04, 88) : colour(0.24, 0.03, random.pick([50, 265])),
            ground: paper,
            groundUnder: 1,
            weight: 1.9,
            hatching: 1.15,
          },
          random.fork('ink'),
        ),
      );
      break;
    default:
      break;
  }
  if (plate.technique !== 'engraving' && plate.technique !== 'ink') {
    const border = random.pick(['none', 'single', 'double', 'corners'] as const);
    if (border !== 'none') parts.push(ruledFrame(sheet, side * 0.44, ink, border, random));
  }
  const caption = inset(sheet, side * 1.05, sheet.height - side * 0.9 - captionHeight, side * 1.05, side * 0.9);
  parts.push(drawCaption(plate.label, caption, { ink, layout, scale: captionScale }, random.fork('caption')));
  parts.push(
    writeText(
      plate.label.number,
      { x: sheet.width - side * 0.78, y: side * 0.86 },
      { hand: 'roman', capHeight: 17, colour: ink, align: 'end', tracking: 12, opacity: 0.85 },
      random,
    ),
  );
  if (plate.technique === 'watercolour' && layout === 'left' && random.chance(0.7)) {
    const tones = marks
      .flatMap((mark) => (mark.kind === 'blade' ? [mark.colour, mark.tip] : []))
      .filter((_, index, all) => index % Math.max(1, Math.floor(all.length / 6)) === 0);
    parts.push(colourChips(side * 0.8, side * 0.66, 24, tones.slice(0, 6), ink));
  }
  return parts.join('');
}

/** Each part is tinted and then drawn, so that what lies in front hides the lines behind it. */
function engrave(marks: readonly Mark[], paper: Colour, random: Random): string {
  // The colour was laid on by hand after printing, so it never sits quite on the lines.
  const shift = { x: random.between(-2.4, 2.4), y: random.between(-1.5, 2.5) };
  const [washes, ink] = [random.fork('washes'), random.fork('ink')];
  const inkStyle = { ink: colour(0.25, 0.025, 60), ground: paper, groundUnder: 0, weight: 1.75, hatching: 1 };
  const tinted = placeMarks(marks, { shift });
  return marks
    .map((mark, index) => {
      const tint = paintWashes(
        tinted.slice(index, index + 1),
        { ...TINT, ground: paper },
        washes,
        `e${String(index)}-`,
      );
      return isTintedOnly(mark) ? tint : tint + paintInk([mark], inkStyle, ink);
    })
    .join('');
}

/** Florets, threads and markings are too fine for the burin: colour alone shows them. */
function isTintedOnly(mark: Mark): boolean {
  if (mark.kind === 'dots') return mark.material === 'petal' || mark.dots.every(({ radius }) => radius < 3);
  if (mark.kind === 'strand') return mark.material !== 'hair' && Math.max(mark.startWidth, mark.endWidth) < 1.5;
  return mark.marking === true;
}

function composeCyanotype(plate: PlantPlate, sheet: Frame, grown: readonly Mark[], random: Random): string {
  const coating = random.pick(['full', 'masked', 'brushed', 'brushed'] as const);
  const bare = coating === 'full' ? 0 : coating === 'masked' ? random.between(44, 58) : random.between(66, 88);
  const margin = bare + Math.min(sheet.width, sheet.height) * (coating === 'full' ? 0.075 : 0.045);
  const frame = inset(sheet, margin, margin, margin, margin + 104);
  const marks = fitMarks(grown, frame, { x: 0.5, y: 0.5 });
  const parts = [ground(sheet, PAPERS[plate.paper]), cyanotypeGround(sheet, bare, coating, random.fork('ground'))];
  parts.push(paintCyanotype(marks, random.fork('print')));
  const white = '#e9f0f0';
  const title = plate.label.latin ?? plate.label.title;
  parts.push(drawNote(title, sheet.width * 0.5, sheet.height - margin - 40, 33, white, random.fork('title'), 'middle'));
  const small = at([plate.label.lines[0] ?? plate.label.title], 0);
  parts.push(drawNote(small, sheet.width * 0.5, sheet.height - margin - 2, 17, white, random.fork('line'), 'middle'));
  parts.push(
    drawNote(plate.label.number, sheet.width - margin - 4, margin + 14, 19, white, random.fork('number'), 'end'),
  );
  return parts.join('');
}

function composeMicrograph(plate: MicrographPlate, sheet: Frame, random: Random): string {
  const bar = 74;
  const picture = { ...sheet, height: sheet.height - bar };
  const tone = micrographGround(plate.subject);
  const dark = tone.lightness < 0.5;
  const ink = dark ? '#efece3' : '#2b2622';
  const base = sheet.height - bar / 2 + 8;
  const write = (text: string, x: number, align: 'start' | 'middle' | 'end'): string =>
    writeText(
      text,
      { x, y: base },
      { hand: 'roman', capHeight: 17, colour: ink, tracking: 7, opacity: 0.94, align },
      random,
    );
  const scale = 150;
  return [
    ground(sheet, tone),
    drawMicrograph(plate.subject, picture, random.fork('micrograph')),
    // The strip with the data that every microscope writes below its picture.
    element('rect', {
      x: 0,
      y: picture.height,
      width: sheet.width,
      height: bar,
      fill: hex(dark ? colour(0.1, 0.01, 260) : colour(0.925, 0.012, 85)),
    }),
    write([plate.label.title, ...plate.label.lines].join(', '), 46, 'start'),
    write(plate.label.number, sheet.width - 46, 'end'),
    write(micrographScale(plate.subject), sheet.width - 300, 'end'),
    element('rect', {
      x: sheet.width - 420 - scale,
      y: base - 9,
      width: scale,
      height: 5,
      fill: ink,
      'fill-opacity': 0.92,
    }),
  ].join('');
}
