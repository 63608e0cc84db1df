import type { Knex } from 'knex';

/** What each variant has cost, and how alike to the original it is; nothing is known of those made before. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table variants
      add column quality smallint check (quality between 1 and 100),
      add column score real check (score <= 100),
      add column encode_ms integer not null default 0 check (encode_ms >= 0),
      add column tries jsonb not null default '[]';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'alter table variants drop column tries, drop column encode_ms, drop column score, drop column quality;',
  );
}
