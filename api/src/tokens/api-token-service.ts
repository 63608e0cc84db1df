import type { Knex } from 'knex';
import { API_TOKENS_MAX, type ApiToken, type CreatedApiToken, type NewApiToken } from '@hortus/contracts/token-api';
import type { Role } from '@hortus/contracts/workspace';
import { ProblemError } from '@hortus/service/problem';
import { appendAudit } from '../audit/audit-repo.ts';
import { withWorkspace } from '../db/scope.ts';
import { findRole } from '../workspaces/member-repo.ts';
import { assertAllowed, limitReached, lockRole, type Actor, type Whoever } from '../workspaces/workspace-access.ts';
import { decide } from '../workspaces/workspace-policy.ts';
import { makeApiToken } from './api-token.ts';
import * as repo from './api-token-repo.ts';
import type { ApiTokenRow } from './api-token-row.ts';

function present(row: ApiTokenRow): ApiToken {
  const { id, userId, name, scopes, prefix, createdAt, expiresAt, lastUsedAt } = row;
  return { id, userId, name, scopes, prefix, createdAt, expiresAt, lastUsedAt };
}

/** @throws ProblemError ROLE_TOO_LOW, LIMIT_REACHED */
export async function createApiToken(tx: Knex.Transaction, actor: Actor, given: NewApiToken): Promise<CreatedApiToken> {
  const { workspaceId, userId } = actor;
  const { text, prefix, sha256 } = makeApiToken(workspaceId);
  const token = { ...given, name: given.name.trim() };
  assertAllowed(decide('createToken', await lockRole(tx, actor)));
  if ((await repo.countApiTokens(tx, workspaceId, API_TOKENS_MAX)) >= API_TOKENS_MAX) {
    throw limitReached(API_TOKENS_MAX, 'API tokens in a workspace', 'Revoke those that nobody uses any more.');
  }
  const row = await repo.insertApiToken(tx, { workspaceId, userId, prefix, sha256 }, token);
  const { id, name, scopes, expiresAt } = row;
  await appendAudit(tx, { workspaceId, actor, action: 'api_token.created', after: { id, name, scopes, expiresAt } });
  return { token: text, apiToken: present(row) };
}

/** One more than `limit` when there is a next page. */
export async function listApiTokens(
  knex: Knex,
  actor: Whoever & { role: Role },
  page: { limit: number; after: string | null },
): Promise<ApiToken[]> {
  const madeBy = decide('seeToken', actor.role) === null ? null : actor.userId;
  const rows = await withWorkspace(knex, actor.workspaceId, (tx) => repo.listApiTokens(tx, { ...page, madeBy }));
  return rows.map(present);
}

/** @throws ProblemError API_TOKEN_NOT_FOUND, also for one that the actor may not see; ROLE_TOO_LOW */
export async function revokeApiToken(knex: Knex, actor: Actor, id: string): Promise<void> {
  const { workspaceId } = actor;
  await withWorkspace(knex, workspaceId, async (tx) => {
    const role = await lockRole(tx, actor);
    const token = await repo.findApiToken(tx, workspaceId, id);
    const isOwn = token?.userId === actor.userId;
    if (token === undefined || decide('seeToken', role, { isOwn }) !== null) {
      throw new ProblemError('API_TOKEN_NOT_FOUND', 'The workspace has no API token of this id.');
    }
    const maker = (await findRole(tx, workspaceId, token.userId)) ?? 'member';
    assertAllowed(decide('revokeToken', role, { isOwn, role: maker }));
    await repo.deleteApiToken(tx, workspaceId, id);
    const before = { id: token.id, name: token.name };
    await appendAudit(tx, { workspaceId, actor, action: 'api_token.revoked', before });
  });
}
