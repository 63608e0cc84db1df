import type { Knex } from 'knex';
import type pg from 'pg';
import { notifyAfterCommit, say, type Notice } from './notice.ts';
import { beginStatement, type Scope } from './scope.ts';

type PgClient = pg.Client & { readonly connection: { readonly stream: { cork(): void; uncork(): void } } };

/** What knex's client of PostgreSQL has beyond its types. */
interface Pool {
  acquireConnection(): Promise<PgClient>;
  releaseConnection(connection: pg.Client): Promise<void>;
  emit(event: 'query', query: { sql: string; bindings: readonly unknown[] }): void;
}

export interface Statement {
  /**
   * The name by which each connection prepares it once, of at most 63 bytes; one text for each name. What is not named is parsed
   * and planned each time, which under row-level security costs several times as much as a page itself (`npm run bench -- api`).
   * It lists its columns one by one: one that says `*` fails when a migration adds a column.
   */
  readonly name?: string;
  readonly text: string;
  /** Of the parameters `$1`, `$2`, … */
  readonly values: readonly unknown[];
  /** Said once it is committed. */
  readonly notice?: Notice;
}

/**
 * Asks in the scope of whoever handed it on. @returns the rows of the first statement, as the database names their columns;
 * the others follow it without waiting for its answer
 */
export type Ask = <Row extends pg.QueryResultRow>(first: Statement, ...others: Statement[]) => Promise<Row[]>;

/** @throws what the first of them failed with: behind it, all the others fail since it did */
async function answersOf<Answer>(sent: readonly Promise<Answer>[]): Promise<Answer[]> {
  return (await Promise.allSettled(sent)).map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function send(pool: Pool, client: PgClient, { name, text, values }: Statement): Promise<pg.QueryResult> {
  // Whoever listens to knex hears of this as well.
  pool.emit('query', { sql: text, bindings: values });
  return client.query({ ...(name === undefined ? {} : { name }), text, values: values as unknown[] });
}

/**
 * A transaction of its own that sees what the scope says: BEGIN, the settings, the statements and COMMIT leave in one packet and
 * are answered in one, where a transaction that is waited for takes two trips and more. What limits this api is not the database
 * but its own writing to sockets.
 *
 * When a statement fails, COMMIT is a rollback. When BEGIN fails, the statements see no rows and the error is thrown.
 */
export async function askOnce<Row extends pg.QueryResultRow>(
  knex: Knex,
  scope: Scope,
  ...statements: Statement[]
): Promise<Row[]> {
  const pool = knex.client as Pool;
  // It throws where an id is none: before a connection is held, which would go back corked and answer nobody any more.
  const begin = beginStatement(scope);
  const notices = statements.flatMap(({ notice }) => notice ?? []);
  const client = await pool.acquireConnection();
  try {
    const { stream } = client.connection;
    stream.cork();
    const sent = [client.query(begin), ...statements.map((statement) => send(pool, client, statement))];
    sent.push(client.query('commit'));
    if (notices.length > 0) say(client, notices);
    stream.uncork();
    return ((await answersOf(sent))[1]?.rows ?? []) as Row[];
  } finally {
    await pool.releaseConnection(client);
  }
}

export function askIn(knex: Knex, scope: Scope): Ask {
  return (...statements) => askOnce(knex, scope, ...statements);
}

/** The same within a transaction that `withScope` has begun. */
export function askWithin(tx: Knex.Transaction): Ask {
  return async <Row extends pg.QueryResultRow>(...statements: Statement[]) => {
    const pool = tx.client as Pool;
    const client = await pool.acquireConnection();
    for (const { notice } of statements) if (notice !== undefined) notifyAfterCommit(tx, notice);
    const [first] = await answersOf(statements.map((statement) => send(pool, client, statement)));
    return (first?.rows ?? []) as Row[];
  };
}
