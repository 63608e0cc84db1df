import type { Knex } from 'knex';
import { ArtifactRow } from './artifact-row.ts';
import { changedByPerson } from './artifact-repo.ts';
import { raw } from 'objection';

/* Everything here needs the scope `workspaceId`. */

export type BatchRow = Pick<ArtifactRow, 'id' | 'name' | 'tags' | 'revision' | 'deletedAt'>;

/** Those of the ids that there are, also in the trash, held in order of id so that two batches never block each other. */
export async function lockArtifacts(tx: Knex.Transaction, ids: readonly string[]): Promise<BatchRow[]> {
  return ArtifactRow.query(tx)
    .select('id', 'name', 'tags', 'revision', 'deletedAt')
    .whereRaw('id = any(?::uuid[])', [ids as string[]])
    .orderBy('id')
    .forUpdate();
}

export async function setTags(
  tx: Knex.Transaction,
  changes: readonly { id: string; tags: readonly string[] }[],
): Promise<void> {
  await tx.raw(
    `update artifacts a set tags = c.tags, revision = revision + 1, updated_at = now()
     from jsonb_to_recordset(?::jsonb) as c (id uuid, tags text[]) where a.id = c.id`,
    [JSON.stringify(changes)],
  );
}

export async function setTrashed(tx: Knex.Transaction, ids: readonly string[], isTrashed: boolean): Promise<void> {
  await ArtifactRow.query(tx)
    .whereRaw('id = any(?::uuid[])', [ids as string[]])
    .patch({ deletedAt: isTrashed ? (raw('now()') as never) : null, ...changedByPerson });
}
