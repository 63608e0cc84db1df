import { describe, expect, it } from '@jest/globals';
import { tileRatio } from './tile-shape.ts';

describe('tileRatio', () => {
  it('is the true ratio of a usual picture', () => {
    expect(tileRatio({ widthPx: 1600, heightPx: 1200 })).toBeCloseTo(4 / 3);
    expect(tileRatio({ widthPx: 1000, heightPx: 1500 })).toBeCloseTo(2 / 3);
  });

  it('bounds slivers, and guesses what is not known', () => {
    expect(tileRatio({ widthPx: 10_000, heightPx: 10 })).toBe(2.8);
    expect(tileRatio({ widthPx: 10, heightPx: 10_000 })).toBe(0.5);
    expect(tileRatio(null)).toBeCloseTo(4 / 3);
    expect(tileRatio(null, true)).toBe(1);
    expect(tileRatio({ widthPx: 0, heightPx: 0 })).toBeCloseTo(4 / 3);
  });
});
