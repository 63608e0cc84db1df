import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { SecondFactorAsked } from '@hortus/contracts/auth-api';
import type { ErrorCode } from '@hortus/contracts/errors';
import type { Identity } from '@hortus/contracts/open-id-api';
import { ProblemError } from '@hortus/service/problem';
import type { AccessClaims } from '../auth/access-token.ts';
import { NO_PASSWORD, type PasswordHasher } from '../auth/password.ts';
import { isSessionAlive } from '../auth/session-repo.ts';
import type { OpenSession, Origin } from '../auth/session-service.ts';
import { findUserByEmail, insertUser } from '../auth/user-repo.ts';
import { withScope } from '../db/scope.ts';
import { useChallenge } from '../factors/challenge-repo.ts';
import { provePassword } from '../factors/password-proof.ts';
import { challengeInvalid, openOrAsk, type SecondFactorDependencies } from '../factors/second-factor-service.ts';
import * as repo from './identity-repo.ts';
import { decideLink, type LinkDecision } from './link-policy.ts';
import type { OpenIdClient, ProviderIdentity } from './open-id-client.ts';

export interface OpenIdDependencies extends SecondFactorDependencies {
  readonly hasher: PasswordHasher;
  /** Null where none is set up. */
  readonly provider: { readonly name: string; readonly client: OpenIdClient } | null;
  /** Whether signing in at the provider may make an account. */
  readonly mayRegister: boolean;
}

const REMEDIES: Partial<Record<ErrorCode, string>> = {
  IDENTITY_TAKEN: 'Unlink it there first, or sign in to that account.',
  PROVIDER_ADDRESS_UNVERIFIED: 'Verify the address at the provider, or sign in another way.',
  PROVIDER_ACCOUNT_UNKNOWN: 'Ask who runs this Hortus for an account.',
};

function clientOf({ provider }: OpenIdDependencies): OpenIdClient {
  if (provider === null) throw new ProblemError('NOT_FOUND', 'No provider is set up here. Sign in another way.');
  return provider.client;
}

/** What the browser is to keep, and where it is to go. */
export interface Beginning {
  readonly challenge: string;
  readonly url: string;
}

/** @throws ProblemError NOT_FOUND where no provider is set up, PROVIDER_AWAY */
export async function begin(
  dependencies: OpenIdDependencies,
  { returnTo, linkTo }: { returnTo: string; linkTo: AccessClaims | null },
): Promise<Beginning> {
  const { url, ...checks } = await clientOf(dependencies).begin();
  const { challenge } = dependencies.challenges.issue('provider sign-in', { ...checks, returnTo, linkTo });
  return { challenge, url };
}

/** @throws ProblemError NOT_FOUND, PASSWORD_WRONG, RATE_LIMITED, PROVIDER_AWAY */
export async function beginLink(
  dependencies: OpenIdDependencies,
  session: AccessClaims,
  { password, returnTo }: { password: string; returnTo: string },
): Promise<Beginning> {
  clientOf(dependencies);
  await provePassword(dependencies, session.userId, password);
  return begin(dependencies, { returnTo, linkTo: session });
}

async function decide(
  { knex, mayRegister }: OpenIdDependencies,
  { id, email, isEmailVerified }: ProviderIdentity,
  linkTo: AccessClaims | null,
): Promise<LinkDecision> {
  const ownerId = await withScope(knex, { identity: id }, (tx) => repo.findIdentityOwner(tx, id));
  const addressee = email === null ? undefined : await withScope(knex, { email }, (tx) => findUserByEmail(tx, email));
  return decideLink({
    ownerId: ownerId ?? null,
    linkToId: linkTo?.userId ?? null,
    isEmailVerified,
    addresseeId: addressee?.id ?? null,
    mayRegister,
  });
}

/** Needs the scope `userId` of the decision. */
async function settle(
  tx: Knex.Transaction,
  decision: LinkDecision & { userId: string },
  { id, issuer, subject, email, displayName }: ProviderIdentity,
): Promise<void> {
  const { kind, userId } = decision;
  if (kind === 'enter') {
    // It may have been unlinked since it was looked for.
    if (!(await repo.noteIdentityUse(tx, userId, id))) throw challengeInvalid();
    return;
  }
  if (kind === 'register') {
    if (email === null) throw new Error('nobody is registered without an address');
    const name = displayName ?? email.slice(0, email.indexOf('@'));
    await insertUser(tx, { id: userId, email, displayName: name, passwordHash: NO_PASSWORD, isDemo: false });
  }
  if (!(await repo.insertIdentity(tx, { id, userId, issuer, subject }))) throw refuse('IDENTITY_TAKEN');
}

function refuse(code: ErrorCode): ProblemError {
  return new ProblemError(code, REMEDIES[code] ?? 'Sign in another way.');
}

export interface Finish {
  readonly returnTo: string;
  /** Null when an identity was linked to the session that there is. */
  readonly outcome: OpenSession | SecondFactorAsked | null;
}

/**
 * @param answer what the browser kept, and the query that it came back with
 * @throws ProblemError CHALLENGE_INVALID, PROVIDER_…, IDENTITY_TAKEN, SESSION_ENDED
 */
export async function finish(
  dependencies: OpenIdDependencies,
  answer: { kept: string | undefined; search: string },
  origin: Origin,
): Promise<Finish> {
  const client = clientOf(dependencies);
  const challenge = dependencies.challenges.read('provider sign-in', answer.kept ?? '');
  if (challenge === null) throw challengeInvalid();
  const { returnTo, linkTo, ...checks } = challenge.claims;
  const identity = await client.finish(answer.search, checks);
  const decision = await decide(dependencies, identity, linkTo);
  if (decision.kind === 'refuse') throw refuse(decision.code);
  const userId = decision.kind === 'register' ? randomUUID() : decision.userId;
  const outcome = await withScope(dependencies.knex, { userId }, async (tx) => {
    await settle(tx, { kind: decision.kind, userId }, identity);
    if (!(await useChallenge(tx, userId, challenge))) throw challengeInvalid();
    if (linkTo === null) return openOrAsk(tx, dependencies, { userId, passwordMark: null }, origin);
    await assertAlive(tx, dependencies, linkTo);
    return null;
  });
  return { returnTo, outcome };
}

/** Whoever asked to link may have signed out meanwhile. */
async function assertAlive(
  tx: Knex.Transaction,
  { lifetimes }: OpenIdDependencies,
  session: AccessClaims,
): Promise<void> {
  if (await isSessionAlive(tx, session, lifetimes.idleDays)) return;
  throw new ProblemError('SESSION_ENDED', 'Sign in again.');
}

export async function listOwn({ knex }: OpenIdDependencies, userId: string): Promise<Identity[]> {
  return withScope(knex, { userId }, (tx) => repo.listIdentities(tx, userId));
}

/** @throws ProblemError IDENTITY_NOT_FOUND */
export async function unlink({ knex }: OpenIdDependencies, userId: string, id: string): Promise<void> {
  if (await withScope(knex, { userId }, (tx) => repo.deleteIdentity(tx, userId, id))) return;
  throw new ProblemError('IDENTITY_NOT_FOUND', 'You have linked no identity of this id.');
}
