import { describe, expect, it } from '@jest/globals';
import { prepareReference, scoreSimilarity, type RgbPixels } from './similarity.ts';

/** Soft waves with an edge, of any size: the same on every machine, without a codec. */
function waves(widthPx: number, heightPx: number): RgbPixels {
  const data = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const value = 128 + 60 * Math.sin(x / 9) * Math.cos(y / 13) + (x > y ? 30 : -30) + ((x * 7 + y * 13) % 5);
      data.set([value, value * 0.8 + 20, 255 - value], (y * widthPx + x) * 3);
    }
  }
  return { data, widthPx, heightPx };
}

function change(pixels: RgbPixels, each: (value: number, index: number) => number): RgbPixels {
  return { ...pixels, data: Uint8Array.from(pixels.data, each) };
}

const posterise = (mask: number) => (pixels: RgbPixels) => change(pixels, (value) => value & mask);
const speckle = (by: number) => (pixels: RgbPixels) =>
  change(pixels, (value, index) => Math.min(255, Math.max(0, value + (Math.floor(index / 3) % 7 === 0 ? by : 0))));
const tint = (pixels: RgbPixels) =>
  change(pixels, (value, index) => (index % 3 === 2 ? Math.max(0, value - 12) : value));

describe('the score of similarity', () => {
  it('is 100 for the same pixels', () => {
    const pixels = waves(120, 90);
    expect(scoreSimilarity(prepareReference(pixels), pixels)).toBe(100);
  });

  it.each([
    ['fewer tones', posterise(0xf8), 88.8],
    ['far fewer tones', posterise(0xe0), 22.58],
    ['light specks', speckle(6), 89.17],
    ['heavy specks', speckle(24), 54.65],
    ['a tint', tint, 87.12],
  ])('is what ssimulacra2_rs 0.5.2 says of %s, to a point', (_, distort, judged) => {
    const pixels = waves(400, 300);
    expect(Math.abs(scoreSimilarity(prepareReference(pixels), distort(pixels)) - judged)).toBeLessThan(1);
  });

  it('is 100 for the same pixels of a picture that is looked at in bands', () => {
    const pixels = waves(1100, 500);
    expect(scoreSimilarity(prepareReference(pixels), pixels)).toBe(100);
  });

  it('is given for sizes that no level but the first fits in, and refuses pictures of another size', () => {
    const small = waves(9, 8);
    expect(scoreSimilarity(prepareReference(small), posterise(0xe0)(small))).toBeLessThan(100);
    expect(() => scoreSimilarity(prepareReference(small), waves(30, 30))).toThrow(/different sizes/);
  });
});
