import type { Knex } from 'knex';

/**
 * One-time links of mails, and what is to happen when one is followed. The link itself is not kept, only a hash of its
 * secret. A row without one stands for a mail without a link, or for none: each request leaves a row, whatever is known of
 * the address, so that requests can be counted and take the same work. A registration lives here until it is confirmed; who
 * is not confirmed is no person yet.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table users add column is_instance_admin boolean not null default false;

    create table email_links (
      id uuid primary key,
      kind text not null check (kind in ('registration', 'reset', 'email')),
      email text not null,
      user_id uuid references users (id) on delete cascade,
      secret_sha256 text,
      display_name text,
      password_hash text,
      workspace_name text,
      address_block text not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
    create index email_links_email on email_links (email, kind, created_at);
    create index email_links_user on email_links (user_id);
    create index email_links_expiry on email_links (expires_at);
    alter table email_links enable row level security;
    alter table email_links force row level security;
    create policy by_email on email_links for all to hortus_api
      using (email = (select hortus_setting('email')))
      with check (email = (select hortus_setting('email')));
    create policy by_id on email_links for all to hortus_api
      using (id = (select hortus_setting('link_id')::uuid))
      with check (id = (select hortus_setting('link_id')::uuid));
    create policy self on email_links for all to hortus_api
      using (user_id = (select hortus_setting('user_id')::uuid))
      with check (user_id = (select hortus_setting('user_id')::uuid));
    create policy instance on email_links for all to hortus_instance using (true) with check (true);
    grant select, insert, update, delete on email_links to hortus_api;
    grant select (expires_at), delete on email_links to hortus_instance;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table email_links;
    alter table users drop column is_instance_admin;
  `);
}
