import type { Knex } from 'knex';
import type { Credentials, Me } from '@hortus/contracts/auth-api';
import { ProblemError } from '@hortus/service/problem';
import { withScope } from '../db/scope.ts';
import { listMemberships } from '../workspaces/workspace-repo.ts';
import type { PasswordHasher } from './password.ts';
import { decideRefresh, readRefreshToken, writeRefreshToken } from './refresh-token.ts';
import { endSession, insertSession, isSessionAlive, lockSession, moveSessionCounter } from './session-repo.ts';
import { findPerson, findUserByEmail } from './user-repo.ts';

export interface AuthDependencies {
  readonly knex: Knex;
  readonly hasher: PasswordHasher;
  readonly refreshKey: Buffer;
}

export interface OpenSession extends Me {
  readonly sessionId: string;
  readonly refreshToken: string;
}

/** Needs the scope `userId`. */
async function readMe(tx: Knex.Transaction, userId: string): Promise<Me> {
  const [user, workspaces] = await Promise.all([findPerson(tx, userId), listMemberships(tx, userId)]);
  if (user === undefined) throw new ProblemError('SESSION_ENDED', 'The account no longer exists.');
  return { user, workspaces };
}

/**
 * Opens a session.
 *
 * @throws ProblemError CREDENTIALS_WRONG, the same and after as much work whether or not the address is known
 */
export async function signIn(
  { knex, hasher, refreshKey }: AuthDependencies,
  credentials: Credentials,
  userAgent: string,
): Promise<OpenSession> {
  const email = credentials.email.trim().toLowerCase();
  const user = await withScope(knex, { email }, (tx) => findUserByEmail(tx, email));
  const matches = await hasher.verify(credentials.password, user?.passwordHash ?? null);
  if (user === undefined || !matches) {
    throw new ProblemError('CREDENTIALS_WRONG', 'Check the address and the password, then try again.');
  }
  return withScope(knex, { userId: user.id }, async (tx) => {
    const sessionId = await insertSession(tx, { userId: user.id, userAgent: userAgent.slice(0, 300) });
    const me = await readMe(tx, user.id);
    return { ...me, sessionId, refreshToken: writeRefreshToken(refreshKey, { sessionId, counter: 0 }) };
  });
}

/**
 * Gives a session's next refresh token; the rule stands in `refresh-token.ts`.
 *
 * @throws ProblemError SESSION_ENDED when the token is none of ours, is replayed, or its session is over
 */
export async function refreshSession(
  { knex, refreshKey }: AuthDependencies,
  text: string | undefined,
): Promise<OpenSession> {
  const token = text === undefined ? null : readRefreshToken(refreshKey, text);
  if (token === null) throw new ProblemError('SESSION_ENDED', 'Sign in again.');
  const { sessionId } = token;
  // A replay must end the session although the caller gets an error, so the transaction answers and does not throw.
  const moved = await withScope(knex, { sessionId }, async (tx) => {
    const session = await lockSession(tx, sessionId);
    if (session === undefined) return null;
    const decision = decideRefresh(token.counter, session.counter);
    if (decision === 'end') {
      await endSession(tx, sessionId);
      return null;
    }
    if (decision === 'move') await moveSessionCounter(tx, sessionId);
    return { userId: session.userId, counter: decision === 'move' ? session.counter + 1 : session.counter };
  });
  if (moved === null) throw new ProblemError('SESSION_ENDED', 'Sign in again.');
  const me = await withScope(knex, { userId: moved.userId }, (tx) => readMe(tx, moved.userId));
  return { ...me, sessionId, refreshToken: writeRefreshToken(refreshKey, { sessionId, counter: moved.counter }) };
}

/** Ends the session of the token; does nothing when there is none to end. */
export async function signOut({ knex, refreshKey }: AuthDependencies, text: string | undefined): Promise<void> {
  const token = text === undefined ? null : readRefreshToken(refreshKey, text);
  if (token === null) return;
  await withScope(knex, { sessionId: token.sessionId }, (tx) => endSession(tx, token.sessionId));
}

/** @throws ProblemError SESSION_ENDED when the session is over */
export async function getSignedIn(
  { knex }: AuthDependencies,
  session: { userId: string; sessionId: string },
): Promise<Me> {
  return withScope(knex, { userId: session.userId }, async (tx) => {
    if (!(await isSessionAlive(tx, session))) throw new ProblemError('SESSION_ENDED', 'Sign in again.');
    return readMe(tx, session.userId);
  });
}
