import { hkdfSync } from 'node:crypto';

/** One key per purpose from the one secret, so that a signature made for one thing proves nothing elsewhere. */
export interface Keys {
  readonly accessToken: Buffer;
  readonly refreshToken: Buffer;
  readonly address: Buffer;
  readonly cursor: Buffer;
  /** For the secrets of authenticator apps in the database. */
  readonly factorSecret: Buffer;
  readonly challenge: Buffer;
  readonly answer: Buffer;
}

export function deriveKeys(secretKey: string): Keys {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secretKey, '', `hortus ${purpose}`, 32));
  return {
    accessToken: derive('access token'),
    refreshToken: derive('refresh token'),
    address: derive('address'),
    cursor: derive('cursor'),
    factorSecret: derive('factor secret'),
    challenge: derive('challenge'),
    answer: derive('kept answer'),
  };
}
