import { colour, hex, type Colour } from './colour.ts';
import { oval, type Frame } from './geometry.ts';
import type { Random } from './random.ts';
import { fillPath, smoothPath } from './svg.ts';

export type MicrographName =
  'spiny-pollen' | 'mixed-pollen' | 'ring-stem' | 'scattered-stem' | 'diatoms' | 'cleared-leaf';

export function micrographGround(subject: MicrographName): Colour {
  return subject === 'diatoms' || subject.endsWith('pollen') ? colour(0.16, 0.02, 250) : colour(0.94, 0.012, 95);
}

export function micrographScale(subject: MicrographName): string {
  return subject.endsWith('pollen') ? '50 µm' : '500 µm';
}

export function drawMicrograph(subject: MicrographName, frame: Frame, random: Random): string {
  const centre = { x: frame.width / 2, y: frame.height / 2 };
  return fillPath(
    smoothPath(oval(centre, 600, 600), true),
    hex(colour(0.6, 0.1, subject.length * random.between(10, 20))),
  );
}
