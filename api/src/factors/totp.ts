import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/*
 * Codes of an authenticator app, RFC 6238: SHA-1, 6 digits, 30 seconds, which is what every app can do. A code is taken from
 * the step before to the step after the api's own, and each step once: the step of a code that was taken is kept, and
 * none up to it is taken again (RFC 6238 §5.2).
 */

const SECRET_BYTES = 20;
const STEP_SECONDS = 30;
const WINDOW_STEPS = 1;

export interface TotpSecret {
  readonly bytes: Buffer;
  /** What a person types where they can't scan: base32. */
  readonly text: string;
  /** What the picture of dots says. */
  readonly uri: string;
}

function totp(secret: Buffer, label?: string): TOTP {
  // A copy of its own: a small Buffer is a view of a pool, and otpauth takes the whole of what lies under it.
  const bytes = new Uint8Array(secret);
  return new TOTP({
    issuer: 'Hortus',
    ...(label === undefined ? {} : { label }),
    algorithm: 'SHA1',
    digits: 6,
    period: STEP_SECONDS,
    secret: new Secret({ buffer: bytes.buffer }),
  });
}

export function makeTotpSecret(email: string): TotpSecret {
  const bytes = randomBytes(SECRET_BYTES);
  const made = totp(bytes, email);
  return { bytes, text: made.secret.base32, uri: made.toString() };
}

/** The step whose code it is, of those that are near enough to now; null when it is of none. */
export function findTotpStep(secret: Buffer, code: string, nowMs: number): number | null {
  const delta = totp(secret).validate({ token: code, timestamp: nowMs, window: WINDOW_STEPS });
  return delta === null ? null : Math.floor(nowMs / 1000 / STEP_SECONDS) + delta;
}
