import type { Knex } from 'knex';
import { raw } from 'objection';
import { columns, thumbnails } from '../artifacts/artifact-repo.ts';
import { ArtifactRow } from '../artifacts/artifact-row.ts';
import type { Position } from '../http/cursor.ts';

/* Everything here needs the scope `workspaceId`, but for what says otherwise. */

/** An artifact in the trash, and when it came there, to the microsecond, which a list is sorted by before the id. */
export interface TrashedRow {
  readonly row: ArtifactRow;
  readonly key: string;
}

/** Those that came last first, behind `after`. One more than `limit` when there is a next page. */
export async function listTrash(
  tx: Knex.Transaction,
  page: { limit: number; after: Position | null },
): Promise<TrashedRow[]> {
  const query = ArtifactRow.query(tx)
    .select(columns, thumbnails, raw('artifacts.deleted_at::text').as('key'))
    .whereNotNull('deletedAt')
    .orderBy([
      { column: 'artifacts.deletedAt', order: 'desc' },
      { column: 'artifacts.id', order: 'desc' },
    ])
    .limit(page.limit + 1);
  if (page.after !== null) {
    query.whereRaw('(artifacts.deleted_at, artifacts.id) < (?::timestamptz, ?::uuid)', [page.after.key, page.after.id]);
  }
  const rows = (await query) as (ArtifactRow & { key: string })[];
  return rows.map((row) => ({ row, key: row.key }));
}

/** Those that have been in the trash for longer than `keptDays`, held until the transaction ends; the oldest first. */
export async function holdExpired(
  tx: Knex.Transaction,
  options: { keptDays: number; limit: number },
): Promise<Pick<ArtifactRow, 'id' | 'name'>[]> {
  return ArtifactRow.query(tx)
    .select('id', 'name')
    .whereRaw('deleted_at < now() - make_interval(days => ?)', [options.keptDays])
    .orderBy('deletedAt')
    .limit(options.limit)
    .forUpdate()
    .skipLocked();
}

/** Deletes the artifacts for good, with all that belongs to them; the demo's are remembered. */
export async function deleteForGood(tx: Knex.Transaction, ids: readonly string[]): Promise<void> {
  await tx.raw(
    `with gone as (delete from artifacts where id = any(?::uuid[]) returning workspace_id, demo_key)
     insert into demo_keys (workspace_id, key) select workspace_id, demo_key from gone where demo_key is not null
     on conflict do nothing`,
    [ids as string[]],
  );
}

/** The ids of the next workspaces. Needs the scope `instance`. */
export async function listWorkspaceIds(
  tx: Knex.Transaction,
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const query = tx('workspaces').select('id').orderBy('id').limit(page.limit);
  if (page.after !== null) query.where('id', '>', page.after);
  const rows = (await query) as { id: string }[];
  return rows.map(({ id }) => id);
}
