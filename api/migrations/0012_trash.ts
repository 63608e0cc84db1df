import type { Knex } from 'knex';

/**
 * `loose_objects` names objects that may have no artifact: those of uploads under way, and those that lost one. Whoever is
 * about to name an object sets its `since` anew, and so waits for a purge that is deleting it; the purge holds the row, looks
 * whether anything names the object, and deletes what has been loose for an hour.
 *
 * `demo_keys` remembers which artifacts of the demo were deleted for good, so that seeding does not put them in again.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index artifacts_trash on artifacts (workspace_id, deleted_at, id) where deleted_at is not null;
    create index variants_hash on variants (workspace_id, hash);

    create table loose_objects (
      workspace_id uuid not null references workspaces (id) on delete cascade,
      key text not null,
      since timestamptz not null default now(),
      primary key (workspace_id, key)
    );
    create index loose_objects_age on loose_objects (workspace_id, since);
    create table demo_keys (
      workspace_id uuid not null references workspaces (id) on delete cascade,
      key text not null,
      primary key (workspace_id, key)
    );
    alter table loose_objects enable row level security;
    alter table loose_objects force row level security;
    alter table demo_keys enable row level security;
    alter table demo_keys force row level security;
    create policy workspace on loose_objects for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy workspace on demo_keys for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    grant select, insert, update (since), delete on loose_objects to hortus_api;
    grant select, insert on demo_keys to hortus_api;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table demo_keys, loose_objects;
    drop index variants_hash;
    drop index artifacts_trash;
  `);
}
