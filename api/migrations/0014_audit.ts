import type { Knex } from 'knex';

/**
 * The audit log: append-only for the api, which has neither the grant nor a policy to change or delete an entry. People and
 * artifacts are named by id without a foreign key, since the log outlives both; it goes with its workspace.
 *
 * A share is a link by which anybody may see some artifacts. Its token is not kept, and carries the id of its workspace, so
 * that finding it needs no policy of its own.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table audit_log (
      workspace_id uuid not null references workspaces (id) on delete cascade,
      id uuid not null default uuidv7(),
      user_id uuid,
      session_id uuid,
      api_token_id uuid,
      action text not null,
      artifact_id uuid,
      before jsonb,
      after jsonb,
      created_at timestamptz not null default now(),
      primary key (workspace_id, id)
    );
    create index audit_log_artifact on audit_log (workspace_id, artifact_id, id);
    create index audit_log_user on audit_log (workspace_id, user_id, id);
    create index audit_log_action on audit_log (workspace_id, action, id);
    alter table audit_log enable row level security;
    alter table audit_log force row level security;
    create policy workspace on audit_log for select to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy append on audit_log for insert to hortus_api
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    grant select, insert on audit_log to hortus_api;

    create table shares (
      workspace_id uuid not null references workspaces (id) on delete cascade,
      id uuid not null default uuidv7(),
      user_id uuid not null,
      sha256 text not null,
      with_originals boolean not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      primary key (workspace_id, id),
      unique (workspace_id, sha256)
    );
    create table share_artifacts (
      workspace_id uuid not null,
      share_id uuid not null,
      artifact_id uuid not null,
      place integer not null,
      primary key (workspace_id, share_id, artifact_id),
      foreign key (workspace_id, share_id) references shares (workspace_id, id) on delete cascade,
      foreign key (workspace_id, artifact_id) references artifacts (workspace_id, id) on delete cascade
    );
    create index share_artifacts_artifact on share_artifacts (workspace_id, artifact_id);
    alter table shares enable row level security;
    alter table shares force row level security;
    alter table share_artifacts enable row level security;
    alter table share_artifacts force row level security;
    create policy workspace on shares for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy workspace on share_artifacts for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    grant select, insert, delete on shares, share_artifacts to hortus_api;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table share_artifacts, shares, audit_log;');
}
