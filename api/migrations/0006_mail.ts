import type { Knex } from 'knex';

/**
 * Mails that wait to be sent. They hold one-time links, so a mail goes when it is sent, or when its links have expired. The
 * api puts mails in, from whatever scope they follow from, and can't read them; only the instance itself, which sends them,
 * can.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table mails (
      id bigint generated always as identity primary key,
      recipient text not null,
      subject text not null,
      body_text text not null,
      body_html text not null,
      attempts integer not null default 0,
      created_at timestamptz not null default now(),
      available_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
    create index mails_available on mails (available_at);
    alter table mails enable row level security;
    alter table mails force row level security;
    create policy queue on mails for insert to hortus_api with check (true);
    create policy instance on mails for all to hortus_instance using (true) with check (true);
    grant insert on mails to hortus_api;
    grant select, delete, update (attempts, available_at) on mails to hortus_instance;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table mails;');
}
