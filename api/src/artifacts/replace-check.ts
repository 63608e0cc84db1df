import type { FastifyRequest } from 'fastify';
import { matches, readIfMatch } from '../http/if-match.ts';
import { revisionStale } from './artifact-problems.ts';
import type { ArtifactPresenter } from './artifact-presenter.ts';
import type { ArtifactRow } from './artifact-row.ts';

/**
 * Whether new bytes may become the original. A first original replaces nothing and needs no `If-Match`; a further one does.
 * Asked before the bytes are read, and again when they are stored.
 *
 * @throws ProblemError IF_MATCH_REQUIRED, REVISION_STALE with the artifact as it stands
 */
export function assertMayReplace(
  presenter: ArtifactPresenter,
  request: Pick<FastifyRequest, 'headers'>,
  row: ArtifactRow,
): void {
  if (row.originalVersion === 0 && request.headers['if-match'] === undefined) return;
  if (!matches(readIfMatch(request), row.revision)) throw revisionStale(presenter.artifact(row));
}
