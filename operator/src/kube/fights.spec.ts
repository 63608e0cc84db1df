import { describe, expect, it } from '@jest/globals';
import { Fights } from './fights.ts';

describe('a fight', () => {
  it('is told after many repairs in a short time, and is over when none were needed for a while', () => {
    let now = 0;
    const fights = new Fights({ strikesMax: 3, forgiveMs: 1000, now: () => now });
    expect([1, 2, 3, 4].map(() => fights.strike('a'))).toEqual([false, false, false, true]);
    expect([fights.pauseMs('a'), fights.pauseMs('b')]).toEqual([1000, 0]);
    now = 1000;
    expect(fights.pauseMs('a')).toBe(0);
    expect(fights.strike('a')).toBe(true);
    now = 10_000;
    expect(fights.strike('a')).toBe(false);
  });

  it('is not made of repairs that are far apart, however many', () => {
    let now = 0;
    const fights = new Fights({ strikesMax: 3, forgiveMs: 1000, now: () => now });
    for (let day = 0; day < 100; day += 1) {
      now += 86_400_000;
      expect(fights.strike('a')).toBe(false);
    }
  });

  it('is remembered of a bounded number of objects', () => {
    const fights = new Fights({ strikesMax: 0, objectsMax: 2 });
    for (const key of ['a', 'b', 'c']) fights.strike(key);
    expect(['a', 'b', 'c'].map((key) => fights.pauseMs(key) > 0)).toEqual([false, true, true]);
  });
});
