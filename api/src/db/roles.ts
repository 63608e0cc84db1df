import type { Knex } from 'knex';

/**
 * The roles of the database:
 * - `hortus_owner` owns the tables; migrations run as it. No login.
 * - `hortus_api` is what the api signs in as. Forced row-level security holds for it.
 * - `hortus_instance` sees the outbox of all workspaces. No login; the api takes it for single transactions (SET ROLE) and
 *   does not inherit it, so no other transaction has its rights.
 * - `hortus_search` owns the search function and may read what that needs of all workspaces. No login; nobody takes it.
 * - `hortus_directory` owns the function that names members, and may read no more of accounts than it tells. Likewise.
 * - `hortus_remover` owns the function that empties a workspace whose removal has begun. Likewise.
 *
 * Roles belong to the whole server, so another database may have made them already, even at this moment.
 */
export async function ensureRoles(knex: Knex, options: { apiPassword: string }): Promise<void> {
  const makeRole = (name: string, attributes: string) => `
    begin
      create role ${name} ${attributes};
    exception when duplicate_object or unique_violation then
      null;
    end;`;
  await knex.raw(`do $$ begin
    ${makeRole('hortus_owner', 'nologin')}
    ${makeRole('hortus_api', 'login nosuperuser nobypassrls nocreatedb nocreaterole')}
    ${makeRole('hortus_instance', 'nologin')}
    ${makeRole('hortus_search', 'nologin')}
    ${makeRole('hortus_directory', 'nologin')}
    ${makeRole('hortus_remover', 'nologin')}
  end $$`);
  // One at a time over all databases of the server: two that alter the same role at once fail ("tuple concurrently updated").
  await knex.transaction(async (tx) => {
    await tx.raw("select pg_advisory_xact_lock(hashtext('hortus roles'))");
    // ALTER ROLE takes no parameters, and knex reads a `?` in its text as one: the password goes by a setting.
    await tx.raw("select set_config('hortus.api_password', ?, true)", [options.apiPassword]);
    await tx.raw(`do $$ begin
      execute format('alter role hortus_api password %L', current_setting('hortus.api_password'));
    end $$`);
    await tx.raw('grant hortus_instance to hortus_api with inherit false, set true');
    await tx.raw('grant hortus_owner to current_user');
    // To hand functions over; the owner does not inherit what those roles may do.
    await tx.raw('grant hortus_search, hortus_directory, hortus_remover to hortus_owner with inherit false, set true');
    await tx.raw('grant create, usage on schema public to hortus_owner');
    // For the schema and the trusted extensions of search.
    await tx.raw(`do $$ begin
      execute format('grant create on database %I to hortus_owner', current_database());
    end $$`);
    await tx.raw(
      'grant usage on schema public to hortus_api, hortus_instance, hortus_search, hortus_directory, hortus_remover',
    );
  });
}

/**
 * Refuses a role that row-level security does not hold for.
 *
 * @throws when the session's role is a superuser, has BYPASSRLS, or owns a table or can become the one who does
 */
export async function assertWalledRole(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { name: string; unwalled: boolean; owns: boolean }[] }>(`
    select current_user as name, rolsuper or rolbypassrls as unwalled,
      exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'public' and c.relkind = 'r' and pg_has_role(r.oid, c.relowner, 'member')) as owns
    from pg_roles r where rolname = current_user`);
  const role = rows[0];
  if (role === undefined) throw new Error('the database does not say which role the api has');
  if (role.unwalled || role.owns) {
    throw new Error(
      `The api must not sign in to the database as ${role.name}, which is a superuser, has BYPASSRLS or owns tables: ` +
        'row-level security would not hold. Let HORTUS_DATABASE_URL name the role hortus_api.',
    );
  }
}
