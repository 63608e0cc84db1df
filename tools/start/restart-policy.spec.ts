import { describe, expect, it } from '@jest/globals';
import { planRestart } from './restart-policy.ts';

describe('planRestart', () => {
  it('waits half a second first, twice as long each time, and ten seconds at the most', () => {
    const delays = Array.from({ length: 7 }, (_, index) => {
      const deathsMs = Array.from({ length: index + 1 }, () => 1_000);
      const plan = planRestart(deathsMs, 1_000);
      return plan === 'give-up' ? plan : plan.delayMs;
    });
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('gives up at the eleventh death within five minutes', () => {
    const deathsMs = Array.from({ length: 11 }, (_, index) => index * 20_000);
    expect(planRestart(deathsMs.slice(0, 10), 180_000)).toEqual({ delayMs: 10_000 });
    expect(planRestart(deathsMs, 200_000)).toBe('give-up');
  });

  it('forgets deaths that are longer ago', () => {
    const deathsMs = [...Array.from({ length: 30 }, () => 0), 400_000];
    expect(planRestart(deathsMs, 400_000)).toEqual({ delayMs: 500 });
  });
});
