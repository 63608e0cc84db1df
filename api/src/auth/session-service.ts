import type { Knex } from 'knex';
import type { Me } from '@hortus/contracts/auth-api';
import { ProblemError } from '@hortus/service/problem';
import { withScope } from '../db/scope.ts';
import { joinDeclared } from '../declarations/join-declared.ts';
import { listMemberships } from '../workspaces/workspace-repo.ts';
import { addressBlock } from './guess-policy.ts';
import { decideRefresh, readRefreshToken, writeRefreshToken, type RefreshToken } from './refresh-token.ts';
import { endSession, insertSession, lockSession, moveSessionCounter, type SessionLifetimes } from './session-repo.ts';
import { findPerson } from './user-repo.ts';

export interface SessionDependencies {
  readonly knex: Knex;
  readonly refreshKey: Buffer;
  readonly lifetimes: SessionLifetimes;
}

export interface OpenSession extends Me {
  readonly sessionId: string;
  readonly refreshToken: string;
}

/** From where a person signs in. */
export interface Origin {
  readonly userAgent: string;
  /** The network address. */
  readonly address: string;
}

const USER_AGENT_MAX = 300;

function sessionEnded(): ProblemError {
  return new ProblemError('SESSION_ENDED', 'Sign in again.');
}

/** Needs the scope `userId`. */
async function readMe(tx: Knex.Transaction, userId: string): Promise<Me> {
  const [user, workspaces] = await Promise.all([findPerson(tx, userId), listMemberships(tx, userId)]);
  if (user === undefined) throw new ProblemError('SESSION_ENDED', 'The account no longer exists.');
  return { user, workspaces };
}

export async function getSignedIn({ knex }: { knex: Knex }, userId: string): Promise<Me> {
  return withScope(knex, { userId }, (tx) => readMe(tx, userId));
}

/** Signs a person in who has proven who they are. Needs the scope `userId`. */
export async function openSession(
  tx: Knex.Transaction,
  { refreshKey, lifetimes }: SessionDependencies,
  userId: string,
  { userAgent, address }: Origin,
): Promise<OpenSession> {
  const session = { userId, userAgent: userAgent.slice(0, USER_AGENT_MAX), addressBlock: addressBlock(address) };
  const sessionId = await insertSession(tx, session, lifetimes);
  await joinDeclared(tx, userId);
  const me = await readMe(tx, userId);
  return { ...me, sessionId, refreshToken: writeRefreshToken(refreshKey, { sessionId, userId, counter: 0 }) };
}

/** `undefined` where the token is not behind by 0 any more: the slow way decides what it means. */
async function moveOn(tx: Knex.Transaction, token: RefreshToken, lifetimes: SessionLifetimes): Promise<Me | undefined> {
  // Sent together: the trip is what costs.
  const [hasMoved, me] = await Promise.allSettled([moveSessionCounter(tx, token, lifetimes), readMe(tx, token.userId)]);
  if (hasMoved.status === 'rejected') throw hasMoved.reason;
  if (!hasMoved.value) return undefined;
  if (me.status === 'rejected') throw me.reason;
  return me.value;
}

/**
 * Gives a session's next refresh token; the rule stands in `refresh-token.ts`.
 *
 * @throws ProblemError SESSION_ENDED when the token is none of ours, is replayed, or its session is over
 */
export async function refreshSession(
  { knex, refreshKey, lifetimes }: SessionDependencies,
  text: string | undefined,
): Promise<OpenSession> {
  const token = text === undefined ? null : readRefreshToken(refreshKey, text);
  if (token === null) throw sessionEnded();
  const { sessionId, userId } = token;
  // A replay must end the session although the caller gets an error, so the transaction answers and does not throw.
  const refreshed = await withScope(knex, { userId }, async (tx) => {
    const me = await moveOn(tx, token, lifetimes);
    if (me !== undefined) return { me, counter: token.counter + 1 };
    const session = await lockSession(tx, sessionId, lifetimes);
    if (session === undefined) return null;
    const decision = decideRefresh(token.counter, session.counter);
    // It can't be `move`, since no counter goes back.
    if (decision === 'repeat') return { me: await readMe(tx, userId), counter: session.counter };
    await endSession(tx, sessionId);
    return null;
  });
  if (refreshed === null) throw sessionEnded();
  const { me, counter } = refreshed;
  return { ...me, sessionId, refreshToken: writeRefreshToken(refreshKey, { sessionId, userId, counter }) };
}

/** Ends the session of the token; does nothing when there is none to end. */
export async function signOut({ knex, refreshKey }: SessionDependencies, text: string | undefined): Promise<void> {
  const token = text === undefined ? null : readRefreshToken(refreshKey, text);
  if (token === null) return;
  await withScope(knex, { userId: token.userId }, (tx) => endSession(tx, token.sessionId));
}
