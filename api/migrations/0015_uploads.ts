import type { Knex } from 'knex';

/**
 * Resumable uploads that are not complete yet, or were of late. Their bytes lie in the object store in parts, below
 * `<workspace>/uploads/<id>`; a row of `upload_parts` stands only for bytes that are flushed there. No foreign key leads to
 * people or artifacts: what they leave behind is still to be collected.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table uploads (
      workspace_id uuid not null references workspaces (id) on delete cascade,
      id uuid not null,
      user_id uuid not null,
      artifact_id uuid,
      if_match text,
      metadata text not null,
      size_bytes bigint check (size_bytes > 0),
      offset_bytes bigint not null default 0 check (offset_bytes <= size_bytes),
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      completed_at timestamptz,
      primary key (workspace_id, id)
    );
    create index uploads_user on uploads (workspace_id, user_id) where completed_at is null;
    create index uploads_expiry on uploads (expires_at);

    create table upload_parts (
      workspace_id uuid not null,
      upload_id uuid not null,
      offset_bytes bigint not null,
      size_bytes bigint not null check (size_bytes > 0),
      object_key text not null,
      primary key (workspace_id, upload_id, offset_bytes),
      foreign key (workspace_id, upload_id) references uploads (workspace_id, id) on delete cascade
    );

    alter table uploads enable row level security;
    alter table uploads force row level security;
    alter table upload_parts enable row level security;
    alter table upload_parts force row level security;
    create policy workspace on uploads for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy workspace on upload_parts for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    -- The sweep finds what has expired in all workspaces; it sees nothing else of it.
    create policy instance on uploads for select to hortus_instance using (true);
    grant select, insert, delete, update (artifact_id, size_bytes, offset_bytes, expires_at, completed_at)
      on uploads to hortus_api;
    grant select, insert, delete on upload_parts to hortus_api;
    grant select (workspace_id, id, offset_bytes, expires_at, completed_at) on uploads to hortus_instance;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table upload_parts, uploads;');
}
