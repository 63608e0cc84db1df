/** What we extend of knex and its type declarations leave out. */
declare module 'knex/lib/dialects/postgres/index.js' {
  export default class PostgresClient {
    transaction(container: unknown, config: unknown, outerTx: unknown): unknown;
  }
}
declare module 'knex/lib/dialects/postgres/execution/pg-transaction.js' {
  export default class PostgresTransaction {
    constructor(client: unknown, container: unknown, config: unknown, outerTx: unknown);
    begin(connection: unknown): Promise<unknown>;
    commit(connection: unknown, value: unknown): Promise<unknown>;
    userParams: unknown;
  }
}
