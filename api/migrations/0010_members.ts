import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table workspaces
      add column revision integer not null default 1,
      -- Somebody deleted it: nobody reaches it, and from \`removed_from\` on it may be removed for good.
      add column deleted_at timestamptz,
      add column removed_from timestamptz,
      -- Invitations that were mailed in the hour that begins then.
      add column mail_hour timestamptz not null default '-infinity',
      add column mails_sent integer not null default 0,
      add check ((deleted_at is null) = (removed_from is null));

    -- Which workspace a request is about that names none.
    alter table sessions add column current_workspace_id uuid references workspaces (id) on delete set null;
    create index sessions_current_workspace on sessions (current_workspace_id);

    -- The token itself is not kept; it carries the id of its workspace, as an API token does. An invitation ends with the
    -- membership of whoever sent it, so that nobody comes back by one of their own.
    create table invitations (
      workspace_id uuid not null references workspaces (id) on delete cascade,
      id uuid not null default uuidv7(),
      email text not null check (email = lower(email)),
      role text not null check (role in ('owner', 'admin', 'member')),
      invited_by uuid not null,
      inviter_name text not null,
      sha256 text not null,
      created_at timestamptz not null default now(),
      sent_at timestamptz not null default now(),
      expires_at timestamptz not null,
      primary key (workspace_id, id),
      unique (workspace_id, email),
      unique (workspace_id, sha256),
      foreign key (workspace_id, invited_by) references memberships (workspace_id, user_id) on delete cascade
    );
    create index invitations_inviter on invitations (workspace_id, invited_by);
    create index invitations_email on invitations (email, id);
    alter table invitations enable row level security;
    alter table invitations force row level security;
    create policy workspace on invitations for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    -- Whoever is invited sees the invitation, and what the workspace is called. The inner queries are bound by policies too.
    create policy invited on invitations for select to hortus_api
      using (email = (select u.email from users u where u.id = (select hortus_setting('user_id')::uuid)));
    create policy invited on workspaces for select to hortus_api
      using (id in (select i.workspace_id from invitations i
                    where i.email = (select u.email from users u where u.id = (select hortus_setting('user_id')::uuid))));
    grant select, insert, delete, update (role, invited_by, inviter_name, sha256, sent_at, expires_at)
      on invitations to hortus_api;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop policy invited on workspaces;
    drop table invitations;
    alter table sessions drop column current_workspace_id;
    alter table workspaces
      drop column revision, drop column deleted_at, drop column removed_from, drop column mail_hour, drop column mails_sent;
  `);
}
