import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VARIANT_MAX_SIDE_PX, countVariants, heightAt, planVariants } from './plan.ts';

describe('planVariants', () => {
  it('gives a large picture every width in WebP and AVIF', () => {
    const plan = planVariants({ widthPx: 2725, heightPx: 2225, frames: 1 });
    expect(plan).toEqual({ formats: ['webp', 'avif'], widthsPx: [320, 640, 960, 1280, 1920, 2560], animated: false });
    expect(countVariants(plan)).toBe(12);
  });

  it('never goes above the width of the source', () => {
    expect(planVariants({ widthPx: 960, heightPx: 10, frames: 1 }).widthsPx).toEqual([320, 640, 960]);
    expect(planVariants({ widthPx: 959, heightPx: 10, frames: 1 }).widthsPx).toEqual([320, 640]);
  });

  it('gives a picture narrower than the smallest width its own width', () => {
    expect(planVariants({ widthPx: 1, heightPx: 1, frames: 1 }).widthsPx).toEqual([1]);
    expect(planVariants({ widthPx: 319, heightPx: 900, frames: 1 }).widthsPx).toEqual([319]);
    expect(planVariants({ widthPx: 320, heightPx: 900, frames: 1 }).widthsPx).toEqual([320]);
  });

  it('keeps an animation in WebP and leaves AVIF out', () => {
    const plan = planVariants({ widthPx: 700, heightPx: 500, frames: 12 });
    expect(plan).toEqual({ formats: ['webp'], widthsPx: [320, 640], animated: true });
    expect(countVariants(plan)).toBe(2);
  });

  it('leaves out a width that would be taller than a format allows, and shrinks a strip to what fits', () => {
    expect(planVariants({ widthPx: 1300, heightPx: 40_000, frames: 1 }).widthsPx).toEqual([320]);
    const strip = planVariants({ widthPx: 100, heightPx: 60_000, frames: 1 });
    expect(strip.widthsPx).toEqual([27]);
  });

  it('makes a plan that can be carried out for every picture', () => {
    const side = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(side, side, (widthPx, heightPx) => {
        const facts = { widthPx, heightPx, frames: 1 };
        const { widthsPx } = planVariants(facts);
        expect(widthsPx.length).toBeGreaterThan(0);
        expect([...new Set(widthsPx)].sort((a, b) => a - b)).toEqual(widthsPx);
        for (const one of widthsPx) {
          expect(one).toBeLessThanOrEqual(widthPx);
          if (one > 1) expect(heightAt(one, facts)).toBeLessThanOrEqual(VARIANT_MAX_SIDE_PX);
        }
      }),
    );
  });
});
