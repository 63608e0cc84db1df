import type { Knex } from 'knex';

/**
 * What each workspace keeps, counted by triggers in the transaction that changes it, and how much it may keep:
 *
 * - `artifacts`: all of them, those in the trash included.
 * - `bytes`: originals of all versions of all artifacts, each content once however often it was uploaded. Variants are the
 *   product's own and are not counted.
 * - `upload_bytes`: what resumable uploads under way have stored.
 *
 * Growth beyond a limit fails with SQLSTATE HQ001 and a JSON detail, and all else goes on: a limit may be set below what is
 * kept. The row of the workspace is held until the transaction ends, so that what is kept never passes a limit, however many
 * write at once, and so that of two that add the same content one counts it.
 *
 * The functions run as the owner of the tables, so that the api can't change a figure, and so that they count what a foreign
 * key deletes, whose triggers run as the owner in any case. The owner sees the workspace of the setting and no other.
 */
const COUNT = (name: string, column: string, amounts: string, check: string) => `
    create function ${name}() returns trigger
      language plpgsql security definer set search_path = public, pg_temp as $$
      declare u record;
      begin
        -- A statement of its own, so that what follows sees what others have committed before it was held.
        perform from workspace_usage where workspace_id in (select workspace_id from changed) for update;
        for u in
          update workspace_usage w
            set ${column} = w.${column} + (case tg_op when 'INSERT' then c.amount else -c.amount end)
            from (${amounts}) as c
            where w.workspace_id = c.workspace_id
            returning w.*, c.amount
        loop
          if tg_op = 'INSERT' and ${check} then
            raise exception 'the quota of the workspace is exceeded' using errcode = 'HQ001', detail =
              json_build_object('resource', '${column === 'artifacts' ? 'artifacts' : 'bytes'}', 'asked', u.amount,
                'used', ${column === 'artifacts' ? 'u.artifacts' : 'u.bytes + u.upload_bytes'} - u.amount,
                'max', ${column === 'artifacts' ? 'u.artifacts_max' : 'u.bytes_max'})::text;
          end if;
        end loop;
        return null;
      end $$;
    revoke execute on function ${name} from public;`;

const TRIGGERS = (name: string, table: string) => `
    create trigger ${name}_of_new after insert on ${table}
      referencing new table as changed for each statement execute function ${name}();
    create trigger ${name}_of_deleted after delete on ${table}
      referencing old table as changed for each statement execute function ${name}();`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table workspace_usage (
      workspace_id uuid primary key references workspaces (id) on delete cascade,
      bytes bigint not null default 0,
      upload_bytes bigint not null default 0,
      artifacts bigint not null default 0,
      bytes_max bigint check (bytes_max >= 0),
      artifacts_max bigint check (artifacts_max >= 0)
    );

    -- What stands already. The owner is walled off as well, but for this statement.
    alter table workspaces no force row level security;
    alter table artifacts no force row level security;
    alter table versions no force row level security;
    alter table upload_parts no force row level security;
    insert into workspace_usage (workspace_id, bytes, upload_bytes, artifacts)
      select w.id,
        (select coalesce(sum(size_bytes), 0)
         from (select distinct on (sha256) size_bytes from versions where workspace_id = w.id) as contents),
        (select coalesce(sum(size_bytes), 0) from upload_parts where workspace_id = w.id),
        (select count(*) from artifacts where workspace_id = w.id)
      from workspaces w;
    alter table workspaces force row level security;
    alter table artifacts force row level security;
    alter table versions force row level security;
    alter table upload_parts force row level security;

    alter table workspace_usage enable row level security;
    alter table workspace_usage force row level security;
    create policy workspace on workspace_usage for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy counting on workspace_usage for all to hortus_owner
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy counting on versions for select to hortus_owner
      using (workspace_id = (select hortus_setting('workspace_id')::uuid));
    grant select, insert (workspace_id), update (bytes_max, artifacts_max) on workspace_usage to hortus_api;

    create function begin_usage() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        insert into workspace_usage (workspace_id) select id from added;
        return null;
      end $$;
    create trigger begin_usage after insert on workspaces
      referencing new table as added for each statement execute function begin_usage();
    ${COUNT(
      'count_artifacts',
      'artifacts',
      'select workspace_id, count(*) as amount from changed group by workspace_id',
      'u.artifacts > u.artifacts_max',
    )}
    ${TRIGGERS('count_artifacts', 'artifacts')}
    ${COUNT(
      'count_originals',
      'bytes',
      `select workspace_id, sum(size_bytes) as amount
       from (select workspace_id, sha256, max(size_bytes) as size_bytes, count(*) as rows
             from changed group by workspace_id, sha256) as content
       -- Versions of the content that are none of these rows: with one of them, it was counted and stays so.
       where (select count(*) from (select from versions v
                where v.workspace_id = content.workspace_id and v.sha256 = content.sha256 limit content.rows + 1) as known)
             = case tg_op when 'INSERT' then content.rows else 0 end
       group by workspace_id`,
      'u.bytes > u.bytes_max',
    )}
    ${TRIGGERS('count_originals', 'versions')}
    ${COUNT(
      'count_upload_parts',
      'upload_bytes',
      'select workspace_id, sum(size_bytes) as amount from changed group by workspace_id',
      'u.bytes + u.upload_bytes > u.bytes_max',
    )}
    ${TRIGGERS('count_upload_parts', 'upload_parts')}
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop trigger count_artifacts_of_new on artifacts;
    drop trigger count_artifacts_of_deleted on artifacts;
    drop trigger count_originals_of_new on versions;
    drop trigger count_originals_of_deleted on versions;
    drop trigger count_upload_parts_of_new on upload_parts;
    drop trigger count_upload_parts_of_deleted on upload_parts;
    drop trigger begin_usage on workspaces;
    drop function count_artifacts();
    drop function count_originals();
    drop function count_upload_parts();
    drop function begin_usage();
    drop policy counting on versions;
    drop table workspace_usage;
  `);
}
