import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Knex } from 'knex';
import { createTestDatabase, type TestDatabase } from '../../../tools/test/fixtures/database.ts';
import { createKnex } from './knex.ts';
import { withScope, withWorkspace } from './scope.ts';

/** Per table of a workspace: how a row of the workspace is made, and a harmless change. Values are given as $1 and $2. */
const TABLES: Record<string, { insert: string; change: string }> = {
  workspaces: { insert: `insert into workspaces (id, slug, name) values ($1, 'w-' || $1, 'W')`, change: 'name = name' },
  memberships: {
    insert: `insert into memberships (workspace_id, user_id, role) values ($1, $2, 'owner')`,
    change: `role = 'member'`,
  },
  artifacts: { insert: `insert into artifacts (workspace_id, id, name) values ($1, $2, 'A')`, change: `name = 'B'` },
  variants: {
    insert: `insert into variants values ($1, $2, 1, 'webp', 320, 200, 1000, 'hash', now())`,
    change: `hash = 'x'`,
  },
  events: {
    insert: `insert into events (workspace_id, type, artifact_id) values ($1, 'artifact.changed', $2)`,
    change: '',
  },
  outbox: { insert: `insert into outbox (workspace_id, workflow, input) values ($1, 'w', json_build_object('id', $2))`, change: '' }, // prettier-ignore
};
const REFUSED = /violates row-level security policy|permission denied/;

describe('a scope', () => {
  let database: TestDatabase;
  let knex: Knex;
  const a = randomUUID();
  const b = randomUUID();
  const id = randomUUID();
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query(`insert into users (id, email, display_name, password_hash) values ($1, 'u', 'U', 'h')`, [id]);
    for (const workspaceId of [a, b]) {
      for (const { insert } of Object.values(TABLES)) {
        await database.query(insert.replaceAll('$1', `'${workspaceId}'::uuid`).replaceAll('$2', `'${id}'::uuid`));
      }
    }
    const userId = randomUUID();
    await database.query(`insert into users (id, email, display_name, password_hash) values ($1, 'v', 'V', 'h')`, [
      userId,
    ]);
    await database.query(`insert into sessions (user_id, user_agent, expires_at) values ($1, '', now())`, [userId]);
  });
  afterAll(() => database.drop());
  beforeEach(() => {
    knex = createKnex({ databaseUrl: database.apiUrl, poolMax: 1, logger: { warn: () => undefined } });
  });
  afterEach(() => knex.destroy());

  const column = (table: string) => (table === 'workspaces' ? 'id' : 'workspace_id');
  const snapshot = async () => {
    const rows = await Promise.all(
      Object.keys(TABLES).map((table) => database.query(`select * from ${table} t order by t::text`)),
    );
    return JSON.stringify(rows);
  };
  async function run(workspaceId: string, sql: string): Promise<{ rowCount: number; rows: Record<string, unknown>[] }> {
    return withWorkspace(knex, workspaceId, async (tx) => tx.raw(sql));
  }

  it('covers every table that names a workspace', async () => {
    const tables = await database.query<{ name: string }>(
      `select table_name as name from information_schema.columns
       where table_schema = 'public' and column_name = 'workspace_id' and table_name <> 'workspaces'`,
    );
    expect(tables.map(({ name }) => name).sort()).toEqual(Object.keys(TABLES).filter((name) => name !== 'workspaces').sort()); // prettier-ignore
  });

  it('is needed: without one no table shows a row or takes one', async () => {
    const tables = await database.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_name not like 'migrations%'`,
    );
    expect(tables.length).toBeGreaterThanOrEqual(8);
    for (const { name } of tables) {
      const [all] = await database.query<{ count: string }>(`select count(*) as count from ${name}`);
      expect([name, Number(all?.count)]).not.toEqual([name, 0]);
      const { rows } = await knex.raw<{ rows: unknown[] }>(`select 1 from ${name}`);
      expect([name, rows]).toEqual([name, []]);
    }
    for (const { insert } of Object.values(TABLES)) {
      const sql = insert.replaceAll('$1', `'${randomUUID()}'::uuid`).replaceAll('$2', `'${id}'::uuid`);
      await expect(knex.raw(sql)).rejects.toThrow(/violates row-level security policy/);
    }
    await expect(
      knex.raw(`insert into users (email, display_name, password_hash) values ('x', 'X', 'h')`),
    ).rejects.toThrow(/violates row-level security policy/);
    await expect(
      knex.raw(`insert into sessions (user_id, user_agent, expires_at) values ('${id}', '', now())`),
    ).rejects.toThrow(/violates row-level security policy/);
  });

  it('is needed for a transaction', async () => {
    await expect(knex.transaction(async (tx) => tx.raw('select 1'))).rejects.toThrow(/use withScope/);
  });

  describe.each(Object.entries(TABLES))('of a workspace, on %s,', (table, { insert, change }) => {
    it('shows its own rows and none of another', async () => {
      const { rows } = await run(a, `select ${column(table)} as w from ${table}`);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter(({ w }) => w !== a)).toEqual([]);
      expect((await run(a, `select 1 from ${table} where ${column(table)} = '${b}'`)).rows).toEqual([]);
    });

    it('adds, changes and deletes nothing of another', async () => {
      const before = await snapshot();
      const sql = insert
        .replaceAll('$1', `'${table === 'workspaces' ? randomUUID() : b}'::uuid`)
        .replaceAll('$2', `'${id}'::uuid`);
      await expect(run(a, sql)).rejects.toThrow(REFUSED);
      // Where the role may not change or delete at all, that is as good.
      const tryRun = (text: string) =>
        run(a, text).then(
          ({ rowCount }) => rowCount,
          (error: unknown) => (String(error).includes('permission denied') ? 0 : Promise.reject(error as Error)),
        );
      if (change !== '') {
        expect(await tryRun(`update ${table} set ${change} where ${column(table)} = '${b}'`)).toBe(0);
        await expect(run(a, `update ${table} set ${column(table)} = '${b}'`)).rejects.toThrow(REFUSED);
      }
      expect(await tryRun(`delete from ${table} where ${column(table)} = '${b}'`)).toBe(0);
      expect(await snapshot()).toBe(before);
    });
  });

  it('of a session shows that session, of an address that person, and no others', async () => {
    const [session] = await database.query<{ id: string }>('select id from sessions');
    const seen = await withScope(knex, { sessionId: String(session?.id) }, async (tx) => [
      await tx('sessions').select('id'),
      await tx('users').select('id'),
    ]);
    expect(seen).toEqual([[session], []]);
    expect(await withScope(knex, { email: 'u' }, (tx) => tx('users').select('id'))).toEqual([{ id }]);
    expect(await withScope(knex, { email: "u' or '1'='1" }, (tx) => tx('users').select('id'))).toEqual([]);
  });

  it.each(['plain@x.test', "o'neill@x.test", 'what?@x.test', '\\?@x.test', '\\\\??@x.test', '$1:a@x.test'])(
    'takes the address %s as it is',
    async (email) => {
      const { rows } = await withScope(knex, { email }, (tx) =>
        tx.raw<{ rows: { email: string }[] }>(`select hortus_setting('email') as email`),
      );
      expect(rows).toEqual([{ email }]);
    },
  );

  it('travels with the first query: BEGIN, the settings and the query are one trip', async () => {
    const pool = knex.client as Knex.Client;
    const client = (await pool.acquireConnection()) as { connection: { stream: Socket } };
    const { stream } = client.connection;
    await pool.releaseConnection(client);
    const log: ('out' | 'in')[] = [];
    const write = stream.write.bind(stream);
    stream.write = ((...args: Parameters<Socket['write']>) => {
      log.push('out');
      return write(...args);
    }) as Socket['write'];
    stream.prependListener('data', () => log.push('in'));
    const { rows } = await withWorkspace(knex, a, (tx) =>
      tx.raw<{ rows: unknown[] }>(`select hortus_setting('workspace_id') as id`),
    );
    expect(rows).toEqual([{ id: a }]);
    const trips = log.filter((direction, index) => direction === 'out' && log[index - 1] !== 'out');
    // The second one is COMMIT.
    expect(trips).toHaveLength(2);
  });

  it('ends with its transaction, be it committed or rolled back', async () => {
    const state = () =>
      knex.raw<{ rows: unknown[] }>(
        `select current_user as role, hortus_setting('workspace_id') as workspace, hortus_setting('user_id') as "user",
           hortus_setting('session_id') as session, hortus_setting('email') as email, pg_backend_pid() as pid`,
      );
    const before = (await state()).rows;
    const scope = { workspaceId: a, userId: id, sessionId: id, email: 'u' };
    await withScope(knex, { ...scope, instance: true }, (tx) => tx.raw('select 1'));
    expect((await state()).rows).toEqual(before);
    await expect(
      withScope(knex, scope, async (tx) => {
        await tx.raw(`update artifacts set name = 'half done'`);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await expect(withScope(knex, scope, (tx) => tx.raw('select 1 / 0'))).rejects.toThrow(/division by zero/);
    await expect(withWorkspace(knex, a, () => Promise.reject(new Error('before any query')))).rejects.toThrow('before');
    expect((await state()).rows).toEqual(before);
    expect(await database.query(`select 1 from artifacts where name = 'half done'`)).toEqual([]);
  });

  it('that is no UUID reaches no database', async () => {
    await expect(
      withScope(knex, { workspaceId: `${a}'; drop table artifacts; --` }, (tx) => tx.raw('select 1')),
    ).rejects.toThrow('workspace_id of a scope must be a UUID');
    expect(await database.query('select 1 from artifacts limit 1')).toHaveLength(1);
  });
});
