import { describe, expect, it } from '@jest/globals';
import { amountOf, canonicalQuantity } from './quantity.ts';

describe('a quantity', () => {
  it.each([
    ['4', '4'],
    [4, '4'],
    ['1000m', '1'],
    ['0.5', '500m'],
    ['1500m', '1500m'],
    ['4000', '4k'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['1000Mi', '1000Mi'],
    ['1e3', '1e3'],
    ['1e1', '10'],
    ['0', '0'],
    ['.5', '500m'],
    ['100M', '100M'],
    ['0.1Ki', '102400m'],
  ])('%s is kept by the API server as %s', (given, kept) => {
    expect(canonicalQuantity(given)).toBe(kept);
  });

  it('is counted in whole units', () => {
    expect(amountOf('10Gi')).toBe(10 * 1024 ** 3);
    expect(amountOf('1500m')).toBe(2);
    expect(amountOf('9E')).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('is not made of a word', () => {
    expect(() => canonicalQuantity('much')).toThrow(RangeError);
    expect(() => canonicalQuantity('')).toThrow(RangeError);
  });
});
