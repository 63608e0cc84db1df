import { createHash } from 'node:crypto';
import { seal, unseal } from './seal.ts';

/*
 * A challenge is what the api gives out in the first step of something and gets back in the second. It is sealed, carries its
 * purpose, its claims and its end, and is kept nowhere: a stranger who asks for millions of them fills no table. Once it has
 * done its work it is remembered as used (`challenge-repo.ts`), in the transaction of that work, so it works once.
 */

interface ChallengeClaims {
  /** The password was right; `passwordMark` ends the challenge when the password is changed. Null: a provider vouched. */
  readonly 'second factor': { readonly userId: string; readonly passwordMark: string | null };
  readonly 'passkey registration': { readonly userId: string };
  readonly 'passkey sign-in': Readonly<Record<string, never>>;
  readonly 'provider sign-in': {
    readonly state: string;
    readonly nonce: string;
    readonly codeVerifier: string;
    readonly returnTo: string;
    /** The session whose person wants to link the identity; null to sign in. */
    readonly linkTo: { readonly userId: string; readonly sessionId: string } | null;
  };
}
type Purpose = keyof ChallengeClaims;

export const CHALLENGE_LIFETIME_MS = 5 * 60 * 1000;
const TEXT_MAX = 4096;

export interface Challenge<Claims> {
  readonly claims: Claims;
  /** Names the challenge in `used_challenges`. */
  readonly sha256: string;
  readonly expiresAt: Date;
}

export interface Challenges {
  /** base64url, so that it can be the challenge of WebAuthn, a cookie or part of an address as it is. */
  issue<P extends Purpose>(purpose: P, claims: ChallengeClaims[P]): { challenge: string; expiresAt: string };
  /** Null when it is none of ours, is for another purpose, or has expired. */
  read<P extends Purpose>(purpose: P, text: string): Challenge<ChallengeClaims[P]> | null;
}

export function createChallenges(key: Buffer, now: () => number = Date.now): Challenges {
  const context = (purpose: Purpose) => `challenge ${purpose}`;
  return {
    issue(purpose, claims) {
      const expiresAtMs = now() + CHALLENGE_LIFETIME_MS;
      const sealed = seal(key, context(purpose), Buffer.from(JSON.stringify({ claims, expiresAtMs })));
      return { challenge: sealed.toString('base64url'), expiresAt: new Date(expiresAtMs).toISOString() };
    },
    read<P extends Purpose>(purpose: P, text: string) {
      if (text.length > TEXT_MAX) return null;
      const sealed = Buffer.from(text, 'base64url');
      // The decoder passes over what is not base64url; one challenge has one text, or it could be used again by another.
      if (sealed.toString('base64url') !== text) return null;
      const plain = unseal(key, context(purpose), sealed);
      if (plain === null) return null;
      const payload = JSON.parse(plain.toString()) as { claims: ChallengeClaims[P]; expiresAtMs: number };
      if (payload.expiresAtMs <= now()) return null;
      const sha256 = createHash('sha256').update(sealed).digest('hex');
      return { claims: payload.claims, sha256, expiresAt: new Date(payload.expiresAtMs) };
    },
  };
}
