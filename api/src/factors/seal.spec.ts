import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seal, unseal } from './seal.ts';

const key = Buffer.alloc(32, 7);
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

describe('what was sealed', () => {
  it('opens by the same key and context, and by no other', () => {
    fc.assert(
      fc.property(bytes, fc.string(), fc.string(), (plain, context, other) => {
        const sealed = seal(key, context, plain);
        expect(unseal(key, context, sealed)).toEqual(plain);
        expect(unseal(randomBytes(32), context, sealed)).toBeNull();
        if (other !== context) expect(unseal(key, other, sealed)).toBeNull();
      }),
    );
  });

  it('is another text each time, and shows nothing of what is in it', () => {
    const plain = Buffer.from('the secret of an authenticator app');
    const sealed = [seal(key, 'c', plain), seal(key, 'c', plain)];
    expect(sealed[0]).not.toEqual(sealed[1]);
    for (const one of sealed) expect(one.includes(plain.subarray(0, 8))).toBe(false);
  });

  it('does not open once any of its bits is another, or when it is cut', () => {
    const sealed = seal(key, 'c', Buffer.from('plain'));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const tampered = Buffer.from(sealed);
      tampered.writeUInt8(tampered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(unseal(key, 'c', tampered)).toBeNull();
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(unseal(key, 'c', sealed.subarray(0, length))).toBeNull();
    }
  });
});
