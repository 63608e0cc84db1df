import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRange } from './send-object.ts';

const size = fc.integer({ min: 1, max: 2 ** 40 });
const position = fc.nat({ max: 2 ** 41 });
const refused = expect.objectContaining({ code: 'RANGE_NOT_SATISFIABLE' }) as unknown as Error;

describe('a range', () => {
  it('from one byte to another is what lies in the file of it', () => {
    fc.assert(
      fc.property(size, position, position, (sizeBytes, a, b) => {
        const [first, last] = a <= b ? [a, b] : [b, a];
        const header = `bytes=${String(first)}-${String(last)}`;
        if (first >= sizeBytes) expect(() => readRange(header, sizeBytes)).toThrow(refused);
        else expect(readRange(header, sizeBytes)).toEqual({ start: first, end: Math.min(last, sizeBytes - 1) });
      }),
    );
  });

  it('from a byte on goes to the end', () => {
    fc.assert(
      fc.property(size, position, (sizeBytes, first) => {
        const header = `bytes=${String(first)}-`;
        if (first >= sizeBytes) expect(() => readRange(header, sizeBytes)).toThrow(refused);
        else expect(readRange(header, sizeBytes)).toEqual({ start: first, end: sizeBytes - 1 });
      }),
    );
  });

  it('of the last bytes is at most the whole', () => {
    fc.assert(
      fc.property(size, position, (sizeBytes, count) => {
        const header = `bytes=-${String(count)}`;
        if (count === 0) expect(() => readRange(header, sizeBytes)).toThrow(refused);
        else
          expect(readRange(header, sizeBytes)).toEqual({ start: Math.max(0, sizeBytes - count), end: sizeBytes - 1 });
      }),
    );
  });

  it('never leaves the file, whatever the header says', () => {
    const header = fc.oneof(
      fc.string(),
      fc.stringMatching(/^bytes=[0-9, -]{0,40}$/),
      fc.constantFrom('bytes=0-0,2-3', 'bytes=-', 'bytes=5-2', 'items=0-1', 'Bytes=0-1', 'bytes=0x1-2', 'bytes=1.5-2'),
    );
    fc.assert(
      fc.property(header, fc.integer({ min: 0, max: 100 }), (text, sizeBytes) => {
        let range;
        try {
          range = readRange(text, sizeBytes);
        } catch (error) {
          expect(error).toEqual(refused);
          return;
        }
        if (range === null) return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThan(sizeBytes);
      }),
      { numRuns: 500 },
    );
  });

  it.each([undefined, '', 'bytes=-', 'bytes=5-2', 'bytes=0-0,2-3', 'items=0-1', 'bytes=a-b', 'bytes = 0-1'])(
    'that is none (%s) is the whole file',
    (header) => {
      expect(readRange(header, 10)).toBeNull();
    },
  );
});
