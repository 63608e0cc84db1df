import type { ErrorCode } from '@hortus/contracts/errors';

/*
 * To whom an identity at the provider belongs.
 *
 *   1. A person who is signed in and asked for it gets the identity linked, unless it is another person's.
 *   2. A known identity signs its person in, whatever e-mail address it has by now.
 *   3. An unknown one is led by its e-mail address, and only by one that the provider vouches for (`email_verified` is true):
 *      to the person whose address it is, else to a new account where registration is open.
 *
 * Why 3 is safe: an address alone would let whoever types it at the provider take an account over, so it must be verified
 * there. And nobody can lie in wait here with an account of somebody else's address, since none is made before its address
 * is proven by mail. What remains is trust in the provider, which who runs the instance chose. A second factor is asked
 * for all the same, so the provider alone never opens an account that has one.
 */

export interface LinkQuestion {
  /** Whose identity it is already. */
  readonly ownerId: string | null;
  /** The signed-in person who asked for it. */
  readonly linkToId: string | null;
  readonly isEmailVerified: boolean;
  /** The person whose address the provider gives. */
  readonly addresseeId: string | null;
  readonly mayRegister: boolean;
}

export type LinkDecision =
  | { readonly kind: 'enter' | 'link'; readonly userId: string }
  | { readonly kind: 'register' }
  | { readonly kind: 'refuse'; readonly code: ErrorCode };

export function decideLink(question: LinkQuestion): LinkDecision {
  const { ownerId, linkToId, isEmailVerified, addresseeId, mayRegister } = question;
  if (linkToId !== null) {
    if (ownerId !== null && ownerId !== linkToId) return { kind: 'refuse', code: 'IDENTITY_TAKEN' };
    return { kind: ownerId === null ? 'link' : 'enter', userId: linkToId };
  }
  if (ownerId !== null) return { kind: 'enter', userId: ownerId };
  if (!isEmailVerified) return { kind: 'refuse', code: 'PROVIDER_ADDRESS_UNVERIFIED' };
  if (addresseeId !== null) return { kind: 'link', userId: addresseeId };
  return mayRegister ? { kind: 'register' } : { kind: 'refuse', code: 'PROVIDER_ACCOUNT_UNKNOWN' };
}
