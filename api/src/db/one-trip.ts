import type { Knex } from 'knex';
import type pg from 'pg';
import { beginStatement, type Scope } from './scope.ts';

/** What knex's client of PostgreSQL has beyond its types. */
interface Pool {
  acquireConnection(): Promise<
    pg.Client & { readonly connection: { readonly stream: { cork(): void; uncork(): void } } }
  >;
  releaseConnection(connection: pg.Client): Promise<void>;
  emit(event: 'query', query: { sql: string; bindings: readonly unknown[] }): void;
}

/** Asks one statement in the scope of whoever handed it on. */
export type Ask = <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => Promise<Row[]>;

/**
 * One statement in a transaction of its own that sees what the scope says: BEGIN, the settings, the statement and COMMIT leave in
 * one packet and are answered in one, where a transaction that is waited for takes two trips and more. What limits this api is
 * not the database but its own writing to sockets.
 *
 * When the statement fails, COMMIT is a rollback. When BEGIN fails, the statement sees no rows and the error is thrown.
 *
 * @param values of the parameters `$1`, `$2`, …
 * @returns the rows as the database names their columns
 */
export async function askOnce<Row extends pg.QueryResultRow>(
  knex: Knex,
  scope: Scope,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const pool = knex.client as Pool;
  // It throws where an id is none: before a connection is held, which would go back corked and answer nobody any more.
  const begin = beginStatement(scope);
  const client = await pool.acquireConnection();
  try {
    // Whoever listens to knex hears of this as well.
    pool.emit('query', { sql: text, bindings: values });
    const { stream } = client.connection;
    stream.cork();
    const sent = [client.query(begin), client.query<Row>(text, values as unknown[]), client.query('commit')] as const;
    stream.uncork();
    const [begun, answered, committed] = await Promise.allSettled(sent);
    for (const outcome of [begun, answered, committed]) if (outcome.status === 'rejected') throw outcome.reason;
    return answered.status === 'fulfilled' ? answered.value.rows : [];
  } finally {
    await pool.releaseConnection(client);
  }
}

export function askIn(knex: Knex, scope: Scope): Ask {
  return (text, values) => askOnce(knex, scope, text, values);
}
