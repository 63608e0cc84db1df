import type { SqlSession } from './sql-session.ts';

/** Something that keeps workspaces apart, taken away or opened; the tests must notice. */
export interface SchemaMutant {
  readonly name: string;
  readonly kind: 'policy' | 'grant' | 'row-level security' | 'added grant';
  /** Run by a superuser, in a transaction that is taken back. */
  readonly sql: string;
  readonly table: string | null;
  /** Whom a policy is for. */
  readonly roles?: readonly string[];
}

interface PolicyRow {
  readonly roles: readonly string[];
  readonly table: string;
  readonly name: string;
  readonly using: string | null;
  readonly check: string | null;
}

/**
 * Dropped, and each of its conditions true. One that its role can't come to is none: it may neither see nor change a row, or
 * for a check neither insert one nor change a column that the check looks at.
 */
async function policyMutants(session: SqlSession): Promise<SchemaMutant[]> {
  const policies = await session.rows<PolicyRow & Record<string, unknown>>(
    `select c.relname as table, p.polname as name,
       case when exists (
         select from unnest(p.polroles) as r (role)
         where has_any_column_privilege(r.role, c.oid, 'select, update') or has_table_privilege(r.role, c.oid, 'delete'))
         then pg_get_expr(p.polqual, c.oid) end as using,
       case when exists (
         select from unnest(p.polroles) as r (role)
         where has_any_column_privilege(r.role, c.oid, 'insert') or exists (
           select from pg_depend d where d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refobjid = c.oid
             and d.refobjsubid > 0 and has_column_privilege(r.role, c.oid, d.refobjsubid::int2, 'update')))
         then pg_get_expr(p.polwithcheck, c.oid) end as check,
       array(select rolname::text from pg_roles where oid = any(p.polroles)) as roles
     from pg_policy p join pg_class c on c.oid = p.polrelid
     where c.relnamespace = 'public'::regnamespace order by 1, 2`,
  );
  return policies.flatMap(({ table, name, using, check, roles }) => {
    const alter = (what: string) => `alter policy ${name} on ${table} ${what}`;
    const mutant = (what: string, sql: string): SchemaMutant => ({
      name: `policy ${name} on ${table}: ${what}`,
      kind: 'policy',
      sql,
      table,
      roles,
    });
    return [
      mutant('dropped', `drop policy ${name} on ${table}`),
      ...(using === null || using === 'true' ? [] : [mutant('using (true)', alter('using (true)'))]),
      ...(check === null || check === 'true' ? [] : [mutant('with check (true)', alter('with check (true)'))]),
    ];
  });
}

async function grantMutants(session: SqlSession): Promise<SchemaMutant[]> {
  const grants = await session.rows<{ sql: string; table: string | null }>(
    `with ours as (select c.* from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p'))
     select format('revoke %s on %I from %I', lower(privilege_type), c.relname, r.rolname) as sql, c.relname as table
     from ours c, aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee where a.grantee <> c.relowner
     union
     select format('revoke %s (%I) on %I from %I', lower(privilege_type), t.attname, c.relname, r.rolname), c.relname
     from ours c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a join pg_roles r on r.oid = a.grantee
     union
     select format('revoke execute on function %s from %I', p.oid::regprocedure, r.rolname), null
     from pg_proc p, aclexplode(p.proacl) a join pg_roles r on r.oid = a.grantee
     where p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) and a.grantee <> p.proowner
       and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
     union
     select format('revoke usage on schema %I from %I', n.nspname, r.rolname), null
     from pg_namespace n, aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
     where n.nspname !~ '^pg_|^information_schema$' and r.rolname like 'hortus%' and a.privilege_type = 'USAGE'
       and a.grantee <> n.nspowner
       -- What everybody may, one can't be kept from.
       and not exists (select from aclexplode(n.nspacl) e where e.grantee = 0 and e.privilege_type = 'USAGE')
     order by 1`,
  );
  return grants.map(({ sql, table }) => ({ name: sql, kind: 'grant', sql, table }));
}

async function otherMutants(session: SqlSession): Promise<SchemaMutant[]> {
  const tables = await session.rows<{ table: string }>(
    `select relname as table from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity order by 1`,
  );
  const added = await session.rows<{ sql: string; table: string }>(
    `select format('grant %s on %I to %I', verb, c.relname, r.rolname) as sql, c.relname as table
     from pg_class c, pg_roles r, unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as verb
     where c.relnamespace = 'public'::regnamespace and c.relrowsecurity
       and r.rolname like 'hortus%' and r.rolname <> 'hortus_owner'
       and not has_table_privilege(r.oid, c.oid, verb) order by 1`,
  );
  return [
    ...tables.flatMap(({ table }) =>
      (['disable', 'no force'] as const).map((what): SchemaMutant => {
        const sql = `alter table ${table} ${what} row level security`;
        return { name: sql, kind: 'row-level security', sql, table };
      }),
    ),
    ...added.map(({ sql, table }): SchemaMutant => ({ name: sql, kind: 'added grant', sql, table })),
  ];
}

/** Read from the catalog, so that a new policy, grant or table has its mutants. */
export async function listSchemaMutants(session: SqlSession): Promise<SchemaMutant[]> {
  return [...(await policyMutants(session)), ...(await grantMutants(session)), ...(await otherMutants(session))];
}
