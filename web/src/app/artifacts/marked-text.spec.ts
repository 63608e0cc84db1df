import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutAtMatches } from './marked-text.ts';

it('cuts a text at its matches', () => {
  const parts = cutAtMatches('A dog rose, a rose', [
    { start: 6, end: 10 },
    { start: 14, end: 18 },
  ]);
  expect(parts.map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join('')).toBe('A dog [rose], a [rose]');
});

it('loses nothing of the text, whatever the ranges are', () => {
  const ranges = fc.array(fc.record({ start: fc.integer(), end: fc.integer() }));
  fc.assert(
    fc.property(fc.string(), ranges, (text, ranges) => {
      expect(
        cutAtMatches(text, ranges)
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
    }),
  );
});
