import { createHmac, timingSafeEqual } from 'node:crypto';

const DAY_SECONDS = 24 * 60 * 60;

/** Signs addresses that an `<img>` can use: whoever holds one may fetch it until it expires. */
export interface AddressSigner {
  /** The path with its expiry and signature. */
  sign(path: string): string;
  /** Expiry and signature by themselves, for an address that has a query of its own. */
  prove(path: string): { expires: number; signature: string };
  verify(path: string, proof: { expires: number; signature: string }): boolean;
}

/**
 * An address is good for one to two windows, of a day each where nothing else is said. It stays the same for a whole window,
 * so that a browser's cache holds from one page to the next.
 */
export function createAddressSigner(
  key: Buffer,
  now: () => number = Date.now,
  windowSeconds = DAY_SECONDS,
): AddressSigner {
  const signatureOf = (path: string, expires: number) =>
    createHmac('sha256', key)
      .update(`${path}\n${String(expires)}`)
      .digest()
      .subarray(0, 18);
  function prove(path: string): { expires: number; signature: string } {
    const expires = (Math.floor(now() / 1000 / windowSeconds) + 2) * windowSeconds;
    return { expires, signature: signatureOf(path, expires).toString('base64url') };
  }
  return {
    prove,
    sign(path) {
      const { expires, signature } = prove(path);
      return `${path}?expires=${String(expires)}&signature=${signature}`;
    },
    verify(path, { expires, signature }) {
      // As text, since the decoder of base64url passes over characters that do not belong to it.
      const given = Buffer.from(signature);
      const right = Buffer.from(signatureOf(path, expires).toString('base64url'));
      return given.length === right.length && timingSafeEqual(given, right) && expires * 1000 > now();
    },
  };
}
