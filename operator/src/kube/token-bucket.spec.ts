import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('lets a burst through at once, and then so many a second', () => {
    let now = 0;
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, () => now);
    expect([1, 2, 3, 4, 5].map(() => bucket.reserve())).toEqual([0, 0, 0, 100, 200]);
    now = 200;
    expect(bucket.tryTake()).toBe(false);
    now = 300;
    expect(bucket.tryTake()).toBe(true);
  });

  it('never lets more through than the burst and what came since', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }), (gapsMs) => {
        let now = 0;
        const bucket = new TokenBucket({ perSecond: 5, burst: 4 }, () => now);
        let taken = 0;
        for (const gapMs of gapsMs) {
          now += gapMs;
          if (bucket.tryTake()) taken += 1;
          expect(taken).toBeLessThanOrEqual(4 + (now / 1000) * 5 + 1e-6);
        }
      }),
    );
  });
});
