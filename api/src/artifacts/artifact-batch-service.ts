import type { Knex } from 'knex';
import type { BatchItem, BatchOutcome, BatchResult } from '@hortus/contracts/artifact-batch-api';
import type { AuditAction } from '@hortus/contracts/audit-api';
import { appendAudits } from '../audit/audit-repo.ts';
import { appendEvents } from '../events/event-repo.ts';
import type { Member } from '../http/authenticate.ts';
import { changeTags } from './artifact-change.ts';
import * as repo from './artifact-batch-repo.ts';
import type { BatchRow } from './artifact-batch-repo.ts';

/* Each of these is one transaction of the workspace, which the caller opens. */

/** What is to become of an artifact that is at the asked revision. */
interface Decided<Change> {
  readonly outcome: BatchOutcome;
  /** Only with `done`. */
  readonly change?: Change;
}

interface Batch<Change> {
  readonly action: AuditAction;
  readonly decide: (row: BatchRow) => Decided<Change>;
  readonly apply: (changes: readonly (BatchRow & { change: Change })[]) => Promise<void>;
  readonly describe: (changed: BatchRow & { change: Change }) => { before?: object; after?: object };
}

/** Decides and changes each artifact once; tells of those that changed. */
async function changeMany<Change>(
  tx: Knex.Transaction,
  member: Member,
  items: readonly BatchItem[],
  { action, decide, apply, describe }: Batch<Change>,
): Promise<BatchResult[]> {
  const { workspaceId } = member;
  const wanted = new Map(items.toReversed().map((item) => [item.id.toLowerCase(), item]));
  const rows = await repo.lockArtifacts(tx, [...wanted.keys()]);
  const results = new Map<string, BatchResult>();
  const changed: (BatchRow & { change: Change })[] = [];
  for (const row of rows) {
    const { id, revision } = row;
    const seen = wanted.get(id)?.revision;
    const { outcome, change } = decide(row);
    const isStale = outcome !== 'not_found' && seen !== undefined && seen !== revision;
    if (change !== undefined && !isStale) changed.push({ ...row, change });
    results.set(id, {
      id,
      outcome: isStale ? 'stale' : outcome,
      revision: outcome === 'not_found' ? null : revision + (outcome === 'done' && !isStale ? 1 : 0),
    });
  }
  if (changed.length > 0) {
    await apply(changed);
    const type = action === 'artifact.trashed' ? 'artifact.deleted' : 'artifact.changed';
    await Promise.all([
      appendEvents(tx, { workspaceId, type, artifactIds: changed.map(({ id }) => id) }),
      appendAudits(
        tx,
        changed.map((row) => ({ workspaceId, actor: member, action, artifactId: row.id, ...describe(row) })),
      ),
    ]);
  }
  return items.map(({ id }) => results.get(id.toLowerCase()) ?? { id, outcome: 'not_found', revision: null });
}

export async function tagArtifacts(
  tx: Knex.Transaction,
  member: Member,
  { items, add, remove }: { items: readonly BatchItem[]; add?: readonly string[]; remove?: readonly string[] },
): Promise<BatchResult[]> {
  return changeMany<{ tags: string[] }>(tx, member, items, {
    action: 'artifact.updated',
    decide({ deletedAt, tags: before }) {
      if (deletedAt !== null) return { outcome: 'not_found' };
      const tags = changeTags(before, { ...(add ? { add } : {}), ...(remove ? { remove } : {}) });
      if (tags === null) return { outcome: 'too_many_tags' };
      return tags.join('\0') === before.join('\0') ? { outcome: 'unchanged' } : { outcome: 'done', change: { tags } };
    },
    apply: (changes) =>
      repo.setTags(
        tx,
        changes.map(({ id, change: { tags } }) => ({ id, tags })),
      ),
    describe: ({ tags, change }) => ({ before: { tags }, after: change }),
  });
}

async function setTrashed(
  tx: Knex.Transaction,
  member: Member,
  items: readonly BatchItem[],
  isTrashed: boolean,
): Promise<BatchResult[]> {
  return changeMany<true>(tx, member, items, {
    action: isTrashed ? 'artifact.trashed' : 'artifact.restored',
    decide({ deletedAt }) {
      if ((deletedAt !== null) !== isTrashed) return { outcome: 'done', change: true };
      // In the trash twice is nowhere to be found; taken out twice is where it should be.
      return { outcome: isTrashed ? 'not_found' : 'unchanged' };
    },
    apply: (changes) =>
      repo.setTrashed(
        tx,
        changes.map(({ id }) => id),
        isTrashed,
      ),
    describe: ({ name }) => (isTrashed ? { before: { name } } : { after: { name } }),
  });
}

export function trashArtifacts(
  tx: Knex.Transaction,
  member: Member,
  items: readonly BatchItem[],
): Promise<BatchResult[]> {
  return setTrashed(tx, member, items, true);
}

export function restoreArtifacts(
  tx: Knex.Transaction,
  member: Member,
  items: readonly BatchItem[],
): Promise<BatchResult[]> {
  return setTrashed(tx, member, items, false);
}
