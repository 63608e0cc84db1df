import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDeeperThan } from './json-depth.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('the depth of a JSON text', () => {
  it('is that of the value that it says, whatever stands in its texts', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('[[[', '"{', '\\"[', '\\', '}]'));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'large' }, text, fc.integer(), fc.array(tie('value')), fc.dictionary(text, tie('value'))), // prettier-ignore
    }));
    fc.assert(
      fc.property(value, fc.boolean(), (sample, isSpaced) => {
        const json = Buffer.from(JSON.stringify(sample, null, isSpaced ? 2 : 0));
        const depth = depthOf(sample);
        expect(isDeeperThan(depth, json)).toBe(false);
        if (depth > 0) expect(isDeeperThan(depth - 1, json)).toBe(true);
      }),
    );
  });

  it('is found out at the first bracket that is too many', () => {
    expect(isDeeperThan(20, Buffer.from('['.repeat(500_000)))).toBe(true);
    expect(isDeeperThan(2, Buffer.from('[]'.repeat(3)))).toBe(false);
  });
});
