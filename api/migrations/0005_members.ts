import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- A workspace shows who its members are, by address and name. A policy lets whole rows through, so one for hortus_api
    -- would show the hash of the password as well: hortus_directory may read these columns, and lends them by a function.
    create schema directory;
    grant usage on schema directory to hortus_api, hortus_directory;
    grant select (workspace_id, user_id) on memberships to hortus_directory;
    grant select (id, email, display_name) on users to hortus_directory;
    create policy directory on memberships for select to hortus_directory
      using (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy directory on users for select to hortus_directory
      using (exists (select from memberships m
                     where m.workspace_id = (select hortus_setting('workspace_id')::uuid) and m.user_id = users.id));
    create function directory.find_member(member_id uuid) returns table (email text, display_name text)
      language sql stable security definer rows 1
      set search_path = pg_catalog, pg_temp
      begin atomic
        select u.email, u.display_name from public.users u where u.id = member_id;
      end;
    create function directory.find_member_id(address text) returns uuid
      language sql stable security definer
      set search_path = pg_catalog, pg_temp
      begin atomic
        select u.id from public.users u where u.email = address;
      end;
    revoke execute on function directory.find_member, directory.find_member_id from public;
    grant execute on function directory.find_member, directory.find_member_id to hortus_api;
    -- Only who may create in a schema can be given a function of it.
    grant create on schema directory to hortus_directory;
    alter function directory.find_member owner to hortus_directory;
    alter function directory.find_member_id owner to hortus_directory;
    revoke create on schema directory from hortus_directory;

    -- From where a person has signed in before; the block and not the address, which is nobody's business.
    alter table sessions add column address_block text not null default '';

    -- The token itself is not kept. It carries the id of its workspace, so finding it needs no policy of its own. It ends
    -- with the membership of whoever made it.
    create table api_tokens (
      workspace_id uuid not null,
      id uuid not null default uuidv7(),
      user_id uuid not null,
      name text not null,
      scopes text[] not null check (scopes <@ array['read', 'write'] and cardinality(scopes) > 0),
      prefix text not null,
      sha256 text not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      last_used_at timestamptz,
      primary key (workspace_id, id),
      unique (workspace_id, sha256),
      foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
    );
    create index api_tokens_member on api_tokens (workspace_id, user_id);
    alter table api_tokens enable row level security;
    alter table api_tokens force row level security;
    create policy workspace on api_tokens for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    grant select, insert, delete, update (last_used_at) on api_tokens to hortus_api;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table api_tokens;
    alter table sessions drop column address_block;
    set local role hortus_directory;
    drop function directory.find_member, directory.find_member_id;
    set local role hortus_owner;
    drop policy directory on users;
    drop policy directory on memberships;
    revoke select (id, email, display_name) on users from hortus_directory;
    revoke select (workspace_id, user_id) on memberships from hortus_directory;
    drop schema directory;
  `);
}
