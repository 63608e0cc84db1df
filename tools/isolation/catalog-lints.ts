/*
 * What must hold of the migrated schema, asked of the catalog itself. The first group is after Supabase's splinter (the
 * numbers are its own), the second is ours. Each gives the names of what it finds fault with; `breach` is a statement that it
 * must find, since a lint that finds nothing proves nothing.
 */

export interface CatalogLint {
  readonly name: string;
  /** Rows with a column `found`. */
  readonly sql: string;
  /** Run by a superuser in a transaction that is taken back. */
  readonly breach: string;
  /** What it finds and why that is right. */
  readonly accepted?: Readonly<Record<string, string>>;
}

const SCHEMAS = `('public', 'search', 'directory', 'removal')`;
/** knex's own tables: which migrations ran. Nobody but the owner is granted anything. */
const TABLES = `
  tables as (
    select c.*, n.nspname, format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${SCHEMAS} and c.relkind in ('r', 'p') and c.relname not in ('migrations', 'migrations_lock')),
  policies as (
    select p.*, t.name as table_name, format('%s %s', t.name, p.polname) as name,
      concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as said
    from pg_policy p join tables t on t.oid = p.polrelid),
  -- What came with an extension is the extension's affair.
  functions as (
    select p.*, format('%I.%I', n.nspname, p.proname) as name
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ${SCHEMAS}
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'))`;

const lint = (name: string, select: string, breach: string, accepted: Record<string, string> = {}): CatalogLint => ({
  name,
  sql: `with ${TABLES} ${select}`,
  breach,
  accepted,
});

const INSTANCE = 'the role hortus_instance looks after the rows of all workspaces; its columns are granted one by one';
const SEARCH = 'the role hortus_search has no login and owns functions that ask for the workspace itself';
const TRIGGER = 'a trigger runs it with the rights of whoever wrote the artifact; nobody can call it';
const COUNTING =
  'a trigger that counts; its owner sees the workspace of the setting and no other, and nobody can call it';
const PURE = 'works on its arguments alone and names no table';

export const CATALOG_LINTS: readonly CatalogLint[] = [
  lint(
    'every foreign key has an index that begins with its columns (0001)',
    `select format('%s %s', t.name, k.conname) as found from pg_constraint k join tables t on t.oid = k.conrelid
     where k.contype = 'f' and not exists (
       select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
         and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)`,
    `create table breach (workspace_id uuid references workspaces (id))`,
  ),
  lint(
    'a policy reads its setting once for a query and not once for a row (0003)',
    // As the catalog prints it, a call within a sub-select follows the word SELECT.
    `select name as found from policies
     where regexp_replace(said, 'SELECT \\(?(public\\.)?(hortus_setting|current_setting)\\(', '', 'g')
       ~ '(hortus_setting|current_setting)\\('`,
    `create policy breach on artifacts for select to hortus_api using (workspace_id = hortus_setting('workspace_id')::uuid)`,
  ),
  lint(
    'of two permissive policies for the same role and verb each is there for a reason (0006)',
    `select format('%s %s: %s', a.table_name, a.polname, b.polname) as found from policies a join policies b
       on a.polrelid = b.polrelid and a.polname < b.polname and a.polpermissive and b.polpermissive
       and a.polroles && b.polroles and (a.polcmd = b.polcmd or '*' in (a.polcmd, b.polcmd))`,
    `create policy zz on artifacts for select to hortus_api using (false)`,
    {
      'public.users self: sign_in': 'signing in begins with an address and nothing else',
      'public.email_links by_email: by_id': 'a link is asked for by an address, and followed by its id',
      'public.email_links by_email: self': 'a person has the links that they asked for',
      'public.email_links by_id: self': 'a person has the links that they asked for',
      'public.openid_identities by_id: self': 'a sign-in at a provider begins with an identity and nothing else',
      'public.memberships self: workspace': 'a person sees where they belong, a workspace who belongs to it',
      'public.invitations invited: workspace': 'whoever is invited sees it, and the workspace that invites',
      'public.workspaces invited: member': 'whoever is invited sees what the workspace is called',
      'public.workspaces invited: workspace': 'whoever is invited sees what the workspace is called',
      'public.workspaces member: workspace': 'a person sees the workspaces that they belong to',
    },
  ),
  lint(
    'a table that has policies has row-level security enabled (0007)',
    `select distinct p.table_name as found from policies p join tables t on t.oid = p.polrelid where not t.relrowsecurity`,
    `alter table artifacts disable row level security`,
  ),
  lint(
    'a table that has row-level security has a policy (0008)',
    `select name as found from tables t where relrowsecurity and not exists (select from pg_policy p where p.polrelid = t.oid)`,
    `create table breach (); alter table breach enable row level security`,
  ),
  lint(
    'no view runs as its owner (0010)',
    `select format('%I.%I', n.nspname, c.relname) as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ${SCHEMAS} and (c.relkind = 'm'
       or c.relkind = 'v' and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false))
     union select name from tables where false`,
    `create view breach as select id from artifacts`,
  ),
  lint(
    'no function that does more than compute takes its search_path from whoever calls it (0011)',
    `select name as found from functions where (prosecdef or provolatile = 'v' or prolang <> (select oid from pg_language where lanname = 'sql'))
       and not exists (select from unnest(proconfig) as setting where setting like 'search_path=%')`,
    `create function breach() returns trigger language plpgsql as 'begin return null; end'`,
  ),
  lint(
    'every table has row-level security, and its owner is bound as well (0013)',
    `select name as found from tables where not (relrowsecurity and relforcerowsecurity)`,
    `alter table artifacts no force row level security`,
  ),
  lint(
    'no policy is always true (0024)',
    `select name as found from policies where said ~ '(^| )\\(?true\\)?( |$)'`,
    `create policy breach on artifacts to hortus_api using (true)`,
    {
      'public.workspaces instance': INSTANCE,
      'public.outbox instance': INSTANCE,
      'public.events instance': INSTANCE,
      'public.idempotency_keys instance': INSTANCE,
      'public.artifacts search': SEARCH,
      'public.vocabulary search': SEARCH,
      'public.mails instance': INSTANCE,
      'public.email_links instance': INSTANCE,
      'public.uploads instance': INSTANCE,
      'public.mails queue': 'a mail follows from any scope; nobody but the instance can read one',
      'public.removal_receipts instance': INSTANCE,
    },
  ),
  lint(
    'no policy is for everybody',
    `select name as found from policies where 0 = any(polroles)`,
    `create policy breach on artifacts for select using (workspace_id is null)`,
  ),
  lint(
    'the workspace is in every unique key and foreign key of a table that has one',
    `select format('%s %s', t.name, k.conname) as found from tables t
     join pg_attribute a on a.attrelid = t.oid and a.attname = 'workspace_id'
     join pg_constraint k on k.conrelid = t.oid and k.contype in ('p', 'u', 'f')
     left join tables r on r.oid = k.confrelid
     where not a.attnum = any (k.conkey)
       -- Of a person or of a session there is no workspace to name.
       and not (k.contype = 'f' and r.relname in ('users', 'sessions'))
     union
     select format('%s %s', t.name, i.indexrelid::regclass) from tables t
     join pg_attribute a on a.attrelid = t.oid and a.attname = 'workspace_id'
     join pg_index i on i.indrelid = t.oid and i.indisunique
     where not a.attnum = any (i.indkey::int2[]) and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`,
    `create table breach (workspace_id uuid references workspaces (id), slug text unique)`,
    {
      'public.events events_pkey': 'a number that the database gives; nobody chooses one, so none tells of another',
      'public.outbox outbox_pkey': 'a number that the database gives; nobody chooses one, so none tells of another',
    },
  ),
  lint(
    'nobody may execute a function of ours but who is granted it',
    `select name as found from functions
     where exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0)`,
    `create function breach() returns int language sql return 1`,
    {
      'public.hortus_setting': PURE,
      'public.hortus_fold': PURE,
      'public.hortus_mark': PURE,
      'public.hortus_vector': PURE,
      'public.hortus_words': PURE,
      'public.hortus_query': PURE,
      'public.hortus_vocabulary': PURE,
      'public.keep_artifact_tags': TRIGGER,
      'public.keep_vocabulary': TRIGGER,
      'public.notify_access_change': TRIGGER,
      'public.begin_usage': TRIGGER,
    },
  ),
  lint(
    'a function with rights of its own belongs to a role that nobody signs in as, and which owns nothing else',
    `select name as found from functions f join pg_roles r on r.oid = f.proowner
     where f.prosecdef and (r.rolcanlogin or r.rolsuper or r.rolbypassrls
       or exists (select from tables t where t.relowner = r.oid))`,
    `create function breach() returns int language sql security definer return 1`,
    {
      'public.count_artifacts': COUNTING,
      'public.count_originals': COUNTING,
      'public.count_upload_parts': COUNTING,
    },
  ),
  lint(
    'nobody else may create in a schema',
    `select format('%s %s', n.nspname, coalesce(r.rolname, 'public')) as found
     from pg_namespace n, aclexplode(n.nspacl) a left join pg_roles r on r.oid = a.grantee
     where n.nspname in ${SCHEMAS} and a.privilege_type = 'CREATE' and a.grantee <> n.nspowner
       and coalesce(r.rolname, '') <> 'hortus_owner' and coalesce(r.rolname, '') <> 'pg_database_owner'
     union select name from tables where false`,
    `grant create on schema public to hortus_api`,
  ),
];

/** Which role may do what with which table or column, as `walls.ts` writes it. */
export const GRANTS_SQL = `with ${TABLES},
  granted as (
    select t.relname as table, a.grantee, lower(a.privilege_type) as verb
    from tables t, aclexplode(coalesce(t.relacl, acldefault('r', t.relowner))) a where a.grantee <> t.relowner
    union
    select t.relname, a.grantee, format('%s(%s)', lower(a.privilege_type), c.attname)
    from tables t join pg_attribute c on c.attrelid = t.oid and not c.attisdropped, aclexplode(c.attacl) a)
  select g.table, coalesce(r.rolname, 'public') as role, string_agg(g.verb, ', ' order by g.verb collate "C") as verbs
  from granted g left join pg_roles r on r.oid = g.grantee group by 1, 2 order by 1, 2`;

export const FUNCTION_GRANTS_SQL = `with ${TABLES}
  select f.name, string_agg(r.rolname, ', ' order by r.rolname) as roles
  from functions f, aclexplode(f.proacl) a join pg_roles r on r.oid = a.grantee
  where a.grantee <> f.proowner group by 1`;
