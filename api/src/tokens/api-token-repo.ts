import type { Knex } from 'knex';
import { raw } from 'objection';
import type { NewApiToken, TokenScope } from '@hortus/contracts/token-api';
import type { Role } from '@hortus/contracts/workspace';
import { ApiTokenRow } from './api-token-row.ts';

/* Everything here needs the scope `workspaceId`. */

export async function insertApiToken(
  tx: Knex.Transaction,
  token: { workspaceId: string; userId: string; prefix: string; sha256: string },
  { name, scopes, expiresInDays }: NewApiToken,
): Promise<ApiTokenRow> {
  const expiresAt = raw('now() + make_interval(days => ?)', expiresInDays) as never;
  return ApiTokenRow.query(tx)
    .insert({ ...token, name, scopes, expiresAt })
    .returning('*');
}

/** Newest first, behind the token `after`; of one maker where it is named. One more than `limit` when there is a next page. */
export async function listApiTokens(
  tx: Knex.Transaction,
  page: { limit: number; after: string | null; madeBy: string | null },
): Promise<ApiTokenRow[]> {
  const query = ApiTokenRow.query(tx)
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query.where('id', '<', page.after);
  if (page.madeBy !== null) query.where('userId', page.madeBy);
  return query;
}

export async function findApiToken(
  tx: Knex.Transaction,
  workspaceId: string,
  id: string,
): Promise<ApiTokenRow | undefined> {
  return ApiTokenRow.query(tx).findOne({ workspaceId, id });
}

export async function deleteApiToken(tx: Knex.Transaction, workspaceId: string, id: string): Promise<void> {
  await ApiTokenRow.query(tx).where({ workspaceId, id }).delete();
}

/** No more than `max` are counted. */
export async function countApiTokens(tx: Knex.Transaction, workspaceId: string, max: number): Promise<number> {
  return (await ApiTokenRow.query(tx).where({ workspaceId }).select('id').limit(max)).length;
}

/** A token that holds, and the role of its maker at this moment. */
export interface LiveApiToken {
  readonly id: string;
  readonly userId: string;
  readonly scopes: readonly TokenScope[];
  readonly role: Role;
  /** Its last use was recorded within the last minute. */
  readonly isFresh: boolean;
  /** The workspace can be read and not changed. */
  readonly isSuspended: boolean;
}

async function findLive(
  tx: Knex.Transaction,
  column: 'sha256' | 'id',
  value: string,
): Promise<LiveApiToken | undefined> {
  const { rows } = await tx.raw<{ rows: LiveApiToken[] }>(
    `select t.id, t.user_id as "userId", t.scopes, m.role, w.is_suspended as "isSuspended",
       coalesce(t.last_used_at > now() - interval '1 minute', false) as "isFresh"
     from api_tokens t join memberships m on m.workspace_id = t.workspace_id and m.user_id = t.user_id
       join workspaces w on w.id = t.workspace_id and w.deleted_at is null
     where t.${column} = :value and t.expires_at > now()`,
    { value },
  );
  return rows[0];
}

export async function findLiveApiToken(tx: Knex.Transaction, sha256: string): Promise<LiveApiToken | undefined> {
  return findLive(tx, 'sha256', sha256);
}

export async function findLiveApiTokenById(tx: Knex.Transaction, id: string): Promise<LiveApiToken | undefined> {
  return findLive(tx, 'id', id);
}

/** Where others record the same at this moment, one of them does. */
export async function noteApiTokenUse(tx: Knex.Transaction, id: string): Promise<void> {
  await ApiTokenRow.query(tx)
    .where({ id })
    .whereRaw("(last_used_at is null or last_used_at <= now() - interval '1 minute')")
    .patch({ lastUsedAt: raw('now()') as never });
}
