import type { Knex } from 'knex';
import type pg from 'pg';

/** What is said on a channel of the database. */
export interface Notice {
  readonly channel: string;
  readonly payload: string;
}

/**
 * Notices are said behind the COMMIT, in the same packet and by a transaction of their own. PostgreSQL lets transactions that
 * NOTIFY commit one at a time in the whole cluster, each with its own write to the disk: with the notice inside, 300 commits a
 * second were all there could be. Nothing waits for the disk here, so that the lock is held for some microseconds.
 *
 * Should the server die in between, nobody hears of it. So whoever listens looks by themselves from time to time.
 */
export function say(client: pg.Client, notices: readonly Notice[]): void {
  const said = notices.map(({ channel, payload }) => `pg_notify('${channel}', '${payload.replaceAll("'", "''")}')`);
  client.query(`set local synchronous_commit = off; select ${said.join(', ')}`).catch(() => {
    // As where the server dies: it is not waited for.
  });
}

/** The notices of a transaction that `withScope` has begun. */
export function noticesOf(tx: { userParams?: unknown }): Map<string, Notice> {
  const { notices } = (tx.userParams ?? {}) as { notices?: Map<string, Notice> };
  if (notices === undefined) throw new Error('a notice needs a transaction: use withScope');
  return notices;
}

/** Says it once, when the transaction has committed. */
export function notifyAfterCommit(tx: Knex.Transaction, notice: Notice): void {
  noticesOf(tx).set(JSON.stringify(notice), notice);
}
