import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '@hortus/contracts/artifact';
import { gardenProgress, savedPercent, variantRows } from './variant-table.ts';

const manifest: Manifest = {
  artifactId: 'a',
  version: 1,
  status: 'gardening',
  failure: null,
  widthPx: 700,
  heightPx: 700,
  originalSizeBytes: 1000,
  placeholder: null,
  variants: [
    { format: 'webp', widthPx: 640, heightPx: 640, sizeBytes: 300, quality: 80, score: 71, url: '/b' },
    { format: 'webp', widthPx: 320, heightPx: 320, sizeBytes: 100, quality: 80, score: 71, url: '/a' },
  ],
  srcsets: {},
  dropped: [{ format: 'avif', widthPx: 320, sizeBytes: 120, reason: 'WebP is smaller' }],
  expected: 4,
  runUrl: null,
};

describe('variantRows', () => {
  it('has a row for each width, in order, and says what is made, dropped and awaited', () => {
    expect(variantRows(manifest)).toEqual([
      {
        widthPx: 320,
        cells: {
          webp: { state: 'made', sizeBytes: 100, url: '/a' },
          avif: { state: 'dropped', sizeBytes: 120, reason: 'WebP is smaller' },
        },
      },
      { widthPx: 640, cells: { webp: { state: 'made', sizeBytes: 300, url: '/b' }, avif: { state: 'awaited' } } },
    ]);
  });

  it('awaits nothing once the gardener is done', () => {
    const [, second] = variantRows({ ...manifest, status: 'ready' });
    expect(second?.cells.avif).toEqual({ state: 'absent' });
  });
});

describe('gardenProgress', () => {
  it('counts what was dropped as done', () => {
    expect(gardenProgress(manifest)).toEqual({ done: 3, total: 4 });
  });
});

describe('savedPercent', () => {
  it('is a whole percent below the original, never a claimed 100', () => {
    expect(savedPercent(1000, 120)).toBe(88);
    expect(savedPercent(1_000_000, 1)).toBe(99);
  });

  it('is nothing where nothing is saved', () => {
    expect(savedPercent(1000, 1000)).toBeNull();
    expect(savedPercent(0, 0)).toBeNull();
  });
});
