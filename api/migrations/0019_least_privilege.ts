import type { Knex } from 'knex';

/**
 * Privileges that nothing needs, as the mutation score names them: the api puts intents and words in and never reads them, a
 * variant and the role of an invitation do not change, and a definer function needs no way into its own schema.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    revoke select on outbox, vocabulary from hortus_api;
    revoke update on variants from hortus_api;
    revoke update (role) on invitations from hortus_api;
    revoke usage on schema directory from hortus_directory;
    revoke usage on schema removal from hortus_remover;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    grant usage on schema removal to hortus_remover;
    grant usage on schema directory to hortus_directory;
    grant update (role) on invitations to hortus_api;
    grant update on variants to hortus_api;
    grant select on outbox, vocabulary to hortus_api;
  `);
}
