import pg from 'pg';

/** What a statement came to: how many rows, or the SQLSTATE and the message of the refusal. */
export type Attempt = { readonly rows: number } | { readonly code: string; readonly message: string };

/** One superuser's connection, in one transaction that is never committed. */
export class SqlSession implements AsyncDisposable {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<SqlSession> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('begin');
    return new SqlSession(client);
  }

  async rows<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#client.query<Row>(sql, values)).rows;
  }

  /** Does the work and takes all of it back. */
  async undone<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#client.query('savepoint undone');
    try {
      return await work();
    } finally {
      await this.#client.query('rollback to savepoint undone; release savepoint undone');
    }
  }

  /** Tries a statement and takes it back, whether or not it was let through. */
  async attempt(sql: string, values: unknown[] = []): Promise<Attempt> {
    await this.#client.query('savepoint attempt');
    try {
      const { rowCount, rows } = await this.#client.query<{ count?: string }>(sql, values);
      return { rows: rows[0]?.count === undefined ? (rowCount ?? 0) : Number(rows[0].count) };
    } catch (error) {
      if (error instanceof pg.DatabaseError) return { code: error.code ?? '', message: error.message };
      throw error;
    } finally {
      await this.#client.query('rollback to savepoint attempt; release savepoint attempt');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.query('rollback');
    await this.#client.end();
  }
}
