import type { Knex } from 'knex';
import { raw } from 'objection';
import { SessionRow } from './session-row.ts';

export interface SessionLifetimes {
  /** However it is used, a session ends after this time. */
  readonly lifetimeDays: number;
  /** A session that nobody used for this time has ended. */
  readonly idleDays: number;
}

/** The condition under which a row of `sessions` is a session that still holds. */
export function sessionAliveSql(idleDays: number, table = 'sessions'): string {
  const idle = `interval '${String(idleDays)} days'`;
  return `${table}.ended_at is null and ${table}.expires_at > now() and ${table}.last_used_at > now() - ${idle}`;
}

const SESSIONS_LISTED_MAX = 200;
const now = raw('now()') as never;

/** Needs the scope `userId`. */
export async function insertSession(
  tx: Knex.Transaction,
  session: { userId: string; userAgent: string; addressBlock: string },
  { lifetimeDays }: SessionLifetimes,
): Promise<string> {
  const row = await SessionRow.query(tx)
    .insert({ ...session, expiresAt: raw(`now() + interval '${String(lifetimeDays)} days'`) as never })
    .returning('id');
  return row.id;
}

/** The session if it is alive, locked until the transaction ends. Needs the scope `userId`. */
export async function lockSession(
  tx: Knex.Transaction,
  sessionId: string,
  { idleDays }: SessionLifetimes,
): Promise<SessionRow | undefined> {
  return SessionRow.query(tx).findById(sessionId).whereRaw(sessionAliveSql(idleDays)).forUpdate();
}

/** Whether the session was alive at this counter, and so has moved on from it. Needs the scope `userId`. */
export async function moveSessionCounter(
  tx: Knex.Transaction,
  { sessionId, userId, counter }: { sessionId: string; userId: string; counter: number },
  { idleDays }: SessionLifetimes,
): Promise<boolean> {
  // Not by the query builder: this is the one write that every signed-in browser does again and again.
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `update sessions set counter = counter + 1, last_used_at = now()
     where id = :sessionId and user_id = :userId and counter = :counter and ${sessionAliveSql(idleDays)}`,
    { sessionId, userId, counter },
  );
  return rowCount > 0;
}

/** Whether there was one to end. Needs the scope `userId`. */
export async function endSession(tx: Knex.Transaction, sessionId: string): Promise<boolean> {
  return (await SessionRow.query(tx).findById(sessionId).whereNull('endedAt').patch({ endedAt: now })) > 0;
}

/** Ends the sessions of a person, but for one where it is named. Needs the scope `userId`. */
export async function endSessions(tx: Knex.Transaction, userId: string, exceptId: string | null): Promise<void> {
  const query = SessionRow.query(tx).where({ userId }).whereNull('endedAt').patch({ endedAt: now });
  if (exceptId !== null) query.whereNot('id', exceptId);
  await query;
}

/** The sessions of a person that hold, the one that was used last first. Needs the scope `userId`. */
export async function listSessions(
  tx: Knex.Transaction,
  userId: string,
  { idleDays }: SessionLifetimes,
): Promise<SessionRow[]> {
  return SessionRow.query(tx)
    .where({ userId })
    .whereRaw(sessionAliveSql(idleDays))
    .orderBy('lastUsedAt', 'desc')
    .orderBy('id')
    .limit(SESSIONS_LISTED_MAX);
}

/** Whether the person's session is alive. Needs the scope `userId`. */
export async function isSessionAlive(
  tx: Knex.Transaction,
  session: { userId: string; sessionId: string },
  idleDays: number,
): Promise<boolean> {
  const row = await SessionRow.query(tx)
    .findOne({ id: session.sessionId, userId: session.userId })
    .whereRaw(sessionAliveSql(idleDays));
  return row !== undefined;
}

/** Whether the person has signed in from there before. Needs the scope `userId`. */
export async function hasSignedInFrom(
  tx: Knex.Transaction,
  { userId, addressBlock }: { userId: string; addressBlock: string },
): Promise<boolean> {
  return (await SessionRow.query(tx).where({ userId, addressBlock }).select('id').first()) !== undefined;
}
