import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSealer } from './sealer.ts';

const sealer = createSealer(Buffer.alloc(32, 1));

describe('a sealed value', () => {
  it('is opened where it was sealed, and tells nothing before', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, place) => {
        const sealed = sealer.seal(value, place);
        expect(JSON.stringify(sealer.open(sealed, place))).toBe(JSON.stringify(value));
        expect(sealer.seal(value, place).equals(sealed)).toBe(false);
      }),
    );
    expect(sealer.seal({ token: 'hortus_secret' }, '').toString('latin1')).not.toContain('hortus_secret');
  });

  it('is refused elsewhere, with another key, and when a bit of it is another', () => {
    const sealed = sealer.seal({ a: 1 }, 'here');
    expect(() => sealer.open(sealed, 'there')).toThrow();
    expect(() => createSealer(Buffer.alloc(32, 2)).open(sealed, 'here')).toThrow();
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => sealer.open(changed, 'here')).toThrow();
    }
  });
});
