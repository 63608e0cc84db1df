import type { Knex } from 'knex';

/**
 * Every original that an artifact has had. What the gardener found out of it stands with the artifact while it is the
 * original, and is copied here when another takes its place; its variants stay, so that it can be brought back at once.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table versions (
      workspace_id uuid not null,
      artifact_id uuid not null,
      version integer not null,
      kind text not null check (kind in ('picture', 'file')),
      content_type text not null,
      size_bytes bigint not null,
      sha256 text not null,
      user_id uuid,
      uploaded_at timestamptz not null default now(),
      status text not null default 'gardening' check (status in ('gardening', 'ready', 'failed')),
      failure jsonb,
      picture_width_px integer,
      picture_height_px integer,
      thumbhash text,
      dominant_color text,
      variants_expected integer not null default 0,
      dropped jsonb not null default '[]',
      primary key (workspace_id, artifact_id, version),
      foreign key (workspace_id, artifact_id) references artifacts (workspace_id, id) on delete cascade
    );
    create index versions_sha256 on versions (workspace_id, sha256);

    -- What stands already. The owner is walled off as well, but for this statement.
    alter table artifacts no force row level security;
    insert into versions (workspace_id, artifact_id, version, kind, content_type, size_bytes, sha256, uploaded_at, status)
      select workspace_id, id, original_version, kind, original_content_type, original_size_bytes, original_sha256,
        original_uploaded_at, status
      from artifacts where original_version > 0;
    alter table artifacts force row level security;

    alter table versions enable row level security;
    alter table versions force row level security;
    create policy workspace on versions for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    grant select, insert, update on versions to hortus_api;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table versions;');
}
