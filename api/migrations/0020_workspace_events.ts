import type { Knex } from 'knex';

/** Events of what is no artifact: members, invitations, the workspace itself. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table events alter column artifact_id drop not null;
    alter table events add column part text;
    alter table events add constraint events_of_one_thing check (num_nonnulls(artifact_id, part) = 1);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    delete from events where artifact_id is null;
    alter table events drop column part;
    alter table events alter column artifact_id set not null;
  `);
}
