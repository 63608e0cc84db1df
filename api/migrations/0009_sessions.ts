import type { Knex } from 'knex';

/**
 * A refresh token names the person as well, so a session is only ever found as the person's own.
 *
 * And tells all replicas whose access has changed, so that an open event stream asks at once whether it still may go on. Triggers,
 * so that no writer of these tables, nor a cascade, can forget it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    drop policy by_id on sessions;

    create function notify_access_change() returns trigger language plpgsql as $$
    begin
      perform pg_notify('hortus_access', old.user_id::text);
      return null;
    end $$;

    create trigger access_changed after update of ended_at on sessions
      for each row when (old.ended_at is null and new.ended_at is not null) execute function notify_access_change();
    create trigger access_deleted after delete on sessions
      for each row execute function notify_access_change();
    create trigger access_changed after update of role on memberships
      for each row when (old.role <> new.role) execute function notify_access_change();
    create trigger access_deleted after delete on memberships
      for each row execute function notify_access_change();
    create trigger access_deleted after delete on api_tokens
      for each row execute function notify_access_change();
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop trigger access_deleted on api_tokens;
    drop trigger access_deleted on memberships;
    drop trigger access_changed on memberships;
    drop trigger access_deleted on sessions;
    drop trigger access_changed on sessions;
    drop function notify_access_change();
    create policy by_id on sessions for all to hortus_api
      using (id = (select hortus_setting('session_id')::uuid))
      with check (id = (select hortus_setting('session_id')::uuid));
  `);
}
