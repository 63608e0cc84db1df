/**
 * A program for the specs: draws every plate of the demo and prints what can be said about each as JSON. It runs outside
 * Jest, in whose realm each look at a global such as `Math` costs so much that the same drawing takes twenty times as long.
 */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { DEMO_WORKSPACES } from '../demo-artifacts.ts';
import { drawPlate } from './plates.ts';

export interface SurveyedPlate {
  readonly seed: string;
  readonly svgBytes: number;
  readonly sha256: string;
  /** Numbers that no renderer can read. */
  readonly unreadable: boolean;
  /** A font, a picture from elsewhere, a script. */
  readonly needy: boolean;
  /** 16 × 16 greys, 0…255, from a rendering at a tenth of the size. */
  readonly greys: readonly number[];
}

async function surveyDemo(): Promise<SurveyedPlate[]> {
  const surveyed: SurveyedPlate[] = [];
  for (const { artifacts } of DEMO_WORKSPACES) {
    for (const artifact of artifacts) {
      if (!('plate' in artifact)) continue;
      const svg = drawPlate(artifact.plate);
      const greys = await sharp(Buffer.from(svg), { unlimited: true, density: 7.2 })
        .flatten({ background: '#ffffff' })
        .resize(16, 16, { fit: 'fill' })
        .greyscale()
        .raw()
        .toBuffer();
      surveyed.push({
        seed: artifact.plate.seed,
        svgBytes: Buffer.byteLength(svg),
        sha256: createHash('sha256').update(svg).digest('hex'),
        unreadable: /NaN|Infinity|undefined/.test(svg),
        needy: /<(text|image|script|foreignObject)\b|href="(?!#)/.test(svg),
        greys: [...greys],
      });
    }
  }
  return surveyed;
}

process.stdout.write(JSON.stringify(await surveyDemo()));
