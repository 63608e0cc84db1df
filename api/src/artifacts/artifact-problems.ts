import type { Artifact } from '@hortus/contracts/artifact';
import { ProblemError } from '@hortus/service/problem';

/** The same for an id that never was, was deleted, or belongs to another workspace. */
export function artifactNotFound(): ProblemError {
  return new ProblemError('ARTIFACT_NOT_FOUND', 'There is no artifact of this id in the workspace.');
}

export function revisionStale(current: Artifact): ProblemError {
  const detail = `It is at revision ${String(current.revision)} now. Compare it with your change, then try again with its ETag.`;
  return new ProblemError('REVISION_STALE', detail, { current });
}
