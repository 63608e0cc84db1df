import { describe, expect, it } from '@jest/globals';
import { ACCESSES } from '@hortus/contracts/endpoint';
import { otherAccesses, scoreLine, scoreOf } from './mutation-score.ts';

describe('the score of isolation', () => {
  const fates = [
    { kind: 'policy', name: 'a', killedBy: 'a test' },
    { kind: 'policy', name: 'b', killedBy: null },
    { kind: 'grant', name: 'c', killedBy: 'a test' },
  ];

  it('counts what was noticed, by kind, and names what was not', () => {
    const score = scoreOf(fates);
    expect(score).toEqual({
      mutants: 3,
      killed: 2,
      byKind: { policy: { mutants: 2, killed: 1 }, grant: { mutants: 1, killed: 1 } },
      survivors: ['policy: b'],
    });
    expect(scoreLine(score)).toBe('isolation: 2 of 3 mutants killed');
  });

  it('has mutants of every access, and none that asks for the same', () => {
    for (const access of ACCESSES) {
      expect(otherAccesses(access)).not.toContain(access);
      expect(otherAccesses(access).length).toBeGreaterThanOrEqual(4);
    }
    expect(otherAccesses('signed')).not.toContain('public');
  });
});
