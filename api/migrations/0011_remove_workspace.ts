import type { Knex } from 'knex';

/**
 * Removing a workspace for good. One function does it, a batch of rows at a time and leaves before branches, in every table
 * that has a `workspace_id` (`api/src/db/allow-removal.ts`); `hortus_api` itself can delete no workspace any more, and so no
 * log of one by a cascade. The
 * function empties the workspace of the setting `hortus.workspace_id`, once its removal has begun, and counts in the
 * receipt in the same transaction, so that a step that is repeated counts nothing twice.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table workspaces add column removal_began_at timestamptz;
    create index workspaces_removed_from on workspaces (removed_from) where removed_from is not null;

    -- What remains: nothing that was anybody's, so it belongs to no workspace and has no foreign key.
    create table removal_receipts (
      id uuid primary key,
      slug text not null,
      deleted_at timestamptz not null,
      began_at timestamptz not null default now(),
      finished_at timestamptz,
      rows jsonb not null default '{}',
      objects bigint not null default 0,
      object_bytes bigint not null default 0,
      stopped_runs bigint not null default 0,
      removed_runs bigint not null default 0
    );
    create index removal_receipts_began on removal_receipts (began_at, id);
    alter table removal_receipts enable row level security;
    alter table removal_receipts force row level security;
    create policy workspace on removal_receipts for all to hortus_api
      using (id = (select hortus_setting('workspace_id')::uuid))
      with check (id = (select hortus_setting('workspace_id')::uuid));
    create policy removal on removal_receipts for all to hortus_remover
      using (id = (select hortus_setting('workspace_id')::uuid))
      with check (id = (select hortus_setting('workspace_id')::uuid));
    create policy instance on removal_receipts for select to hortus_instance using (true);
    grant select, insert, update (finished_at, objects, object_bytes, stopped_runs, removed_runs)
      on removal_receipts to hortus_api;
    grant select, update (rows) on removal_receipts to hortus_remover;
    grant select on removal_receipts to hortus_instance;

    grant select (removed_from) on workspaces to hortus_instance;
    revoke delete on workspaces from hortus_api;
    create policy removal on workspaces for all to hortus_remover
      using (id = (select hortus_setting('workspace_id')::uuid))
      with check (id = (select hortus_setting('workspace_id')::uuid));
    grant select, delete on workspaces to hortus_remover;

    create schema removal;
    grant usage on schema removal to hortus_api, hortus_remover;

    -- How many rows were deleted; 0 when nothing is left, not even the workspace.
    create function removal.remove_rows(max_rows integer) returns integer
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      removed constant uuid := public.hortus_setting('workspace_id')::uuid;
      left_over integer := max_rows;
      deleted integer;
      table_name text;
      counts jsonb := '{}';
    begin
      perform from public.workspaces where id = removed;
      if not found then
        return 0;
      end if;
      perform from public.workspaces where id = removed and removal_began_at is not null;
      if not found then
        raise exception 'the removal of the workspace has not begun';
      end if;
      for table_name in
        with recursive reach (relation, depth) as (
          select 'public.workspaces'::regclass::oid, 0
          union
          select f.conrelid, r.depth + 1 from pg_constraint f join reach r on f.confrelid = r.relation
          where f.contype = 'f' and f.conrelid <> f.confrelid and r.depth < 20
        )
        select c.oid::regclass from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
        left join reach r on r.relation = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        group by c.oid order by max(r.depth) desc nulls first, c.oid::regclass::text
      loop
        exit when left_over = 0;
        execute format(
          'delete from %1$s where ctid = any (array(select ctid from %1$s where workspace_id = $1 limit $2))', table_name)
          using removed, left_over;
        get diagnostics deleted = row_count;
        left_over := left_over - deleted;
        if deleted > 0 then
          counts := counts || jsonb_build_object(replace(table_name, 'public.', ''), deleted);
        end if;
      end loop;
      if left_over > 0 then
        delete from public.workspaces where id = removed;
        left_over := left_over - 1;
        counts := counts || '{"workspaces": 1}';
      end if;
      update public.removal_receipts set rows = rows || (
        select jsonb_object_agg(key, value::bigint + coalesce((rows ->> key)::bigint, 0)) from jsonb_each_text(counts))
        where id = removed;
      return max_rows - left_over;
    end $$;
    revoke execute on function removal.remove_rows from public;
    grant execute on function removal.remove_rows to hortus_api;
    grant create on schema removal to hortus_remover;
    alter function removal.remove_rows owner to hortus_remover;
    revoke create on schema removal from hortus_remover;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    set local role hortus_remover;
    drop function removal.remove_rows;
    set local role hortus_owner;
    drop schema removal;
    -- Of the tables that still stand, what allow-removal.ts has added.
    do $$
    declare
      name text;
    begin
      for name in select format('%I', tablename) from pg_policies where schemaname = 'public' and policyname = 'removal' loop
        execute format('drop policy removal on %s', name);
        execute format('revoke all on %s from hortus_remover', name);
      end loop;
    end $$;
    drop table removal_receipts;
    revoke select (removed_from) on workspaces from hortus_instance;
    grant delete on workspaces to hortus_api;
    alter table workspaces drop column removal_began_at;
  `);
}
