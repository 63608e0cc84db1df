import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findTotpStep, makeTotpSecret } from './totp.ts';

/** RFC 4226, appendix D: the codes of the first ten steps of this secret. */
const SECRET = Buffer.from('12345678901234567890');
const CODES = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];
const STEP_MS = 30_000;

describe('a code of an authenticator app', () => {
  it('is known at its step, the one before and the one after, and at no other', () => {
    CODES.forEach((code, step) => {
      for (let at = 1; at < CODES.length + 4; at += 1) {
        const isNear = Math.abs(at - step) <= 1;
        for (const nowMs of [at * STEP_MS, (at + 1) * STEP_MS - 1]) {
          expect([code, at, findTotpStep(SECRET, code, nowMs)]).toEqual([code, at, isNear ? step : null]);
        }
      }
    });
  });

  it('is six digits of that secret and nothing else', () => {
    const others = fc.oneof(
      fc.string(),
      fc.integer({ min: 0, max: 999_999 }).map((number) => String(number).padStart(6, '0')),
    );
    fc.assert(
      fc.property(others, (text) => {
        const near = CODES.slice(4, 7);
        expect(findTotpStep(SECRET, text, 5 * STEP_MS) !== null).toBe(near.includes(text));
      }),
    );
    expect(findTotpStep(Buffer.alloc(20), CODES[5] ?? '', 5 * STEP_MS)).toBeNull();
  });
});

describe('a new secret', () => {
  it('is of 160 bits, and written for typing and for scanning', () => {
    const { bytes, text, uri } = makeTotpSecret('ada+x@acme.test');
    expect(bytes).toHaveLength(20);
    expect(text).toMatch(/^[A-Z2-7]{32}$/);
    const address = new URL(uri);
    expect([address.protocol, address.host, decodeURIComponent(address.pathname)]).toEqual([
      'otpauth:',
      'totp',
      '/Hortus:ada+x@acme.test',
    ]);
    expect(Object.fromEntries(address.searchParams)).toEqual({
      issuer: 'Hortus',
      secret: text,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    expect(makeTotpSecret('ada@acme.test').text).not.toBe(text);
  });
});
