import type { Knex } from 'knex';
import pLimit from 'p-limit';
import type { ObjectStore } from '@hortus/service/object-store';
import { appendAudits, type AuditActor } from '../audit/audit-repo.ts';
import { withScope, withWorkspace } from '../db/scope.ts';
import { appendEvents } from '../events/event-repo.ts';
import { holdLoose, loosenObjectsOf, removeLoose } from './loose-object-repo.ts';
import * as repo from './trash-repo.ts';

/** Longer than an upload takes from its last byte to its row. */
const LOOSE_MINUTES = 60;
const ARTIFACTS_PER_TURN = 100;
const OBJECTS_PER_TURN = 100;
const DELETES_AT_ONCE = 10;
const WORKSPACES_PER_CALL = 100;
/** After so many turns that were full, the rest is left to the next call. */
const TURNS_PER_CALL = 5;

export interface Purged {
  readonly after: string | null;
  readonly isDone: boolean;
  readonly artifacts: number;
  readonly objects: number;
}

/** Deletes artifacts of the trash for good; their objects become loose. The rows are held. */
export async function purgeArtifacts(
  tx: Knex.Transaction,
  actor: AuditActor,
  workspaceId: string,
  artifacts: readonly { id: string; name: string }[],
): Promise<void> {
  if (artifacts.length === 0) return;
  const ids = artifacts.map(({ id }) => id);
  await loosenObjectsOf(tx, ids);
  await repo.deleteForGood(tx, ids);
  await appendEvents(tx, { workspaceId, type: 'artifact.deleted', artifactIds: ids });
  await appendAudits(
    tx,
    artifacts.map(({ id, name }) => ({
      workspaceId,
      actor,
      action: 'artifact.purged' as const,
      artifactId: id,
      before: { name },
    })),
  );
}

async function collectObjects(knex: Knex, store: ObjectStore, workspaceId: string): Promise<number> {
  return withWorkspace(knex, workspaceId, async (tx) => {
    const loose = await holdLoose(tx, { minutes: LOOSE_MINUTES, limit: OBJECTS_PER_TURN });
    const orphans = loose.filter(({ isNamed }) => !isNamed);
    const atOnce = pLimit(DELETES_AT_ONCE);
    // While the rows are held: nobody names one of these objects before it is gone.
    await Promise.all(orphans.map(({ key }) => atOnce(() => store.delete(key))));
    await removeLoose(
      tx,
      loose.map(({ key }) => key),
    );
    return orphans.length;
  });
}

/**
 * Deletes what the trash of every workspace has kept for long enough, and objects that nothing names: a bounded part of it.
 *
 * @param after the workspace that the call before ended with; null for the first
 */
export async function purgeSome(
  { knex, store, trashKeptDays }: { knex: Knex; store: ObjectStore; trashKeptDays: number },
  after: string | null,
): Promise<Purged> {
  const page = { after, limit: WORKSPACES_PER_CALL };
  const workspaceIds = await withScope(knex, { instance: true }, (tx) => repo.listWorkspaceIds(tx, page));
  let done = after;
  let artifacts = 0;
  let objects = 0;
  let fullTurns = 0;
  for (const workspaceId of workspaceIds) {
    for (let isMore = true; isMore;) {
      if (fullTurns === TURNS_PER_CALL) return { after: done, isDone: false, artifacts, objects };
      const purged = await withWorkspace(knex, workspaceId, async (tx) => {
        const expired = await repo.holdExpired(tx, { keptDays: trashKeptDays, limit: ARTIFACTS_PER_TURN });
        await purgeArtifacts(tx, 'hortus', workspaceId, expired);
        return expired.length;
      });
      const collected = await collectObjects(knex, store, workspaceId);
      artifacts += purged;
      objects += collected;
      isMore = purged === ARTIFACTS_PER_TURN || collected === OBJECTS_PER_TURN;
      if (isMore) fullTurns += 1;
    }
    done = workspaceId;
  }
  return { after: done, isDone: workspaceIds.length < WORKSPACES_PER_CALL, artifacts, objects };
}
