import { mixColour, shade, vary, type Colour } from '../colour.ts';
import { along, aside, mix, step, walk, type Point } from '../geometry.ts';
import { growLeaf, profile } from '../leaf.ts';
import type { Mark } from '../marks.ts';
import { growBody } from '../petal.ts';
import type { Random } from '../random.ts';
import { growRoots, strand, tipOf, type GrowPlant } from './grow.ts';
import { GREEN, HUE } from './palette.ts';

function growGrassLeaf(
  base: Point,
  heading: number,
  length: number,
  width: number,
  bend: number,
  tone: Colour,
  random: Random,
): Mark {
  return growLeaf(
    {
      base,
      heading,
      length,
      width,
      shape: profile(0.1, 0.55),
      bend,
      tilt: random.between(-0.4, 0.4),
      venation: 'parallel',
      veinCount: 2,
      samples: 22,
      colour: vary(tone, random),
      tip: vary(mixColour(tone, HUE.straw, 0.4), random),
    },
    random,
  );
}

interface EarSpec {
  readonly pairs: number;
  readonly grain: number;
  readonly plump: number;
  readonly awn: number;
  readonly tone: Colour;
  readonly lean: number;
}

function growEar(line: readonly Point[], spec: EarSpec, random: Random): Mark[] {
  const marks: Mark[] = [];
  const grains: Mark[] = [];
  for (let pair = spec.pairs - 1; pair >= 0; pair -= 1) {
    const t = (pair + 0.3) / spec.pairs;
    const { point, heading } = along(line, t);
    for (const side of [-1, 1] as const) {
      const foot = aside(point, heading, side * spec.grain * 0.1);
      const way = heading + side * spec.lean;
      const tone = vary(spec.tone, random);
      const tip = step(foot, way, spec.grain);
      if (spec.awn > 0)
        marks.push(
          strand(
            walk(tip, way - side * spec.lean * 0.4, spec.awn * random.between(0.8, 1.1) * mix(1, 0.72, t), {
              bend: side * random.between(-0.02, 0.16),
              steps: 9,
            }),
            2.6,
            0.9,
            shade(tone, 0.05),
            'hair',
          ),
        );
      grains.push(
        growBody(
          {
            base: foot,
            heading: way,
            length: spec.grain,
            width: spec.grain * spec.plump,
            shape: profile(0.5, 0.62),
            ribs: 3,
            colour: shade(tone, -0.06),
            tip: shade(tone, 0.05),
          },
          random,
        ),
      );
      grains.push(
        growLeaf(
          {
            base: aside(foot, heading, side * 2),
            heading: way + side * 0.18,
            length: spec.grain * 0.7,
            width: spec.grain * spec.plump * 0.5,
            shape: profile(0.5, 0.7),
            venation: 'midrib',
            colour: shade(tone, -0.02),
            tip: tone,
            material: 'seed',
            samples: 8,
          },
          random,
        ),
      );
    }
    grains.push(
      growBody(
        {
          base: point,
          heading,
          length: spec.grain * 0.9,
          width: spec.grain * spec.plump * 0.9,
          shape: profile(0.5, 0.62),
          ribs: 2,
          colour: shade(spec.tone, -0.03),
          tip: shade(spec.tone, 0.06),
        },
        random,
      ),
    );
  }
  return [...marks, ...grains];
}

export const growWheat: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const culms = [
    {
      x: -30,
      heading: -0.17,
      length: 760,
      bend: -0.2,
      spec: { pairs: 11, grain: 92, plump: 0.36, awn: 400, tone: HUE.straw, lean: 0.34 },
    },
    {
      x: 34,
      heading: 0.15,
      length: 700,
      bend: 0.34,
      spec: { pairs: 12, grain: 88, plump: 0.4, awn: 0, tone: shade(HUE.amber, -0.04, -0.05), lean: 0.42 },
    },
    {
      x: 0,
      heading: 0,
      length: 900,
      bend: 0.1,
      spec: { pairs: 13, grain: 82, plump: 0.3, awn: 330, tone: shade(HUE.tan, 0.03), lean: 0.24 },
    },
  ];
  const tone = mixColour(GREEN.moss, HUE.straw, 0.45);
  for (const [heading, length, bend] of [
    [-0.5, 520, -1.1],
    [0.55, 540, 1.2],
    [-0.28, 620, -1.5],
  ] as const)
    marks.push(growGrassLeaf({ x: heading * 40, y: 0 }, heading, length, 28, bend, tone, random));
  for (const { x, heading, length, bend, spec } of culms) {
    const line = walk({ x, y: 0 }, heading, length, { bend, late: 1.8, steps: 26 });
    for (const [t, side] of [
      [0.3, 1],
      [0.56, -1],
    ] as const) {
      const place = along(line, t);
      marks.push(
        growGrassLeaf(
          place.point,
          place.heading + side * 0.34,
          random.between(280, 360),
          22,
          side * random.between(0.7, 1.5),
          tone,
          random,
        ),
      );
    }
    marks.push(strand(line, 11, 7, mixColour(tone, HUE.straw, 0.4)));
    for (const t of [0.3, 0.56]) {
      const place = along(line, t);
      marks.push(
        growBody(
          {
            base: step(place.point, place.heading, -9),
            heading: place.heading,
            length: 18,
            width: 13,
            shape: profile(0.4, 0.4),
            colour: HUE.tan,
            material: 'stem',
          },
          random,
        ),
      );
    }
    const end = tipOf(line);
    const ear = walk(end.point, end.heading, spec.pairs * spec.grain * 0.38, { bend: bend * 0.8, steps: 18 });
    marks.push(strand(ear, 4.6, 3, HUE.tan), ...growEar(ear, spec, random));
  }
  marks.push(...growRoots({ x: 0, y: 0 }, Math.PI, 16, 170, 2.4, HUE.tan, random));
  return marks;
};

function growBrizaSpikelet(base: Point, heading: number, size: number, tone: Colour, random: Random): Mark[] {
  const marks: Mark[] = [];
  const rows = 5;
  for (let row = rows - 1; row >= 0; row -= 1) {
    const t = row / rows;
    for (const side of [-1, 1] as const) {
      const foot = step(base, heading, t * size * 0.82);
      const width = size * mix(0.5, 0.24, t);
      marks.push(
        growBody(
          {
            base: foot,
            heading: heading + side * mix(0.95, 0.5, t),
            length: width * 1.02,
            width: width * 0.74,
            shape: profile(0.55, 0.44),
            ribs: 2,
            colour: vary(shade(tone, -0.05), random),
            tip: vary(shade(tone, 0.06), random),
          },
          random,
        ),
      );
    }
  }
  return marks;
}

export const growQuakingGrass: GrowPlant = (random) => {
  const marks: Mark[] = [];
  const spikelets: Mark[] = [];
  const tone = mixColour(GREEN.moss, HUE.mauve, 0.34);
  const culm = (x: number, heading: number, height: number, bend: number): void => {
    const line = walk({ x, y: 0 }, heading, height, { bend, late: 1.3, steps: 30 });
    for (const [t, side] of [
      [0.12, 1],
      [0.3, -1],
    ] as const) {
      const place = along(line, t);
      marks.push(
        growGrassLeaf(
          place.point,
          place.heading + side * 0.3,
          random.between(210, 300),
          12,
          side * random.between(0.3, 1),
          GREEN.sage,
          random,
        ),
      );
    }
    marks.push(strand(line, 5, 1.8, GREEN.sage));
    const whorls = 8;
    for (let whorl = 0; whorl < whorls; whorl += 1) {
      const t = mix(0.5, 0.985, (whorl / (whorls - 1)) ** 0.85);
      const { point, heading: way } = along(line, t);
      for (const side of [-1, 1] as const) {
        const reach = height * mix(0.2, 0.04, whorl / (whorls - 1)) * random.between(0.8, 1.15);
        const ray = walk(point, way + side * random.between(0.55, 0.95), reach, {
          bend: side * 0.6,
          wobble: 0.12,
          random,
          steps: 12,
        });
        marks.push(strand(ray, 2, 1.2, GREEN.sage));
        const forks = whorl < 3 ? 3 : whorl < 6 ? 2 : 1;
        for (let fork = 0; fork < forks; fork += 1) {
          const place = along(ray, mix(0.5, 1, forks === 1 ? 1 : fork / (forks - 1)));
          const lean = fork % 2 === 0 ? side : -side;
          const thread = walk(
            place.point,
            place.heading + lean * random.between(0.2, 0.7),
            height * random.between(0.05, 0.105),
            { bend: lean * random.between(0.6, 1.6), steps: 8 },
          );
          marks.push(strand(thread, 1.4, 1, GREEN.sage));
          const end = tipOf(thread);
          spikelets.push(
            ...growBrizaSpikelet(
              end.point,
              end.heading + lean * 0.3,
              random.between(46, 60),
              vary(tone, random),
              random,
            ),
          );
        }
      }
    }
  };
  culm(-20, -0.24, 900, -0.12);
  culm(24, 0.24, 860, 0.22);
  culm(0, 0, 1080, 0.08);
  for (const [heading, length, bend] of [
    [-0.7, 330, -0.7],
    [0.7, 300, 0.9],
    [-0.4, 380, -0.3],
    [0.45, 350, 0.2],
    [0.1, 310, 0.5],
  ] as const)
    marks.push(growGrassLeaf({ x: heading * 30, y: 0 }, heading, length, 12, bend, GREEN.sage, random));
  marks.push(...growRoots({ x: 0, y: 0 }, Math.PI, 16, 140, 2, HUE.tan, random));
  return [...marks, ...spikelets];
};
