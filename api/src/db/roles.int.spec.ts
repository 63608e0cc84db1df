import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../tools/test/fixtures/database.ts';
import { createKnex } from './knex.ts';
import { assertWalledRole } from './roles.ts';
import { withWorkspace } from './scope.ts';

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

  it('has no policy that asks for no setting, but for those of the instance itself, of search, and for putting in a mail', async () => {
    const open = await database.query(
      `select tablename, policyname, roles, qual, with_check from pg_policies
       where not (roles = '{hortus_instance}')
         and not (roles = '{hortus_api}' and tablename = 'mails' and cmd = 'INSERT')
         and not (roles = '{hortus_search}' and cmd = 'SELECT' and tablename in ('artifacts', 'artifact_tags', 'vocabulary'))
         and not (roles in ('{hortus_api}', '{hortus_directory}', '{hortus_remover}', '{hortus_owner}')
                  and coalesce(qual, with_check) like '%hortus_setting(%'
                  and coalesce(with_check, qual) like '%hortus_setting(%')`,
    );
    expect(open).toEqual([]);
  });

  it('gives the instance no more than the outbox, the mails, the age of links, events and uploads, the names of workspaces and what was removed', async () => {
    const grants = await database.query<{ line: string }>(
      `select format('%s %s', table_name, privilege_type) as line from information_schema.role_table_grants
         where grantee = 'hortus_instance'
       union all
       select format('%s.%s %s', table_name, column_name, privilege_type) from information_schema.column_privileges
         where grantee = 'hortus_instance' and privilege_type = 'SELECT' and table_name not in ('outbox', 'mails', 'removal_receipts')
       order by 1`,
    );
    expect(grants.map(({ line }) => line)).toEqual([
      'email_links DELETE',
      'email_links.expires_at SELECT',
      'events DELETE',
      'events.created_at SELECT',
      'idempotency_keys DELETE',
      'idempotency_keys.created_at SELECT',
      'mails DELETE',
      'mails SELECT',
      'outbox DELETE',
      'outbox SELECT',
      'removal_receipts SELECT',
      'uploads.completed_at SELECT',
      'uploads.expires_at SELECT',
      'uploads.id SELECT',
      'uploads.offset_bytes SELECT',
      'uploads.workspace_id SELECT',
      'workspaces.id SELECT',
      'workspaces.is_demo SELECT',
      'workspaces.removed_from SELECT',
      'workspaces.slug SELECT',
      'workspaces.was_declared SELECT',
    ]);
  });

  it.each([
    ['hortus_search', 'search', ['find_artifacts', 'match_artifacts', 'similar_words'], ['SELECT']],
    ['hortus_directory', 'directory', ['find_member', 'find_member_id'], ['SELECT']],
    ['hortus_remover', 'removal', ['remove_rows'], ['SELECT', 'UPDATE']],
  ])(
    'lets %s sign in nowhere and own the functions of the schema %s alone; nobody but the owner can take it',
    async (name, schema, functions, privileges) => {
      const [role] = await database.query<Record<string, unknown>>(
        `select rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as can,
           (select count(*)::int from pg_class where relowner = r.oid) as relations,
           array(select proname::text from pg_proc where proowner = r.oid order by 1) as functions,
           array(select m.member::regrole::text from pg_auth_members m where m.roleid = r.oid order by 1) as takers,
           array(select distinct privilege_type::text from information_schema.column_privileges
                 where grantee = rolname order by 1) as privileges,
           has_schema_privilege(r.oid, $2, 'create') or has_schema_privilege(r.oid, 'public', 'create') as creates
         from pg_roles r where rolname = $1`,
        [name, schema],
      );
      expect(role).toEqual({
        can: false,
        relations: 0,
        functions,
        takers: ['hortus_owner'],
        privileges,
        creates: false,
      });
    },
  );

  it('tells a workspace the addresses and names of its members, and of nobody else; and no hash to anybody', async () => {
    const [acme, umbrella] = [randomUUID(), randomUUID()];
    const [ada, ben] = [randomUUID(), randomUUID()];
    await database.query(`insert into workspaces (id, slug, name) values ($1, 'acme', 'Acme'), ($2, 'umbrella', 'U')`, [
      acme,
      umbrella,
    ]);
    await database.query(
      `insert into users (id, email, display_name, password_hash) values ($1, 'ada@x.test', 'Ada', 'h'), ($2, 'ben@x.test', 'Ben', 'h')`,
      [ada, ben],
    );
    await database.query(
      `insert into memberships (workspace_id, user_id, role) values ($1, $2, 'owner'), ($3, $4, 'owner')`,
      [acme, ada, umbrella, ben],
    );
    const knex = createKnex({ databaseUrl: database.apiUrl, poolMax: 2, logger: { warn: () => undefined } });
    try {
      const seen = await withWorkspace(knex, acme, async (tx) => {
        const named = await tx.raw<{ rows: unknown[] }>(
          `select p.* from unnest(array[:ada, :ben]::uuid[]) as id cross join lateral directory.find_member(id) as p`,
          { ada, ben },
        );
        const ids = await tx.raw<{ rows: unknown[] }>(
          `select directory.find_member_id('ada@x.test') as ada, directory.find_member_id('ben@x.test') as ben`,
        );
        return { named: named.rows, ids: ids.rows, accounts: await tx('users').select('passwordHash') };
      });
      expect(seen).toEqual({
        named: [{ email: 'ada@x.test', display_name: 'Ada' }],
        ids: [{ ada, ben: null }],
        accounts: [],
      });
    } finally {
      await knex.destroy();
    }
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
