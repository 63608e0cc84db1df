import { describe, expect, it } from '@jest/globals';
import { formatBytes } from './byte-size.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [812, '812 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [34_140, '34.1 kB'],
    [340_800, '341 kB'],
    [999_600, '1 MB'],
    [2_600_000, '2.6 MB'],
    [104_857_600, '105 MB'],
    [5_000_000_000_000_000, '5,000 TB'],
  ])('writes %i as %s', (sizeBytes, text) => {
    expect(formatBytes(sizeBytes)).toBe(text.replace(' ', '\u00A0'));
  });
});
