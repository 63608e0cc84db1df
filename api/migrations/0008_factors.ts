import type { Knex } from 'knex';

/** What a person signs in with beside the password. Each table is the person's own; `openid_identities` can also be asked by its id. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Not in force until its first code has come (confirmed_at). last_step is the newest step of 30 seconds whose code was
    -- taken; no code of it or before is taken again.
    create table totp_secrets (
      user_id uuid primary key references users (id) on delete cascade,
      sealed_secret bytea not null,
      last_step bigint not null default 0,
      created_at timestamptz not null default now(),
      confirmed_at timestamptz
    );

    create table recovery_codes (
      user_id uuid not null references users (id) on delete cascade,
      sha256 text not null,
      used_at timestamptz,
      primary key (user_id, sha256)
    );

    create table passkeys (
      id uuid primary key default uuidv7(),
      user_id uuid not null references users (id) on delete cascade,
      credential_id text not null unique,
      public_key bytea not null,
      counter bigint not null,
      transports text[] not null,
      name text not null,
      is_synced boolean not null,
      created_at timestamptz not null default now(),
      last_used_at timestamptz
    );
    create index passkeys_user on passkeys (user_id);

    -- The id is a hash of issuer and subject.
    create table openid_identities (
      id text primary key,
      user_id uuid not null references users (id) on delete cascade,
      issuer text not null,
      subject text not null,
      created_at timestamptz not null default now(),
      last_used_at timestamptz not null default now()
    );
    create index openid_identities_user on openid_identities (user_id);

    -- Challenges that have done their work, until they would have expired by themselves.
    create table used_challenges (
      sha256 text primary key,
      user_id uuid not null references users (id) on delete cascade,
      expires_at timestamptz not null
    );
    create index used_challenges_user on used_challenges (user_id);
  `);
  for (const table of ['totp_secrets', 'recovery_codes', 'passkeys', 'openid_identities', 'used_challenges']) {
    await knex.raw(`
      alter table ${table} enable row level security;
      alter table ${table} force row level security;
      create policy self on ${table} for all to hortus_api
        using (user_id = (select hortus_setting('user_id')::uuid))
        with check (user_id = (select hortus_setting('user_id')::uuid));
    `);
  }
  await knex.raw(`
    -- A sign-in at a provider begins with an identity and nothing else.
    create policy by_id on openid_identities for select to hortus_api
      using (id = (select hortus_setting('identity')));

    grant select, insert, delete, update (sealed_secret, last_step, created_at, confirmed_at) on totp_secrets to hortus_api;
    grant select, insert, delete, update (used_at) on recovery_codes to hortus_api;
    grant select, insert, delete, update (counter, name, is_synced, last_used_at) on passkeys to hortus_api;
    grant select, insert, delete, update (last_used_at) on openid_identities to hortus_api;
    grant select, insert, delete on used_challenges to hortus_api;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table used_challenges, openid_identities, passkeys, recovery_codes, totp_secrets');
}
