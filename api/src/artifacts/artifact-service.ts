import type { Knex } from 'knex';
import type { ArtifactPatch } from '@hortus/contracts/artifact';
import type { AuditAction } from '@hortus/contracts/audit-api';
import { appendAudit, type AuditActor } from '../audit/audit-repo.ts';
import { appendEvent } from '../events/event-repo.ts';
import type { Member } from '../http/authenticate.ts';
import { changedFields } from './artifact-change.ts';
import * as repo from './artifact-repo.ts';
import type { ArtifactRow } from './artifact-row.ts';
import { artifactNotFound } from './artifact-problems.ts';

/* Each of these is one transaction of the workspace, which the caller opens. */

/** Asked with the row held; throws where the change is not to be. */
export type AssertMayChange = (current: ArtifactRow) => void;

/** Tells the open pages and the audit log of a change; both statements travel in one trip. */
export async function tellChange(
  tx: Knex.Transaction,
  actor: AuditActor,
  change: { workspaceId: string; artifactId: string; action: AuditAction; before?: object; after?: object },
): Promise<void> {
  const { workspaceId, artifactId, action } = change;
  const isGone = action === 'artifact.trashed' || action === 'artifact.purged';
  await Promise.all([
    appendEvent(tx, { workspaceId, type: isGone ? 'artifact.deleted' : 'artifact.changed', artifactId }),
    appendAudit(tx, { ...change, actor }),
  ]);
}

async function getArtifact(tx: Knex.Transaction, id: string): Promise<ArtifactRow> {
  const row = await repo.findArtifact(tx, id);
  if (row === undefined) throw artifactNotFound();
  return row;
}

async function lockForChange(tx: Knex.Transaction, id: string, assertMay: AssertMayChange): Promise<ArtifactRow> {
  const row = await repo.lockArtifact(tx, id);
  if (row === undefined) throw artifactNotFound();
  assertMay(row);
  return row;
}

/** @throws ProblemError ARTIFACT_NOT_FOUND, and what `assertMay` throws */
export async function updateArtifact(
  tx: Knex.Transaction,
  member: Member,
  { id, patch }: { id: string; patch: ArtifactPatch },
  assertMay: AssertMayChange,
): Promise<ArtifactRow> {
  const { workspaceId } = member;
  const before = await lockForChange(tx, id, assertMay);
  await repo.updateArtifact(tx, id, patch);
  const after = await getArtifact(tx, id);
  const changed = changedFields(before, after);
  await tellChange(tx, member, { workspaceId, artifactId: id, action: 'artifact.updated', ...changed });
  return after;
}

/** @throws ProblemError ARTIFACT_NOT_FOUND, and what `assertMay` throws */
export async function trashArtifact(
  tx: Knex.Transaction,
  member: Member,
  id: string,
  assertMay: AssertMayChange,
): Promise<void> {
  const { workspaceId } = member;
  const { name } = await lockForChange(tx, id, assertMay);
  await repo.trashArtifact(tx, id);
  await tellChange(tx, member, { workspaceId, artifactId: id, action: 'artifact.trashed', before: { name } });
}

/** Does nothing to an artifact that is not in the trash. @throws ProblemError ARTIFACT_NOT_FOUND */
export async function restoreArtifact(tx: Knex.Transaction, member: Member, id: string): Promise<ArtifactRow> {
  const { workspaceId } = member;
  const row = await repo.lockAnyArtifact(tx, id);
  if (row === undefined) throw artifactNotFound();
  if (row.deletedAt === null) return row;
  await repo.restoreArtifact(tx, id);
  const { name } = row;
  await tellChange(tx, member, { workspaceId, artifactId: id, action: 'artifact.restored', after: { name } });
  return getArtifact(tx, id);
}
