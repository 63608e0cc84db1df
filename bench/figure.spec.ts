import { describe, expect, it } from '@jest/globals';
import { median, printTable } from './figure.ts';

describe('a bench', () => {
  it('takes the middle of odd and even counts', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('marks what was reached, missed and only printed', () => {
    const figure = { what: 'a', measured: '1 ms', against: '', bar: '≤ 2 ms' };
    const table = printTable('x', [
      { ...figure, isReached: true },
      { ...figure, isReached: false },
      { ...figure, isReached: null },
    ]);
    expect(
      table
        .split('\n')
        .slice(2)
        .map((line) => line[0]),
    ).toEqual(['✓', '✗', '·']);
  });
});
