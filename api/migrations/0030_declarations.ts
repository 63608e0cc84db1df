import type { Knex } from 'knex';

/**
 * A workspace may be declared by a resource of a cluster: which resource it is, who wrote it, and what it declares, which is
 * locked in the browser. `was_declared` stays when the resource goes, so that nobody makes it a resource again unasked.
 *
 * Whom a resource names and who has no account yet is invited without an inviter, and becomes a member when they sign in.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table workspaces
      add column declared_by text,
      add column field_manager text not null default '',
      add column declared_fields text[] not null default '{}',
      add column was_declared boolean not null default false,
      add column is_suspended boolean not null default false;
    create index workspaces_undeclared on workspaces (id) where not was_declared and removed_from is null;
    grant select (was_declared) on workspaces to hortus_instance;

    alter table invitations
      alter column invited_by drop not null,
      add column is_declared boolean not null default false,
      add constraint invitations_inviter_known check (is_declared or invited_by is not null);

    alter table audit_log add column field_manager text;

    -- An id that was removed may be declared again, and removed again: the receipt is of the last time.
    grant update (slug, deleted_at, began_at, rows) on removal_receipts to hortus_api;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    revoke update (slug, deleted_at, began_at, rows) on removal_receipts from hortus_api;
    alter table audit_log drop column field_manager;
    -- The owner is walled off as well, but for this statement.
    alter table invitations no force row level security;
    delete from invitations where invited_by is null;
    alter table invitations force row level security;
    alter table invitations
      drop constraint invitations_inviter_known, drop column is_declared, alter column invited_by set not null;
    revoke select (was_declared) on workspaces from hortus_instance;
    alter table workspaces
      drop column declared_by, drop column field_manager, drop column declared_fields, drop column was_declared,
      drop column is_suspended;
  `);
}
