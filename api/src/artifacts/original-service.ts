import type { Knex } from 'knex';
import { PRIORITIES } from '@hortus/contracts/gardener';
import { originalKey } from '@hortus/contracts/object-key';
import type { StagedObject } from '@hortus/service/object-store';
import { ProblemError } from '@hortus/service/problem';
import { withWorkspace } from '../db/scope.ts';
import type { AuditActor } from '../audit/audit-repo.ts';
import type { Member } from '../http/authenticate.ts';
import { addIntent } from '../outbox/outbox-repo.ts';
import { findArtifact, lockArtifact, setOriginal } from './artifact-repo.ts';
import type { ArtifactRow } from './artifact-row.ts';
import { tellChange } from './artifact-service.ts';
import { artifactNotFound } from './artifact-problems.ts';
import { claimsPicture, sniff } from './sniff.ts';
import { bringBack, findVersion } from './version-repo.ts';
import { loosenObjects } from '../trash/loose-object-repo.ts';

type OriginalState = Pick<ArtifactRow, 'kind' | 'status' | 'failure'> & { contentType: string };

/** What an artifact becomes by its bytes: a picture to garden, a file, or a failure where the uploader promised a picture. */
export function judgeOriginal(head: Buffer, declaredType: string | undefined, name: string): OriginalState {
  const sniffed = sniff(head);
  if (sniffed?.isPicture)
    return { kind: 'picture', status: 'gardening', failure: null, contentType: sniffed.contentType };
  const contentType = sniffed?.contentType ?? 'application/octet-stream';
  if (claimsPicture(declaredType, name)) {
    const detail =
      'Its name or type says that it is a picture, but its bytes are something else. Upload the picture itself, or ' +
      'give it a name and a type that do not say so.';
    return { kind: 'file', status: 'failed', failure: { code: 'NOT_A_PICTURE', detail }, contentType };
  }
  return { kind: 'file', status: 'ready', failure: null, contentType };
}

/** Hands the picture to the gardener, when the transaction commits. */
async function garden(tx: Knex.Transaction, row: ArtifactRow, priorityKey: number): Promise<void> {
  const { workspaceId, id: artifactId, originalVersion: version, originalSha256, originalSizeBytes } = row;
  const original = { sha256: originalSha256 ?? '', sizeBytes: originalSizeBytes ?? 0 };
  await addIntent(tx, workspaceId, {
    workflow: 'gardenArtifact',
    input: { workspaceId, artifactId, version, original, priorityKey },
  });
}

/** Sets the original of an artifact and hands a picture to the gardener, in one transaction. */
export async function applyOriginal(
  tx: Knex.Transaction,
  original: {
    workspaceId: string;
    artifactId: string;
    actor: AuditActor;
    state: OriginalState;
    sizeBytes: number;
    sha256: string;
    priorityKey: number;
  },
): Promise<ArtifactRow> {
  const { workspaceId, artifactId, actor, state, sizeBytes, sha256, priorityKey } = original;
  const userId = actor !== 'hortus' && 'userId' in actor ? actor.userId : null;
  await setOriginal(tx, artifactId, { ...state, sizeBytes, sha256, userId });
  const row = await findArtifact(tx, artifactId);
  if (row === undefined) throw artifactNotFound();
  if (state.kind === 'picture') await garden(tx, row, priorityKey);
  const after = { version: row.originalVersion, contentType: state.contentType, sizeBytes, sha256 };
  await tellChange(tx, actor, { workspaceId, artifactId, action: 'original.uploaded', after });
  return row;
}

/** What is uploaded as the original of an artifact. */
export interface OriginalUpload {
  readonly workspaceId: string;
  readonly artifactId: string;
  readonly actor: AuditActor;
  readonly staged: StagedObject;
  readonly declaredType: string | undefined;
  readonly priorityKey: number;
  readonly assertMayReplace: (current: ArtifactRow) => void;
}

/** Stores uploaded bytes as the original. */
export async function storeOriginal(knex: Knex, upload: OriginalUpload): Promise<ArtifactRow> {
  await commitOriginal(knex, upload);
  return withWorkspace(knex, upload.workspaceId, (tx) => placeOriginal(tx, upload));
}

/**
 * Puts the bytes where the original lies, by their content. The object stands before the row that names it, and is loose
 * until then, so that a purge neither takes it away in between nor leaves it where the upload is refused or dies.
 */
export async function commitOriginal(
  knex: Knex,
  { workspaceId, staged }: Pick<OriginalUpload, 'workspaceId' | 'staged'>,
): Promise<void> {
  const key = originalKey(workspaceId, staged.sha256);
  try {
    await withWorkspace(knex, workspaceId, (tx) => loosenObjects(tx, workspaceId, [key]));
  } catch (error) {
    await staged.discard();
    throw error;
  }
  await staged.commit(key);
}

/** Makes bytes that stand the original. The same bytes again change nothing, unless they failed before. */
export async function placeOriginal(tx: Knex.Transaction, upload: OriginalUpload): Promise<ArtifactRow> {
  const { workspaceId, artifactId, actor, staged, declaredType, priorityKey } = upload;
  const { sha256, sizeBytes, head } = staged;
  const current = await lockArtifact(tx, artifactId);
  if (current === undefined) throw artifactNotFound();
  if (current.originalSha256 === sha256 && current.status !== 'failed') return current;
  upload.assertMayReplace(current);
  const state = judgeOriginal(head, declaredType, current.name);
  return applyOriginal(tx, { workspaceId, artifactId, actor, state, sizeBytes, sha256, priorityKey });
}

/**
 * Makes the bytes of an earlier version the original again, as a new version; the gardener is asked where its variants do
 * not all stand. The version that is the original is left as it is.
 *
 * @throws ProblemError ARTIFACT_NOT_FOUND, VERSION_NOT_FOUND, and what `assertMay` throws
 */
export async function bringBackVersion(
  tx: Knex.Transaction,
  member: Member,
  { id, version }: { id: string; version: number },
  assertMay: (current: ArtifactRow) => void,
): Promise<ArtifactRow> {
  const { workspaceId, userId } = member;
  const current = await lockArtifact(tx, id);
  if (current === undefined) throw artifactNotFound();
  assertMay(current);
  if (current.originalVersion === version) return current;
  const earlier = await findVersion(tx, id, version);
  if (earlier === undefined) throw new ProblemError('VERSION_NOT_FOUND', 'List its versions to see which there are.');
  await bringBack(tx, { artifactId: id, version, userId });
  const row = await findArtifact(tx, id);
  if (row === undefined) throw artifactNotFound();
  if (row.status === 'gardening') await garden(tx, row, PRIORITIES.upload);
  const before = { version: current.originalVersion, sha256: current.originalSha256 };
  const after = { version: row.originalVersion, sha256: row.originalSha256, of: version };
  await tellChange(tx, member, { workspaceId, artifactId: id, action: 'original.restored', before, after });
  return row;
}
