import { describe, expect, it } from '@jest/globals';
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, backoffMs } from './backoff.ts';

describe('backoffMs', () => {
  it('doubles from attempt to attempt', () => {
    expect([0, 1, 2].map((attempt) => backoffMs(attempt, 1))).toEqual([
      BACKOFF_FIRST_MS,
      BACKOFF_FIRST_MS * 2,
      BACKOFF_FIRST_MS * 4,
    ]);
  });

  it('leaves a half to chance', () => {
    expect(backoffMs(3, 0)).toBe(backoffMs(3, 1) / 2);
  });

  it('is bounded, also after days', () => {
    expect(backoffMs(10_000, 1)).toBe(BACKOFF_MAX_MS);
  });
});
