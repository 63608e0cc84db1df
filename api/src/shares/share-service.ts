import type { Knex } from 'knex';
import type { NewShareLink, ShareLink } from '@hortus/contracts/share-api';
import { ProblemError } from '@hortus/service/problem';
import { artifactNotFound } from '../artifacts/artifact-problems.ts';
import { findArtifacts } from '../artifacts/artifact-repo.ts';
import type { ArtifactRow } from '../artifacts/artifact-row.ts';
import { listVariantsOf } from '../artifacts/garden-repo.ts';
import type { Download } from '../artifacts/original-download.ts';
import type { VariantRow } from '../artifacts/variant-row.ts';
import { appendAudits } from '../audit/audit-repo.ts';
import { withWorkspace } from '../db/scope.ts';
import { appendEvents } from '../events/event-repo.ts';
import type { Member } from '../http/authenticate.ts';
import * as repo from './share-repo.ts';
import type { ShareRow } from './share-row.ts';
import { makeShareToken, readShareToken } from './share-token.ts';

/** The same for a link that never was, has expired, was revoked, or shows nothing any more. */
function shareNotFound(): ProblemError {
  return new ProblemError('SHARE_NOT_FOUND', 'Ask whoever gave you the link for a new one.');
}

export function presentShare(row: ShareRow): ShareLink {
  const { id, userId, artifactIds, withOriginals, createdAt, expiresAt } = row;
  return { id, userId, artifactIds, withOriginals, createdAt, expiresAt };
}

/** An entry and an event for each artifact: it is the artifact that is seen by more or by fewer from now on. */
async function tell(
  tx: Knex.Transaction,
  member: Member,
  action: 'share.created' | 'share.revoked',
  share: ShareRow,
): Promise<void> {
  const { workspaceId } = member;
  const { id, artifactIds, withOriginals, expiresAt } = share;
  const state = { shareLinkId: id, withOriginals, expiresAt };
  const told = action === 'share.created' ? { after: state } : { before: state };
  await Promise.all([
    appendEvents(tx, { workspaceId, type: 'artifact.changed', artifactIds }),
    appendAudits(
      tx,
      artifactIds.map((artifactId) => ({ workspaceId, actor: member, action, artifactId, ...told })),
    ),
  ]);
}

/** @throws ProblemError ARTIFACT_NOT_FOUND where one of them is not there; then nothing is shared */
export async function createShare(
  tx: Knex.Transaction,
  member: Member,
  { artifactIds, expiresInDays, withOriginals = false }: NewShareLink,
): Promise<{ token: string; row: ShareRow }> {
  const { workspaceId, userId } = member;
  const ids = [...new Set(artifactIds.map((id) => id.toLowerCase()))];
  const { text, sha256 } = makeShareToken(workspaceId);
  const row = await repo.insertShare(
    tx,
    { workspaceId, userId, sha256, withOriginals, artifactIds: ids },
    expiresInDays,
  );
  if (row === undefined) throw artifactNotFound();
  await tell(tx, member, 'share.created', row);
  return { token: text, row };
}

/** @throws ProblemError SHARE_NOT_FOUND, also for one that has expired */
export async function revokeShare(tx: Knex.Transaction, member: Member, id: string): Promise<void> {
  const row = await repo.findLiveShare(tx, { id });
  if (row === undefined || !(await repo.deleteShare(tx, id))) throw shareNotFound();
  await tell(tx, member, 'share.revoked', row);
}

async function read<Result>(
  knex: Knex,
  tokenText: string,
  work: (tx: Knex.Transaction, share: ShareRow) => Promise<Result>,
): Promise<Result> {
  const token = readShareToken(tokenText);
  if (token === null) throw shareNotFound();
  return withWorkspace(knex, token.workspaceId, async (tx) => {
    const share = await repo.findLiveShare(tx, { sha256: token.sha256 });
    if (share === undefined) throw shareNotFound();
    return work(tx, share);
  });
}

/** @throws ProblemError SHARE_NOT_FOUND */
export async function readShare(
  knex: Knex,
  tokenText: string,
): Promise<{ share: ShareRow; artifacts: { row: ArtifactRow; variants: VariantRow[] }[] }> {
  return read(knex, tokenText, async (tx, share) => {
    const rows = await findArtifacts(tx, share.artifactIds);
    if (rows.length === 0) throw shareNotFound();
    const byId = new Map(rows.map((row) => [row.id, row]));
    const variants = Map.groupBy(
      await listVariantsOf(
        tx,
        rows.map(({ id }) => id),
      ),
      ({ artifactId }) => artifactId,
    );
    const artifacts = share.artifactIds.flatMap((id) => {
      const row = byId.get(id);
      return row === undefined ? [] : [{ row, variants: variants.get(id) ?? [] }];
    });
    return { share, artifacts };
  });
}

/** @throws ProblemError SHARE_NOT_FOUND, also where originals or this artifact are not shared */
export async function readSharedOriginal(knex: Knex, tokenText: string, artifactId: string): Promise<Download> {
  return read(knex, tokenText, async (tx, share) => {
    const isShared = share.withOriginals && share.artifactIds.includes(artifactId.toLowerCase());
    const [row] = isShared ? await findArtifacts(tx, [artifactId]) : [];
    if (row === undefined) throw shareNotFound();
    const { workspaceId, name, originalSha256: sha256, originalContentType: contentType } = row;
    return { workspaceId, name, sha256, contentType };
  });
}
