import type { Knex } from 'knex';
import type { RemovalCounts } from '@hortus/contracts/removal';
import type { RemovalReceipt } from '@hortus/contracts/removal-api';

/** The channel on which the sweep hears that a workspace is to be removed at once. */
export const REMOVAL_CHANNEL = 'hortus_removals';

const COLUMNS = ['id', 'slug', 'deletedAt', 'beganAt', 'finishedAt', 'rows', 'objects', 'objectBytes', 'stoppedRuns', 'removedRuns'] as const; // prettier-ignore

/**
 * Begins the removal where the workspace is deleted and its time of grace is over. Whether there is something to remove:
 * also where it has begun before, and has not finished. Needs the scope `workspaceId`.
 */
export async function beginRemoval(tx: Knex.Transaction, workspaceId: string): Promise<boolean> {
  await tx.raw(
    `with begun as (
       update workspaces set removal_began_at = now()
       where id = ? and removed_from <= now() and removal_began_at is null returning id, slug, deleted_at)
     insert into removal_receipts (id, slug, deleted_at) select id, slug, deleted_at from begun
     -- An id that was declared again has one of its last time.
     on conflict (id) do update set slug = excluded.slug, deleted_at = excluded.deleted_at, began_at = now(),
       finished_at = null, rows = '{}', objects = 0, object_bytes = 0, stopped_runs = 0, removed_runs = 0`,
    [workspaceId],
  );
  const receipt: unknown = await tx('removalReceipts').where({ id: workspaceId }).whereNull('finishedAt').first('id');
  return receipt !== undefined;
}

/** The same for a workspace of the demo: at once, and without a receipt. Needs the scope `workspaceId`. */
export async function beginDemoRemoval(tx: Knex.Transaction, workspaceId: string): Promise<void> {
  await tx('workspaces')
    .where({ id: workspaceId, isDemo: true })
    .update({ deletedAt: tx.fn.now(), removedFrom: tx.fn.now(), removalBeganAt: tx.fn.now() });
}

/** How many rows were deleted; fewer than `max` when nothing is left. Needs the scope `workspaceId`. */
export async function removeRows(tx: Knex.Transaction, max: number): Promise<number> {
  const { rows } = await tx.raw<{ rows: { removed: number }[] }>('select removal.remove_rows(?) as removed', [max]);
  return rows[0]?.removed ?? 0;
}

/** Undefined where no removal has begun. The time stays that of the first call. Needs the scope `workspaceId`. */
export async function finishReceipt(
  tx: Knex.Transaction,
  workspaceId: string,
  counts: RemovalCounts,
): Promise<RemovalReceipt | undefined> {
  const [receipt] = await tx('removalReceipts')
    .where({ id: workspaceId })
    .update({ ...counts, finishedAt: tx.raw('coalesce(finished_at, now())') })
    .returning<RemovalReceipt[]>(COLUMNS as never);
  return receipt;
}

/** Undefined where no removal has begun. Needs the scope `workspaceId`. */
export async function findReceipt(tx: Knex.Transaction, workspaceId: string): Promise<RemovalReceipt | undefined> {
  return tx('removalReceipts')
    .where({ id: workspaceId })
    .first<RemovalReceipt | undefined>(...COLUMNS);
}

/** By id, behind the receipt `after`. One more than `limit` when there is a next page. Needs the scope `instance`. */
export async function listReceipts(
  tx: Knex.Transaction,
  page: { limit: number; after: string | null },
): Promise<RemovalReceipt[]> {
  const query = tx('removalReceipts')
    .orderBy('id')
    .limit(page.limit + 1);
  if (page.after !== null) query.where('id', '>', page.after);
  return query.select<RemovalReceipt[]>(COLUMNS);
}

/** The workspaces that are to be removed, those included whose removal was cut off. Needs the scope `instance`. */
export async function listDueRemovals(tx: Knex.Transaction, limit: number): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { id: string }[] }>(
    `select id from workspaces where removed_from <= now()
     union select id from removal_receipts where finished_at is null
     order by id limit ?`,
    [limit],
  );
  return rows.map(({ id }) => id);
}
