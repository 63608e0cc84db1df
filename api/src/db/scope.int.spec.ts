import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Knex } from 'knex';
import { createTestDatabase, type TestDatabase } from '../../../tools/test/fixtures/database.ts';
import { createKnex } from './knex.ts';
import { askOnce } from './one-trip.ts';
import { withScope, withWorkspace } from './scope.ts';

/**
 * Per table of a workspace (every table is tried in tools/isolation, where one that is missing is found): how a row of the workspace is made, and a harmless change.
 * Values are given as $1 and $2.
 */
const TABLES: Record<string, { insert: string; change: string }> = {
  workspaces: { insert: `insert into workspaces (id, slug, name) values ($1, 'w-' || $1, 'W')`, change: 'name = name' },
  memberships: {
    insert: `insert into memberships (workspace_id, user_id, role) values ($1, $2, 'owner')`,
    change: `role = 'member'`,
  },
  api_tokens: {
    insert: `insert into api_tokens (workspace_id, user_id, name, scopes, prefix, sha256, expires_at)
      values ($1, $2, 'T', '{read}', 'hortus_', 'x', now())`,
    change: 'last_used_at = now()',
  },
  artifacts: { insert: `insert into artifacts (workspace_id, id, name) values ($1, $2, 'A')`, change: `name = 'B'` },
  artifact_tags: {
    insert: `insert into artifact_tags (workspace_id, artifact_id, tag) values ($1, $2, 'T')`,
    change: `tag = 'U'`,
  },
  vocabulary: { insert: `insert into vocabulary (workspace_id, word) values ($1, 'word')`, change: `word = 'other'` },
  audit_log: {
    insert: `insert into audit_log (workspace_id, user_id, action) values ($1, $2, 'artifact.created')`,
    change: `action = 'artifact.trashed'`,
  },
  invitations: {
    insert: `insert into invitations (workspace_id, invited_by, inviter_name, email, role, sha256, expires_at)
      values ($1, $2, 'U', 'w', 'member', 'x', now())`,
    change: `role = 'owner'`,
  },
  shares: {
    insert: `insert into shares (workspace_id, id, user_id, sha256, with_originals, expires_at) values ($1, $2, $2, 'x', true, now())`,
    change: `sha256 = 'y'`,
  },
  share_artifacts: {
    insert: `insert into share_artifacts (workspace_id, share_id, artifact_id, place) values ($1, $2, $2, 1)`,
    change: 'place = 2',
  },
  variants: {
    insert: `insert into variants values ($1, $2, 1, 'webp', 320, 200, 1000, 'hash', now())`,
    change: `hash = 'x'`,
  },
  versions: {
    insert: `insert into versions (workspace_id, artifact_id, version, kind, content_type, size_bytes, sha256)
      values ($1, $2, 1, 'file', 't', 1, 's')`,
    change: 'size_bytes = 2',
  },
  loose_objects: { insert: `insert into loose_objects (workspace_id, key) values ($1, 'k')`, change: 'since = now()' },
  demo_keys: { insert: `insert into demo_keys (workspace_id, key) values ($1, 'k')`, change: `key = 'l'` },
  uploads: {
    insert: `insert into uploads (workspace_id, id, user_id, metadata, expires_at) values ($1, $2, $2, '', now())`,
    change: 'expires_at = now()',
  },
  upload_parts: {
    insert: `insert into upload_parts (workspace_id, upload_id, offset_bytes, size_bytes, object_key) values ($1, $2, 0, 1, 'k')`,
    change: 'size_bytes = 2',
  },
  // Every workspace begins with a row.
  workspace_usage: {
    insert: 'insert into workspace_usage (workspace_id) values ($1) on conflict do nothing',
    change: 'bytes_max = 1',
  },
  events: {
    insert: `insert into events (workspace_id, type, artifact_id) values ($1, 'artifact.changed', $2)`,
    change: '',
  },
  outbox: { insert: `insert into outbox (workspace_id, workflow, input) values ($1, 'w', json_build_object('id', $2))`, change: '' }, // prettier-ignore
};
/** The same per table of a person: $1 is the person, $2 anything that tells rows apart. */
const OWN_TABLES: Record<string, { insert: string; change: string }> = {
  sessions: {
    insert: `insert into sessions (user_id, user_agent, expires_at) values ($1, $2, now())`,
    change: 'ended_at = now()',
  },
  totp_secrets: { insert: `insert into totp_secrets (user_id, sealed_secret) values ($1, $2::bytea)`, change: 'last_step = 9' }, // prettier-ignore
  recovery_codes: { insert: `insert into recovery_codes (user_id, sha256) values ($1, $2)`, change: 'used_at = now()' },
  passkeys: {
    insert: `insert into passkeys (user_id, credential_id, public_key, counter, transports, name, is_synced)
      values ($1, $2, '', 0, '{}', 'P', false)`,
    change: `name = 'Q'`,
  },
  openid_identities: {
    insert: `insert into openid_identities (id, user_id, issuer, subject) values ($2, $1, 'i', 's')`,
    change: 'last_used_at = now()',
  },
  used_challenges: {
    insert: `insert into used_challenges (sha256, user_id, expires_at) values ($2, $1, now())`,
    change: '',
  },
};
/** What the api puts in and others read. */
const ONLY_WRITTEN = ['outbox', 'vocabulary'];
const REFUSED = /violates row-level security policy|permission denied/;

describe('a scope', () => {
  let database: TestDatabase;
  let knex: Knex;
  const a = randomUUID();
  const b = randomUUID();
  const id = randomUUID();
  const userId = randomUUID();
  const ownRow = (insert: string, of: string) =>
    insert.replaceAll('$1', `'${of}'::uuid`).replaceAll('$2', `'${randomUUID()}'`);
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query(`insert into users (id, email, display_name, password_hash) values ($1, 'u', 'U', 'h')`, [id]);
    for (const workspaceId of [a, b]) {
      for (const { insert } of Object.values(TABLES)) {
        await database.query(insert.replaceAll('$1', `'${workspaceId}'::uuid`).replaceAll('$2', `'${id}'::uuid`));
      }
    }
    await database.query(`insert into users (id, email, display_name, password_hash) values ($1, 'v', 'V', 'h')`, [
      userId,
    ]);
    for (const { insert } of Object.values(OWN_TABLES)) {
      await database.query(ownRow(insert, id));
      await database.query(ownRow(insert, userId));
    }
    await database.query(
      `insert into mails (recipient, subject, body_text, body_html, expires_at) values ('u', '', '', '', now())`,
    );
    await database.query(`insert into removal_receipts (id, slug, deleted_at) values ($1, 'w', now())`, [randomUUID()]);
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

  it('is needed: without one no table shows a row or takes one', async () => {
    for (const name of [...Object.keys(TABLES), ...Object.keys(OWN_TABLES), 'users', 'mails', 'removal_receipts']) {
      const [all] = await database.query<{ count: string }>(`select count(*) as count from ${name}`);
      expect([name, Number(all?.count)]).not.toEqual([name, 0]);
      // Where the role may not read at all, that is as good.
      const rows = await knex.raw<{ rows: unknown[] }>(`select 1 from ${name}`).then(
        (found) => found.rows,
        (error: unknown) => (String(error).includes('permission denied') ? [] : Promise.reject(error as Error)),
      );
      expect([name, rows]).toEqual([name, []]);
    }
    for (const { insert } of Object.values(TABLES)) {
      const sql = insert.replaceAll('$1', `'${randomUUID()}'::uuid`).replaceAll('$2', `'${id}'::uuid`);
      await expect(knex.raw(sql)).rejects.toThrow(/violates row-level security policy/);
    }
    await expect(
      knex.raw(`insert into users (email, display_name, password_hash) values ('x', 'X', 'h')`),
    ).rejects.toThrow(/violates row-level security policy/);
    for (const { insert } of Object.values(OWN_TABLES)) {
      await expect(knex.raw(ownRow(insert, id))).rejects.toThrow(/violates row-level security policy/);
    }
  });

  it('is needed for a transaction', async () => {
    await expect(knex.transaction(async (tx) => tx.raw('select 1'))).rejects.toThrow(/use withScope/);
  });

  describe.each(Object.entries(TABLES))('of a workspace, on %s,', (table, { insert, change }) => {
    it('shows its own rows and none of another', async () => {
      if (ONLY_WRITTEN.includes(table)) {
        await expect(run(a, `select 1 from ${table}`)).rejects.toThrow('permission denied');
        return;
      }
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

  describe.each(Object.entries(OWN_TABLES))('of a person, on %s,', (table, { insert, change }) => {
    const asOwner = (sql: string) =>
      withScope(knex, { userId: id }, (tx) => tx.raw<{ rowCount: number; rows: { user_id: string }[] }>(sql));

    it('shows and touches what is their own, and nothing of anybody else', async () => {
      const rows = () => database.query(`select * from ${table} where user_id = $1`, [userId]);
      const before = await rows();
      expect(before).toHaveLength(1);
      expect((await asOwner(`select user_id from ${table}`)).rows.map((row) => row.user_id)).toEqual([id]);
      await expect(asOwner(ownRow(insert, userId))).rejects.toThrow(REFUSED);
      if (change !== '') {
        expect((await asOwner(`update ${table} set ${change}`)).rowCount).toBe(1);
        await expect(asOwner(`update ${table} set user_id = '${userId}'`)).rejects.toThrow(REFUSED);
      }
      // Where the role may not delete at all, that is as good.
      const deleted = await asOwner(`delete from ${table} where user_id <> '${id}'`).catch((error: unknown) => error);
      expect(deleted).toEqual(
        deleted instanceof Error
          ? expect.objectContaining({ message: expect.stringMatching(REFUSED) as unknown })
          : expect.objectContaining({ rowCount: 0 }),
      );
      expect(await rows()).toEqual(before);
    });
  });

  it('of an identity shows whose it is, and no other', async () => {
    const [identity] = await database.query<{ id: string }>('select id from openid_identities limit 1');
    const shown = await withScope(knex, { identity: String(identity?.id) }, async (tx) => [
      await tx('openidIdentities').select('id'),
      await tx('users').select('id'),
    ]);
    expect(shown).toEqual([[identity], []]);
  });

  it('of an address shows that person, and nobody else', async () => {
    expect(await withScope(knex, { email: 'u' }, (tx) => tx('users').select('id'))).toEqual([{ id }]);
    expect(await withScope(knex, { email: "u' or '1'='1" }, (tx) => tx('users').select('id'))).toEqual([]);
  });

  it('of a workspace shows no account, not even of its members, and changes none of them', async () => {
    expect((await run(a, 'select id from users')).rows).toEqual([]);
    expect((await run(a, `update users set display_name = 'X'`)).rowCount).toBe(0);
    expect((await run(a, 'delete from users')).rowCount).toBe(0);
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
           hortus_setting('email') as email, pg_backend_pid() as pid`,
      );
    const before = (await state()).rows;
    const scope = { workspaceId: a, userId: id, email: 'u' };
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
    await expect(askOnce(knex, { workspaceId: 'none' }, { text: 'select 1', values: [] })).rejects.toThrow(
      'must be a UUID',
    );
    // The pool has one connection, which still answers.
    expect(await askOnce(knex, {}, { text: 'select 1 as one', values: [] })).toEqual([{ one: 1 }]);
    expect(await database.query('select 1 from artifacts limit 1')).toHaveLength(1);
  });
});
