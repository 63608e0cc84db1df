import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAddressSigner } from './address-signer.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const key = Buffer.alloc(32, 1);
const path = fc
  .tuple(fc.uuid(), fc.stringMatching(/^[0-9a-f]{32}$/))
  .map(([id, hash]) => `/assets/${id}/${hash}-320.webp`);
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });

function parse(address: string): { path: string; expires: number; signature: string } {
  const url = new URL(address, 'http://localhost');
  return {
    path: url.pathname,
    expires: Number(url.searchParams.get('expires')),
    signature: url.searchParams.get('signature') ?? '',
  };
}

describe('a signed address', () => {
  it('is good for one to two days, and not a moment longer', () => {
    fc.assert(
      fc.property(path, time, (signed, signedAt) => {
        let now = signedAt;
        const signer = createAddressSigner(key, () => now);
        const { expires, signature } = parse(signer.sign(signed));
        const verify = () => signer.verify(signed, { expires, signature });
        expect(verify()).toBe(true);
        now = signedAt + DAY_MS;
        expect(verify()).toBe(true);
        now = expires * 1000 - 1;
        expect(verify()).toBe(true);
        now = expires * 1000;
        expect(verify()).toBe(false);
        expect(expires * 1000).toBeLessThanOrEqual(signedAt + 2 * DAY_MS);
      }),
    );
  });

  it('stays the same for a whole day', () => {
    fc.assert(
      fc.property(path, time, fc.integer({ min: 0, max: DAY_MS - 1 }), (signed, signedAt, later) => {
        const day = Math.floor(signedAt / DAY_MS) * DAY_MS;
        const sign = (now: number) => createAddressSigner(key, () => now).sign(signed);
        expect(sign(day + later)).toBe(sign(day));
        expect(sign(day + DAY_MS)).not.toBe(sign(day));
      }),
    );
  });

  it('is refused when anything of it is another', () => {
    const signer = createAddressSigner(key, () => 1_000_000_000_000);
    fc.assert(
      fc.property(path, fc.integer({ min: 1, max: 2 ** 32 }), fc.nat(), fc.string(), (signed, more, at, text) => {
        const { expires, signature } = parse(signer.sign(signed));
        const index = at % signature.length;
        const tampered = `${signature.slice(0, index)}${text}${signature.slice(index + 1)}`;
        fc.pre(tampered !== signature);
        expect(signer.verify(signed.replace('-320', '-640'), { expires, signature })).toBe(false);
        expect(signer.verify(`${signed}${text}x`, { expires, signature })).toBe(false);
        expect(signer.verify(signed, { expires: expires + more, signature })).toBe(false);
        expect(signer.verify(signed, { expires, signature: tampered })).toBe(false);
        expect(signer.verify(signed, { expires, signature: `${signature}=` })).toBe(false);
        expect(createAddressSigner(Buffer.alloc(32, 2), () => 0).verify(signed, { expires, signature })).toBe(false);
      }),
    );
  });
});
