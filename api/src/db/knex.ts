import knex, { type Knex } from 'knex';
import PostgresClient from 'knex/lib/dialects/postgres/index.js';
import PostgresTransaction from 'knex/lib/dialects/postgres/execution/pg-transaction.js';
import { knexSnakeCaseMappers } from 'objection';
import type pg from 'pg';
import { noticesOf, say } from './notice.ts';
import { contractTypes } from './pg-types.ts';
import { beginStatement, type Scope } from './scope.ts';

/** What pg's client has beyond its types: written while it is corked, queries leave in one packet. */
type PgClient = pg.Client & { readonly connection: { readonly stream: { cork(): void; uncork(): void } } };

/**
 * Sends BEGIN and the settings and does not wait for the answer: the connection is in pipeline mode, so they travel with the
 * first query of the transaction in one trip. Should BEGIN fail, the settings are not there either, and row-level security
 * shows no rows and takes none: it fails closed.
 */
class ScopedTransaction extends PostgresTransaction {
  readonly #scope: Scope | undefined;

  constructor(client: unknown, container: unknown, config: { scope?: Scope } | undefined, outerTx: unknown) {
    super(client, container, config, outerTx);
    this.#scope = config?.scope;
    this.userParams = { notices: new Map() };
  }

  override begin(connection: PgClient): Promise<void> {
    const scope = this.#scope;
    if (scope === undefined) return Promise.reject(new Error('a transaction needs a scope: use withScope'));
    // In one packet with the first query, which the work of the transaction sends in this turn of the event loop.
    const { stream } = connection.connection;
    stream.cork();
    setImmediate(() => {
      stream.uncork();
    });
    // Straight to pg: knex would read a `?` in an address as a parameter.
    connection.query(beginStatement(scope)).catch(() => {
      // The first query of the transaction fails as well, and that error reaches the caller.
    });
    return Promise.resolve();
  }

  override commit(connection: PgClient, value: unknown): Promise<unknown> {
    const notices = [...noticesOf(this).values()];
    const { stream } = connection.connection;
    stream.cork();
    const committed = super.commit(connection, value);
    if (notices.length > 0) say(connection, notices);
    stream.uncork();
    return committed;
  }
}

class ScopedClient extends PostgresClient {
  override transaction(container: unknown, config: { scope?: Scope } | undefined, outerTx: unknown): unknown {
    return new ScopedTransaction(this, container, config, outerTx);
  }
}

/** What the pool tells of connections that were lost, and a query that was on its way. */
export interface DatabaseLogger {
  warn(details: { detail: string }, message: string): void;
}

/**
 * The pool of the api. It connects when the first query asks for it.
 *
 * @param poolMax connections at the most
 */
export function createKnex(options: { databaseUrl: string; poolMax: number; logger: DatabaseLogger }): Knex {
  const warn = (message: string) => {
    options.logger.warn({ detail: message }, 'knex');
  };
  return knex({
    client: ScopedClient as unknown as typeof Knex.Client,
    connection: {
      connectionString: options.databaseUrl,
      application_name: 'hortus-api',
      connectionTimeoutMillis: 5000,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      pipeline: true,
      types: contractTypes(),
    } as Knex.PgConnectionConfig,
    pool: { min: 0, max: options.poolMax },
    acquireConnectionTimeout: 10_000,
    // knex would write to stdout, where every line is JSON.
    log: { warn, error: warn, debug: warn, deprecate: warn },
    ...knexSnakeCaseMappers(),
  });
}
