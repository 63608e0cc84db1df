import { describe, expect, it } from '@jest/globals';
import { conditionOf, isTrue, withCondition, type Condition } from './conditions.ts';

const EARLY = new Date('2026-01-01T10:00:00.500Z');
const LATE = new Date('2026-01-01T11:00:00Z');
const first = {
  type: 'Ready',
  status: 'False',
  reason: 'Waiting',
  message: 'for the quota',
  observedGeneration: 1,
} as const;

describe('conditions', () => {
  const before = withCondition([], first, EARLY);

  it('say since when a thing is as it is, in whole seconds', () => {
    expect(before).toEqual([{ ...first, lastTransitionTime: '2026-01-01T10:00:00Z' }]);
    const again = withCondition(before, { ...first, reason: 'Other', observedGeneration: 2 }, LATE);
    expect(again).toEqual([
      { ...first, reason: 'Other', observedGeneration: 2, lastTransitionTime: '2026-01-01T10:00:00Z' },
    ]);
    const flipped = withCondition(again, { ...first, status: 'True' }, LATE);
    expect(conditionOf(flipped, 'Ready')?.lastTransitionTime).toBe('2026-01-01T11:00:00Z');
    expect([isTrue(flipped, 'Ready'), isTrue(before, 'Ready'), isTrue(undefined, 'Ready')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('are the very same list where nothing is new, so that nothing is written', () => {
    expect(withCondition(before, { ...first }, LATE)).toBe(before);
  });

  it('keep their order and each other', () => {
    const other: Condition = { ...first, type: 'Other', lastTransitionTime: '2025-01-01T00:00:00Z' };
    const both = withCondition([other, ...before], { ...first, status: 'Unknown' }, LATE);
    expect(both.map(({ type }) => type)).toEqual(['Other', 'Ready']);
    expect(both[0]).toBe(other);
  });
});
