import type { Knex } from 'knex';

/**
 * Every table is walled: row-level security is forced, and a policy compares a column with a setting that the transaction
 * carries (`hortus.workspace_id`, `hortus.user_id`, …). Without the setting there are no rows. The inner `select` lets
 * PostgreSQL read the setting once for a query and not once for a row; `nullif` is needed since a setting that was local to
 * an earlier transaction reads as '' and not as null.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function hortus_setting(name text) returns text
      language sql stable parallel safe
      return nullif(current_setting('hortus.' || name, true), '');

    create table users (
      id uuid primary key default uuidv7(),
      email text not null unique check (email = lower(email)),
      display_name text not null,
      password_hash text not null,
      is_demo boolean not null default false,
      created_at timestamptz not null default now()
    );
    alter table users enable row level security;
    alter table users force row level security;
    create policy self on users for all to hortus_api
      using (id = (select hortus_setting('user_id')::uuid))
      with check (id = (select hortus_setting('user_id')::uuid));
    -- Signing in begins with an address and nothing else: it may see the one row that the address names.
    create policy sign_in on users for select to hortus_api
      using (email = (select hortus_setting('email')));

    create table sessions (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null references users (id) on delete cascade,
      counter bigint not null default 0,
      user_agent text not null,
      created_at timestamptz not null default now(),
      last_used_at timestamptz not null default now(),
      expires_at timestamptz not null,
      ended_at timestamptz
    );
    create index sessions_user on sessions (user_id);
    alter table sessions enable row level security;
    alter table sessions force row level security;
    create policy self on sessions for all to hortus_api
      using (user_id = (select hortus_setting('user_id')::uuid))
      with check (user_id = (select hortus_setting('user_id')::uuid));
    -- A refresh begins with a session and nothing else.
    create policy by_id on sessions for all to hortus_api
      using (id = (select hortus_setting('session_id')::uuid))
      with check (id = (select hortus_setting('session_id')::uuid));

    create table workspaces (
      id uuid primary key default uuidv7(),
      slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 63),
      name text not null,
      is_demo boolean not null default false,
      created_at timestamptz not null default now()
    );
    create table memberships (
      workspace_id uuid not null references workspaces (id) on delete cascade,
      user_id uuid not null references users (id) on delete cascade,
      role text not null check (role in ('owner', 'admin', 'member')),
      created_at timestamptz not null default now(),
      primary key (workspace_id, user_id)
    );
    create index memberships_user on memberships (user_id);
    alter table workspaces enable row level security;
    alter table workspaces force row level security;
    alter table memberships enable row level security;
    alter table memberships force row level security;
    create policy workspace on memberships for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy self on memberships for select to hortus_api
      using (user_id = (select hortus_setting('user_id')::uuid));
    create policy workspace on workspaces for all to hortus_api
      using (id = (select hortus_setting('workspace_id')::uuid))
      with check (id = (select hortus_setting('workspace_id')::uuid));
    create policy member on workspaces for select to hortus_api
      using (id in (select m.workspace_id from memberships m
                    where m.user_id = (select hortus_setting('user_id')::uuid)));
    -- The instance itself may know which workspaces there are.
    create policy instance on workspaces for select to hortus_instance using (true);

    grant select, insert, update, delete on users, sessions, workspaces, memberships to hortus_api;
    grant select (id, slug, is_demo) on workspaces to hortus_instance;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table memberships, workspaces, sessions, users;
    drop function hortus_setting(text);
  `);
}
