import type { Knex } from 'knex';
import { raw } from 'objection';
import { SessionRow } from './session-row.ts';

/** However it is used, a session ends after this time. */
export const SESSION_LIFETIME_DAYS = 30;
/** A session that nobody used for this time has ended. */
export const SESSION_IDLE_DAYS = 14;

/** The condition under which a row of `sessions` is a session that still holds. */
export const SESSION_ALIVE_SQL = `ended_at is null and expires_at > now() and last_used_at > now() - interval '${String(SESSION_IDLE_DAYS)} days'`;

/** Needs the scope `userId`. */
export async function insertSession(
  tx: Knex.Transaction,
  session: { userId: string; userAgent: string },
): Promise<string> {
  const row = await SessionRow.query(tx)
    .insert({ ...session, expiresAt: raw(`now() + interval '${String(SESSION_LIFETIME_DAYS)} days'`) as never })
    .returning('id');
  return row.id;
}

/** The session if it is alive, locked until the transaction ends. Needs the scope `sessionId`. */
export async function lockSession(tx: Knex.Transaction, sessionId: string): Promise<SessionRow | undefined> {
  return SessionRow.query(tx).findById(sessionId).whereRaw(SESSION_ALIVE_SQL).forUpdate();
}

/** Needs the scope `sessionId`. */
export async function moveSessionCounter(tx: Knex.Transaction, sessionId: string): Promise<void> {
  await SessionRow.query(tx)
    .findById(sessionId)
    .patch({ counter: raw('counter + 1') as never, lastUsedAt: raw('now()') as never });
}

/** Needs the scope `sessionId`. */
export async function endSession(tx: Knex.Transaction, sessionId: string): Promise<void> {
  await SessionRow.query(tx)
    .findById(sessionId)
    .whereNull('endedAt')
    .patch({ endedAt: raw('now()') as never });
}

/** Whether the person's session is alive. Needs the scope `userId`. */
export async function isSessionAlive(
  tx: Knex.Transaction,
  session: { userId: string; sessionId: string },
): Promise<boolean> {
  const row = await SessionRow.query(tx)
    .findOne({ id: session.sessionId, userId: session.userId })
    .whereRaw(SESSION_ALIVE_SQL);
  return row !== undefined;
}
