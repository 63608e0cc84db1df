import type { Knex } from 'knex';

/**
 * What the proofs of isolation have found. The relay counts attempts and postpones; what an intent is, and whose, it has no need
 * to change; a privilege that nothing needs is none. And a function must not find other things by its names when somebody else's search_path is set.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    revoke update on outbox from hortus_instance;
    grant update (attempts, available_at) on outbox to hortus_instance;
    -- Nothing deletes these but a foreign key, as the owner.
    revoke delete on sessions, share_artifacts, variants from hortus_api;
    revoke select (id) on events from hortus_instance;
    alter function notify_access_change() set search_path = pg_catalog, pg_temp;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter function notify_access_change() reset search_path;
    grant select (id) on events to hortus_instance;
    grant delete on sessions, share_artifacts, variants to hortus_api;
    revoke update (attempts, available_at) on outbox from hortus_instance;
    grant update on outbox to hortus_instance;
  `);
}
