import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../tools/test/fixtures/database.ts';
import { createKnex } from './knex.ts';
import { assertWalledRole } from './roles.ts';

describe('the wall of the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('stands around every table: row-level security is enabled, forced, and has a policy', async () => {
    const tables = await database.query<{ name: string; walled: boolean; policies: number }>(
      `select relname as name, relrowsecurity and relforcerowsecurity as walled,
         (select count(*)::int from pg_policy where polrelid = c.oid) as policies
       from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
         and relname not in ('migrations', 'migrations_lock')`,
    );
    expect(tables.length).toBeGreaterThanOrEqual(8);
    expect(tables.filter(({ walled, policies }) => !walled || policies === 0)).toEqual([]);
  });

  it('has no policy that asks for no setting, but for those of the instance itself', async () => {
    const open = await database.query(
      `select tablename, policyname, roles, qual, with_check from pg_policies
       where not (roles = '{hortus_instance}')
         and not (roles = '{hortus_api}' and qual like '%hortus_setting(%' and (with_check is null or with_check like '%hortus_setting(%'))`,
    );
    expect(open).toEqual([]);
  });

  it('gives the instance no more than the outbox, the age of events and the names of workspaces', async () => {
    const grants = await database.query<{ line: string }>(
      `select format('%s %s', table_name, privilege_type) as line from information_schema.role_table_grants
         where grantee = 'hortus_instance'
       union all
       select format('%s.%s %s', table_name, column_name, privilege_type) from information_schema.column_privileges
         where grantee = 'hortus_instance' and privilege_type = 'SELECT' and table_name <> 'outbox'
       order by 1`,
    );
    expect(grants.map(({ line }) => line)).toEqual([
      'events DELETE',
      'events.created_at SELECT',
      'events.id SELECT',
      'outbox DELETE',
      'outbox SELECT',
      'outbox UPDATE',
      'workspaces.id SELECT',
      'workspaces.is_demo SELECT',
      'workspaces.slug SELECT',
    ]);
  });

  it('holds for hortus_api, which owns nothing and can become no owner', async () => {
    const [role] = await database.query<Record<string, unknown>>(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
         (select count(*)::int from pg_class where relowner = r.oid) + (select count(*)::int from pg_proc where proowner = r.oid) as owned,
         has_schema_privilege(r.oid, 'public', 'create') as creates
       from pg_roles r where rolname = 'hortus_api'`,
    );
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      owned: 0,
      creates: false,
    });
    const client = new pg.Client({ connectionString: database.apiUrl });
    await client.connect();
    try {
      await expect(client.query('set role hortus_owner')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('alter table users no force row level security')).rejects.toMatchObject({
        code: '42501',
      });
      await expect(client.query('drop policy self on users')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('truncate artifacts cascade')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.end();
    }
  });

  describe('is asked for when the api starts', () => {
    async function start(url: string): Promise<void> {
      const knex = createKnex({ databaseUrl: url, poolMax: 2, logger: { warn: () => undefined } });
      try {
        await assertWalledRole(knex);
      } finally {
        await knex.destroy();
      }
    }

    /** Roles belong to the server, so the name is one of its own and the role goes again. */
    async function withRole(
      attributes: string,
      grants: (name: string) => string,
      work: (url: string) => Promise<void>,
    ) {
      const name = `test_role_${randomUUID().replaceAll('-', '')}`;
      await database.query(`create role ${name} login password 'secret' ${attributes}; ${grants(name)}`);
      try {
        await work(Object.assign(new URL(database.ownerUrl), { username: name, password: 'secret' }).href);
      } finally {
        await database.query(`drop owned by ${name}; drop role ${name}`);
      }
    }

    it('and hortus_api may', async () => {
      await expect(start(database.apiUrl)).resolves.toBeUndefined();
    });

    it('and a superuser may not', async () => {
      await expect(start(database.ownerUrl)).rejects.toThrow(/must not sign in.*as postgres.*hortus_api/);
    });

    it('and a role with BYPASSRLS may not', async () => {
      await withRole(
        'bypassrls',
        () => '',
        async (url) => {
          await expect(start(url)).rejects.toThrow(/BYPASSRLS/);
        },
      );
    });

    it('and an owner of a table may not', async () => {
      await withRole(
        '',
        (name) => `create table owned (); alter table owned owner to ${name}`,
        async (url) => {
          await expect(start(url)).rejects.toThrow(/owns tables/);
        },
      );
    });

    it('and a role that can become the owner may not', async () => {
      await withRole(
        '',
        (name) => `grant hortus_owner to ${name} with inherit false, set true`,
        async (url) => {
          await expect(start(url)).rejects.toThrow(/owns tables/);
        },
      );
    });
  });
});
