import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/test/fixtures/database.ts';
import { readTestEnvironment } from '../../../tools/test/fixtures/test-environment.ts';
import { createOwnerKnex, migrateDown, migrateUp } from './migrate.ts';

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));

/** All that a migration can make in `public`, but for knex's own tables, as text. */
const DUMP = `
  select format('%s %s owner=%s acl=%s rls=%s force=%s', c.relkind, c.relname, c.relowner::regrole, c.relacl, c.relrowsecurity, c.relforcerowsecurity) as line
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname not like 'migrations%'
  union all
  select format('column %s.%s %s %s null=%s identity=%s acl=%s number=%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                pg_get_expr(d.adbin, d.adrelid), not a.attnotnull, a.attidentity, a.attacl, a.attnum)
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and c.relname not like 'migrations%'
  union all
  select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'public'::regnamespace and conrelid::regclass::text not like 'migrations%'
  union all
  select format('index %s', indexdef) from pg_indexes where schemaname = 'public' and tablename not like 'migrations%'
  union all
  select format('policy %s %s %s %s %s using=%s check=%s', tablename, policyname, permissive, roles, cmd, qual, with_check) from pg_policies
  union all
  select format('trigger %s', pg_get_triggerdef(t.oid)) from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
  union all
  select format('function %s owner=%s acl=%s', pg_get_functiondef(oid), proowner::regrole, proacl)
    from pg_proc p where pronamespace in (select oid from pg_namespace where nspname in ('public', 'search', 'directory', 'removal'))
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  union all
  select format('extension %s', extname) from pg_extension where extname <> 'plpgsql'
  union all
  select format('schema %s acl=%s', nspname, nspacl) from pg_namespace where nspname in ('search', 'directory', 'removal')
  union all
  select format('type %s %s', typtype, typname) from pg_type
    where typnamespace = 'public'::regnamespace and typname not like '%migrations%'
  order by 1`;

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ isEmpty: true });
  });
  afterAll(() => database.drop());

  it('go up, down and up again to the same schema, and leave nothing when they are down', async () => {
    const { apiDatabasePassword: apiPassword } = readTestEnvironment();
    const owner = createOwnerKnex(database.ownerUrl);
    const dump = async () => (await database.query<{ line: string }>(DUMP)).map(({ line }) => line);
    try {
      expect(await dump()).toEqual([]);
      expect(await migrateUp(owner, { apiPassword })).toEqual((await readdir(migrations)).sort());
      const first = await dump();
      expect(first.length).toBeGreaterThan(100);
      expect(await migrateUp(owner, { apiPassword })).toEqual([]);
      expect(await dump()).toEqual(first);
      await migrateDown(owner);
      expect(await dump()).toEqual([]);
      await migrateUp(owner, { apiPassword });
      expect(await dump()).toEqual(first);
    } finally {
      await owner.destroy();
    }
  });
});
