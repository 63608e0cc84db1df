import type { Knex } from 'knex';

/**
 * The workspace is in every key, since unique and foreign keys are checked outside of row-level security. Ids are UUIDv7, so
 * the primary key is also the order in which artifacts were made: lists read it backwards and need no other index.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table artifacts (
      workspace_id uuid not null references workspaces (id) on delete cascade,
      id uuid not null default uuidv7(),
      name text not null,
      description text not null default '',
      tags text[] not null default '{}',
      metadata jsonb not null default '{}',
      kind text check (kind in ('picture', 'file')),
      status text not null default 'empty' check (status in ('empty', 'gardening', 'ready', 'failed')),
      failure jsonb,
      original_version integer not null default 0,
      original_content_type text,
      original_size_bytes bigint,
      original_sha256 text,
      original_uploaded_at timestamptz,
      picture_width_px integer,
      picture_height_px integer,
      thumbhash text,
      dominant_color text,
      variants_expected integer not null default 0,
      dropped jsonb not null default '[]',
      revision integer not null default 1,
      demo_key text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      deleted_at timestamptz,
      primary key (workspace_id, id),
      unique (workspace_id, demo_key)
    );

    create table variants (
      workspace_id uuid not null,
      artifact_id uuid not null,
      version integer not null,
      format text not null,
      width_px integer not null,
      height_px integer not null,
      size_bytes bigint not null,
      hash text not null,
      created_at timestamptz not null default now(),
      primary key (workspace_id, artifact_id, version, format, width_px),
      foreign key (workspace_id, artifact_id) references artifacts (workspace_id, id) on delete cascade
    );

    create table events (
      id bigint generated always as identity primary key,
      workspace_id uuid not null references workspaces (id) on delete cascade,
      type text not null,
      artifact_id uuid not null,
      created_at timestamptz not null default now()
    );
    create index events_workspace on events (workspace_id, id);
    create index events_age on events (created_at);

    create table outbox (
      id bigint generated always as identity primary key,
      workspace_id uuid not null references workspaces (id) on delete cascade,
      workflow text not null,
      input jsonb not null,
      attempts integer not null default 0,
      created_at timestamptz not null default now(),
      available_at timestamptz not null default now()
    );
    create index outbox_available on outbox (available_at);
    create index outbox_workspace on outbox (workspace_id);

    alter table artifacts enable row level security;
    alter table artifacts force row level security;
    alter table variants enable row level security;
    alter table variants force row level security;
    alter table events enable row level security;
    alter table events force row level security;
    alter table outbox enable row level security;
    alter table outbox force row level security;
    create policy workspace on artifacts for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy workspace on variants for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy workspace on events for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy workspace on outbox for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    -- The relay empties the outbox of all workspaces and prunes old events; it sees nothing else of them.
    create policy instance on outbox for all to hortus_instance using (true) with check (true);
    create policy instance on events for all to hortus_instance using (true) with check (true);

    grant select, insert, update, delete on artifacts, variants to hortus_api;
    grant select, insert on events, outbox to hortus_api;
    grant select, update, delete on outbox to hortus_instance;
    grant select (id, created_at), delete on events to hortus_instance;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table outbox, events, variants, artifacts;');
}
