import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-code.ts';

describe('recovery codes', () => {
  it('are ten, each another one, of 80 random bits', () => {
    const codes = [...makeRecoveryCodes(), ...makeRecoveryCodes()];
    expect(codes).toHaveLength(20);
    expect(new Set(codes).size).toBe(20);
    for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
  });

  it('are known however they are typed', () => {
    const [code = ''] = makeRecoveryCodes();
    const hash = hashRecoveryCode(code);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const bare = code.replaceAll('-', '');
    for (const typed of [code.toUpperCase(), bare, ` ${bare.slice(0, 8)} ${bare.slice(8)}\n`]) {
      expect(hashRecoveryCode(typed)).toBe(hash);
    }
    expect(hashRecoveryCode('o0il-1111-0000-1111')).toBe(hashRecoveryCode('0011-1111-0000-1111'));
    expect(hashRecoveryCode('0000-1111-0000-1112')).not.toBe(hashRecoveryCode('0000-1111-0000-1111'));
  });

  it('are nothing else', () => {
    for (const text of ['', '123456', 'u'.repeat(16), '0'.repeat(15), '0'.repeat(17)]) {
      expect(hashRecoveryCode(text)).toBeNull();
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const hash = hashRecoveryCode(text);
        if (hash !== null) expect(text.replaceAll(/[\s-]/g, '')).toMatch(/^[0-9a-tv-z]{16}$/i);
      }),
    );
  });
});
