import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Knex } from 'knex';
import {
  PASSKEYS_MAX,
  type Passkey,
  type PasskeyRegistration,
  type PasskeySignIn,
} from '@hortus/contracts/passkey-api';
import { ProblemError } from '@hortus/service/problem';
import type { GuessGuard } from '../auth/guess-guard.ts';
import type { PasswordHasher } from '../auth/password.ts';
import { openSession, type OpenSession, type Origin, type SessionDependencies } from '../auth/session-service.ts';
import { withScope } from '../db/scope.ts';
import { useChallenge } from '../factors/challenge-repo.ts';
import type { Challenge, Challenges } from '../factors/challenge.ts';
import { provePassword } from '../factors/password-proof.ts';
import { challengeInvalid } from '../factors/second-factor-service.ts';
import * as repo from './passkey-repo.ts';

/*
 * Passkeys (WebAuthn level 3): discoverable credentials that ask for the person (user verification), so one counts as both
 * factors and no e-mail address is typed. The authenticator signs a challenge that is sealed by the api, and names whose
 * passkey it is (the user handle); only a passkey of that person can then be right.
 */

export interface PasskeyDependencies extends SessionDependencies {
  readonly hasher: PasswordHasher;
  readonly guard: GuessGuard;
  readonly challenges: Challenges;
  /** Where browsers find the product: the origin that they sign, and its host the relying party. */
  readonly publicUrl: string;
}

/** EdDSA, ES256, RS256: what authenticators have. */
const ALGORITHMS = [-8, -7, -257];
const ID_BYTES = 16;

function refused(cause: unknown): ProblemError {
  return new ProblemError('PASSKEY_REFUSED', 'Try again, or sign in another way.', { cause });
}

function notFound(): ProblemError {
  return new ProblemError('PASSKEY_NOT_FOUND', 'You have no passkey of this id.');
}

function expected(publicUrl: string): { expectedOrigin: string; expectedRPID: string } {
  const { origin, hostname } = new URL(publicUrl);
  return { expectedOrigin: origin, expectedRPID: hostname };
}

/** @throws ProblemError PASSWORD_WRONG, RATE_LIMITED, PASSKEY_LIMIT_REACHED */
export async function beginRegistration(
  dependencies: PasskeyDependencies,
  userId: string,
  password: string,
): Promise<{ challenge: string }> {
  const email = await provePassword(dependencies, userId, password);
  const known = await withScope(dependencies.knex, { userId }, (tx) => repo.listPasskeys(tx, userId));
  assertRoom(known.length);
  const { challenge } = dependencies.challenges.issue('passkey registration', { userId });
  return generateRegistrationOptions({
    rpName: 'Hortus',
    rpID: expected(dependencies.publicUrl).expectedRPID,
    userName: email,
    userID: Uint8Array.from(Buffer.from(userId.replaceAll('-', ''), 'hex')),
    challenge: Uint8Array.from(Buffer.from(challenge, 'base64url')),
    excludeCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

function assertRoom(count: number): void {
  if (count < PASSKEYS_MAX) return;
  throw new ProblemError(
    'PASSKEY_LIMIT_REACHED',
    `${String(PASSKEYS_MAX)} are enough; delete one that you do not use.`,
  );
}

/** What the credential signed, if it is a challenge of ours; the signature is checked by the library. */
function readChallenge<P extends 'passkey registration' | 'passkey sign-in'>(
  challenges: Challenges,
  purpose: P,
  clientDataJson: string,
): ReturnType<typeof challenges.read<P>> {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString());
    const { challenge } = data as { challenge?: unknown };
    return typeof challenge === 'string' ? challenges.read(purpose, challenge) : null;
  } catch {
    return null;
  }
}

/** @throws ProblemError CHALLENGE_INVALID, PASSKEY_REFUSED, PASSKEY_KNOWN, PASSKEY_LIMIT_REACHED */
export async function register(
  { knex, challenges, publicUrl }: PasskeyDependencies,
  userId: string,
  { name, credential }: PasskeyRegistration,
): Promise<Passkey> {
  const challenge = readChallenge(challenges, 'passkey registration', credential.response.clientDataJSON);
  if (challenge?.claims.userId !== userId) throw challengeInvalid();
  const verified = await verifyRegistrationResponse({
    response: credential as never,
    expectedChallenge: () => true,
    ...expected(publicUrl),
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch((error: unknown) => {
    throw refused(error);
  });
  if (!verified.verified) throw refused(undefined);
  const { credential: made, credentialBackedUp } = verified.registrationInfo;
  return withScope(knex, { userId }, async (tx) => {
    if (!(await useChallenge(tx, userId, challenge))) throw challengeInvalid();
    assertRoom((await repo.listPasskeys(tx, userId)).length);
    const passkey = await repo.insertPasskey(tx, {
      userId,
      name,
      credentialId: made.id,
      publicKey: Buffer.from(made.publicKey),
      counter: made.counter,
      transports: credential.response.transports ?? [],
      isSynced: credentialBackedUp,
    });
    if (passkey === undefined) throw new ProblemError('PASSKEY_KNOWN', 'Use it, or choose another authenticator.');
    return passkey;
  });
}

/** The same for everybody, so that it tells nothing of who has a passkey. */
export async function beginSignIn({ challenges, publicUrl }: PasskeyDependencies): Promise<{ challenge: string }> {
  const { challenge } = challenges.issue('passkey sign-in', {});
  return generateAuthenticationOptions({
    rpID: expected(publicUrl).expectedRPID,
    challenge: Uint8Array.from(Buffer.from(challenge, 'base64url')),
    userVerification: 'required',
  });
}

/** The person whom the authenticator names; null when it is no id of ours. It proves nothing yet. */
function readUserHandle(handle: string): string | null {
  const bytes = Buffer.from(handle, 'base64url');
  if (bytes.length !== ID_BYTES) return null;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** @throws ProblemError CHALLENGE_INVALID, PASSKEY_REFUSED */
export async function signIn(
  dependencies: PasskeyDependencies,
  { credential }: PasskeySignIn,
  origin: Origin,
): Promise<OpenSession> {
  const { knex, challenges, publicUrl } = dependencies;
  const challenge = readChallenge(challenges, 'passkey sign-in', credential.response.clientDataJSON);
  if (challenge === null) throw challengeInvalid();
  const userId = readUserHandle(credential.response.userHandle);
  if (userId === null) throw refused(undefined);
  return withScope(knex, { userId }, async (tx) => {
    await proveCredential(tx, { userId, credential, challenge, publicUrl });
    return openSession(tx, dependencies, userId, origin);
  });
}

async function proveCredential(
  tx: Knex.Transaction,
  attempt: {
    userId: string;
    credential: PasskeySignIn['credential'];
    challenge: Challenge<unknown>;
    publicUrl: string;
  },
): Promise<void> {
  const { userId, credential, challenge, publicUrl } = attempt;
  // Locked until the transaction ends, so that two answers can't both move the counter on from the same place.
  const passkey = await repo.findPasskey(tx, userId, credential.id);
  if (passkey === undefined) throw refused(undefined);
  // A counter that does not move on says that the authenticator was copied: the library refuses it.
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: credential as never,
    expectedChallenge: () => true,
    ...expected(publicUrl),
    requireUserVerification: true,
    credential: {
      id: passkey.credentialId,
      publicKey: Uint8Array.from(passkey.publicKey),
      counter: passkey.counter,
    },
  }).catch((error: unknown) => {
    throw refused(error);
  });
  if (!verified) throw refused(undefined);
  if (!(await useChallenge(tx, userId, challenge))) throw challengeInvalid();
  const { newCounter, credentialBackedUp } = authenticationInfo;
  await repo.notePasskeyUse(tx, passkey.id, { counter: newCounter, isSynced: credentialBackedUp });
}

export async function listOwn({ knex }: PasskeyDependencies, userId: string): Promise<Passkey[]> {
  return withScope(knex, { userId }, (tx) => repo.listShownPasskeys(tx, userId));
}

/** @throws ProblemError PASSKEY_NOT_FOUND */
export async function rename(
  { knex }: PasskeyDependencies,
  userId: string,
  change: { id: string; name: string },
): Promise<Passkey> {
  const passkey = await withScope(knex, { userId }, (tx) => repo.renamePasskey(tx, userId, change));
  if (passkey === undefined) throw notFound();
  return passkey;
}

/** @throws ProblemError PASSKEY_NOT_FOUND */
export async function remove({ knex }: PasskeyDependencies, userId: string, id: string): Promise<void> {
  if (!(await withScope(knex, { userId }, (tx) => repo.deletePasskey(tx, userId, id)))) throw notFound();
}
