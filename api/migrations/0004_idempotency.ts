import type { Knex } from 'knex';

/**
 * Answers that are given again when a request is repeated with the same `Idempotency-Key`. They commit with the write. An
 * answer may hold a secret that is kept nowhere else (a new token), so it is encrypted, and only its person's requests see it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table idempotency_keys (
      workspace_id uuid not null references workspaces (id) on delete cascade,
      user_id uuid not null references users (id) on delete cascade,
      key text not null,
      request_hash text not null,
      sealed_answer bytea not null,
      created_at timestamptz not null default now(),
      primary key (workspace_id, user_id, key)
    );
    create index idempotency_keys_user on idempotency_keys (user_id);
    create index idempotency_keys_age on idempotency_keys (created_at);
    alter table idempotency_keys enable row level security;
    alter table idempotency_keys force row level security;
    create policy member on idempotency_keys for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid)
             and user_id = (select hortus_setting('user_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid)
                  and user_id = (select hortus_setting('user_id')::uuid));
    create policy instance on idempotency_keys for all to hortus_instance using (true) with check (true);
    grant select, insert on idempotency_keys to hortus_api;
    grant select (created_at), delete on idempotency_keys to hortus_instance;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table idempotency_keys;');
}
