import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { drawPlate, sheetSize, type Plate } from './plates.ts';
import { renderPlate } from './render.ts';
import type { SurveyedPlate } from './survey-demo.ts';

/** One light plant, for what does not depend on the plant. */
function irisPlate(seed: string): Plate {
  return {
    seed,
    technique: 'watercolour',
    subject: 'iris',
    sheet: 'tall',
    paper: 'cream',
    label: { house: 'House', title: 'Iris', latin: 'Iris germanica', lines: ['June'], number: '1' },
  };
}

function meanDifference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, grey, index) => sum + Math.abs(grey - (b[index] ?? 0)), 0) / a.length;
}

describe('drawPlate', () => {
  it('gives the same SVG for the same plate', () => {
    expect(drawPlate(irisPlate('one'))).toBe(drawPlate(irisPlate('one')));
  });

  it('gives another SVG for another seed', () => {
    expect(drawPlate(irisPlate('one'))).not.toBe(drawPlate(irisPlate('two')));
  });
});

describe('the plates of the demo', () => {
  let plates: readonly SurveyedPlate[] = [];

  const seedsOf = (chosen: readonly SurveyedPlate[]): string[] => chosen.map(({ seed }) => seed);

  beforeAll(async () => {
    const program = fileURLToPath(new URL('./survey-demo.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program], { maxBuffer: 16 * 1024 * 1024 });
    plates = JSON.parse(stdout) as SurveyedPlate[];
  }, 180_000);

  it('are at least 48', () => {
    expect(plates.length).toBeGreaterThanOrEqual(48);
  });

  it('need no font, no picture from elsewhere and no script', () => {
    expect(seedsOf(plates.filter(({ needy }) => needy))).toEqual([]);
  });

  it('hold only numbers that a renderer can read', () => {
    expect(seedsOf(plates.filter(({ unreadable }) => unreadable))).toEqual([]);
  });

  it('take at most 2 MiB each', () => {
    expect(seedsOf(plates.filter(({ svgBytes }) => svgBytes > 2 * 1024 * 1024))).toEqual([]);
  });

  it('all look different', () => {
    const alike = plates.flatMap((one, index) =>
      plates
        .slice(index + 1)
        .filter((other) => meanDifference(one.greys, other.greys) < 1.5)
        .map((other) => `${one.seed} and ${other.seed}`),
    );
    expect(alike).toEqual([]);
    expect(new Set(plates.map(({ sha256 }) => sha256)).size).toBe(plates.length);
  });
});

describe('renderPlate', () => {
  beforeAll(() => {
    // Drawing reads SVG of its own. The gardener's decoder switches that off for its process, which a spec of it may share.
    sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
  });

  it('gives a JPEG of 1600 px on the long side, standing, lying and square', async () => {
    for (const sheet of ['tall', 'landscape', 'square'] as const) {
      const rendered = await renderPlate({ ...irisPlate('sheet'), sheet });
      const { format, width, height } = await sharp(rendered.bytes).metadata();
      expect({ format, width, height }).toEqual({ format: 'jpeg', ...sheetSize(sheet) });
      expect({ width: rendered.widthPx, height: rendered.heightPx }).toEqual(sheetSize(sheet));
    }
  }, 120_000);

  it('gives the same bytes for the same plate', async () => {
    const [one, two] = [await renderPlate(irisPlate('one')), await renderPlate(irisPlate('one'))];
    expect(one.bytes.equals(two.bytes)).toBe(true);
  }, 120_000);
});

describe('sheetSize', () => {
  it('is 1600 px on the long side of every sheet', () => {
    for (const sheet of ['portrait', 'tall', 'landscape', 'wide', 'square'] as const) {
      const { width, height } = sheetSize(sheet);
      expect(Math.max(width, height)).toBe(1600);
    }
  });
});
