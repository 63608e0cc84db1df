import type { Knex } from 'knex';
import { originalKey } from '@hortus/contracts/object-key';
import type { StagedObject } from '@hortus/service/object-store';
import { withWorkspace } from '../db/scope.ts';
import { appendEvent } from '../events/event-repo.ts';
import { addIntent } from '../outbox/outbox-repo.ts';
import { findArtifact, lockArtifact, setOriginal } from './artifact-repo.ts';
import type { ArtifactRow } from './artifact-row.ts';
import { artifactNotFound } from './artifact-problems.ts';
import { claimsPicture, sniff } from './sniff.ts';

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

/** Sets the original of an artifact and hands a picture to the gardener, in one transaction. */
export async function applyOriginal(
  tx: Knex.Transaction,
  original: {
    workspaceId: string;
    artifactId: string;
    state: OriginalState;
    sizeBytes: number;
    sha256: string;
    priorityKey: number;
  },
): Promise<ArtifactRow> {
  const { workspaceId, artifactId, state, sizeBytes, sha256, priorityKey } = original;
  await setOriginal(tx, artifactId, { ...state, sizeBytes, sha256 });
  const row = await findArtifact(tx, artifactId);
  if (row === undefined) throw artifactNotFound();
  if (state.kind === 'picture') {
    const input = {
      workspaceId,
      artifactId,
      version: row.originalVersion,
      original: { sha256, sizeBytes },
      priorityKey,
    };
    await addIntent(tx, workspaceId, { workflow: 'gardenArtifact', input });
  }
  await appendEvent(tx, { workspaceId, type: 'artifact.changed', artifactId });
  return row;
}

/**
 * Stores uploaded bytes as the original. The object stands before the row that names it, so that a crash leaves at most an
 * object that nothing names. The same bytes again change nothing, unless they failed before.
 */
export async function storeOriginal(
  knex: Knex,
  upload: {
    workspaceId: string;
    artifactId: string;
    staged: StagedObject;
    declaredType: string | undefined;
    priorityKey: number;
    assertMayReplace: (current: ArtifactRow) => void;
  },
): Promise<ArtifactRow> {
  const { workspaceId, artifactId, staged, declaredType, priorityKey } = upload;
  const { sha256, sizeBytes, head } = staged;
  await staged.commit(originalKey(workspaceId, sha256));
  return withWorkspace(knex, workspaceId, async (tx) => {
    const current = await lockArtifact(tx, artifactId);
    if (current === undefined) throw artifactNotFound();
    if (current.originalSha256 === sha256 && current.status !== 'failed') return current;
    upload.assertMayReplace(current);
    const state = judgeOriginal(head, declaredType, current.name);
    return applyOriginal(tx, { workspaceId, artifactId, state, sizeBytes, sha256, priorityKey });
  });
}
