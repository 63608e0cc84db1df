import { describe, expect, it } from '@jest/globals';
import { TOKEN_MARGIN_MS, renewAtMs } from './access-token.ts';

function token(payload: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const base64url = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
  return `e30.${base64url}.c2ln`;
}

describe('renewAtMs', () => {
  it('counts the lifetime from the receipt, whatever the clock of the server says', () => {
    expect(renewAtMs(token({ iat: 1000, exp: 1600, name: 'Zoë ÿ' }), 5000)).toBe(5000 + 600_000 - TOKEN_MARGIN_MS);
  });

  it('leaves a token that it cannot read to the judgement of the api', () => {
    expect(renewAtMs('opaque', 0)).toBe(Infinity);
    expect(renewAtMs('a.%%%.c', 0)).toBe(Infinity);
    expect(renewAtMs(token({ exp: 1600 }), 0)).toBe(Infinity);
  });
});
