import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TOLERANCE, TRIES_MAX, searchQuality, type Search } from './search-quality.ts';

const SEARCH: Search = { target: 70, start: 75, min: 30, max: 95, slope: 0.5 };

/** Encodes by a curve: score by quality, which bends as real ones do. */
function run(scoreOf: (quality: number) => number, search: Search = SEARCH) {
  return searchQuality(search, (quality) =>
    Promise.resolve({ quality, score: scoreOf(quality), sizeBytes: quality * 100, encoded: quality }),
  );
}

const curve = fc
  .record({ height: fc.integer({ min: 40, max: 95 }), slope: fc.double({ min: 0.25, max: 1.4, noNaN: true }) })
  .map(
    ({ height, slope }) =>
      (quality: number) =>
        height + slope * (quality - 75) - ((quality - 75) / 15) ** 2,
  );

describe('the search for a quality', () => {
  it('ends at the first try that is near enough', async () => {
    const { tries, best } = await run(() => 70.4);
    expect(tries).toHaveLength(1);
    expect(best.encoded).toBe(75);
  });

  it('reaches the target by the lowest quality that it has tried, wherever the target can be reached', async () => {
    await fc.assert(
      fc.asyncProperty(curve, fc.integer({ min: 30, max: 95 }), async (scoreOf, start) => {
        const { tries, best } = await run(scoreOf, { ...SEARCH, start });
        const reaching = tries.filter(({ score }) => score >= SEARCH.target).map(({ quality }) => quality);
        if (reaching.length > 0) expect(best.encoded).toBe(Math.min(...reaching));
        else if (tries.length < TRIES_MAX) expect(scoreOf(SEARCH.max)).toBeLessThan(SEARCH.target);
        expect(tries.length).toBeLessThanOrEqual(TRIES_MAX);
        expect(new Set(tries.map(({ quality }) => quality)).size).toBe(tries.length);
      }),
    );
  });

  it('needs no more than two and a half tries on the average, from a start that is six points off', async () => {
    const counts: number[] = [];
    for (const slope of [0.3, 0.45, 0.6, 0.9]) {
      for (let needed = 50; needed <= 90; needed += 2) {
        const scoreOf = (quality: number) => 70.5 + slope * (quality - needed);
        counts.push((await run(scoreOf, { ...SEARCH, start: needed + 6 })).tries.length);
        counts.push((await run(scoreOf, { ...SEARCH, start: needed - 6 })).tries.length);
      }
    }
    expect(counts.reduce((sum, count) => sum + count, 0) / counts.length).toBeLessThan(2.5);
  });

  it('stays within the tolerance where a quality within it exists and a step of quality is small', async () => {
    for (let needed = 45; needed <= 85; needed += 1) {
      const { best } = await run((quality) => 70 + 0.5 * (quality - needed));
      expect(best.score).toBeGreaterThanOrEqual(70);
      expect(best.score).toBeLessThanOrEqual(70 + TOLERANCE);
    }
  });

  it('takes the highest quality there is where the target can not be reached', async () => {
    const { best } = await run((quality) => quality / 2);
    expect(best.encoded).toBe(SEARCH.max);
  });
});
