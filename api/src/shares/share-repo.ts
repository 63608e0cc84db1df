import type { Knex } from 'knex';
import { raw, type QueryBuilder } from 'objection';
import { ShareRow } from './share-row.ts';

/* Everything here needs the scope `workspaceId`. */

const isLive = 'expires_at > now()';
const isReachable = 'exists (select from workspaces w where w.id = shares.workspace_id and w.deleted_at is null)';

function shares(tx: Knex.Transaction): QueryBuilder<ShareRow, ShareRow[]> {
  return ShareRow.query(tx)
    .select('shares.*')
    .select(
      raw(
        `array(select s.artifact_id from share_artifacts s
               where s.workspace_id = shares.workspace_id and s.share_id = shares.id order by s.place)`,
      ).as('artifactIds'),
    );
}

/** @returns undefined, and is to be rolled back, where one of the artifacts is not there or in the trash */
export async function insertShare(
  tx: Knex.Transaction,
  share: Pick<ShareRow, 'workspaceId' | 'userId' | 'sha256' | 'withOriginals' | 'artifactIds'>,
  expiresInDays: number,
): Promise<ShareRow | undefined> {
  const { artifactIds, ...fields } = share;
  const expiresAt = raw('now() + make_interval(days => ?)', expiresInDays) as never;
  const row = await ShareRow.query(tx)
    .insert({ ...fields, expiresAt })
    .returning('*');
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `insert into share_artifacts (workspace_id, share_id, artifact_id, place)
     select a.workspace_id, ?::uuid, a.id, n.place
     from unnest(?::uuid[]) with ordinality as n (id, place) join artifacts a on a.id = n.id
     where a.deleted_at is null for key share of a`,
    [row.id, artifactIds],
  );
  return rowCount === artifactIds.length ? Object.assign(row, { artifactIds }) : undefined;
}

/** Those that work, newest first, behind the share `after`. One more than `limit` when there is a next page. */
export async function listShares(
  tx: Knex.Transaction,
  filter: { artifactId: string | null },
  page: { limit: number; after: string | null },
): Promise<ShareRow[]> {
  const query = shares(tx)
    .whereRaw(isLive)
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query.where('id', '<', page.after);
  if (filter.artifactId !== null) {
    query.whereRaw('id in (select share_id from share_artifacts where artifact_id = ?)', [filter.artifactId]);
  }
  return query;
}

export async function findLiveShare(
  tx: Knex.Transaction,
  by: { sha256: string } | { id: string },
): Promise<ShareRow | undefined> {
  return shares(tx).whereRaw(isLive).whereRaw(isReachable).findOne(by);
}

/** @returns whether there was one */
export async function deleteShare(tx: Knex.Transaction, id: string): Promise<boolean> {
  return (await ShareRow.query(tx).where({ id }).delete()) > 0;
}
