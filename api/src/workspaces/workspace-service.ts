import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { WORKSPACES_OWNED_MAX, type NewWorkspace, type Workspace } from '@hortus/contracts/workspace';
import { ProblemError } from '@hortus/service/problem';
import { appendAudit, type KnownBy } from '../audit/audit-repo.ts';
import type { AccessClaims } from '../auth/access-token.ts';
import { withScope, withWorkspace } from '../db/scope.ts';
import { etagOf, matches, type Expected } from '../http/if-match.ts';
import { deriveSlug, isReservedSlug, varySlug } from './slug.ts';
import {
  assertAllowed,
  limitReached,
  lockRole,
  workspaceNotFound,
  type Actor,
  type Whoever,
} from './workspace-access.ts';
import { decide, type WorkspaceOperation } from './workspace-policy.ts';
import * as repo from './workspace-repo.ts';

const SLUG_ATTEMPTS = 5;

async function getWorkspace(tx: Knex.Transaction, { workspaceId, userId }: Whoever): Promise<Workspace> {
  const workspace = await repo.findWorkspace(tx, workspaceId, userId);
  if (workspace === undefined) throw workspaceNotFound();
  return workspace;
}

/** False where the slug is another's. */
async function tryCreate(
  tx: Knex.Transaction,
  actor: { readonly userId: string; readonly by: KnownBy },
  workspace: { id: string; name: string; slug: string },
): Promise<Workspace | null> {
  const { id, name, slug } = workspace;
  const { userId } = actor;
  if (!(await repo.insertWorkspaceIfFree(tx, workspace))) return null;
  await repo.insertMembership(tx, { workspaceId: id, userId, role: 'owner' });
  await appendAudit(tx, { workspaceId: id, actor, action: 'workspace.created', after: { name, slug } });
  return getWorkspace(tx, { workspaceId: id, userId });
}

/**
 * Makes a workspace with the person as its owner. Needs the scopes `workspaceId`, of the new one, and `userId`.
 *
 * @param actor who asks for it: the person, or Hortus itself when they register
 * @throws ProblemError SLUG_RESERVED, SLUG_TAKEN when a slug is asked for that can't be had; LIMIT_REACHED;
 *   IDEMPOTENCY_KEY_REUSED where the id is that of a workspace which was made by a request of long ago
 */
export async function createWorkspace(
  tx: Knex.Transaction,
  actor: { readonly userId: string; readonly by: KnownBy },
  id: string,
  { name: given, slug: asked }: NewWorkspace,
): Promise<Workspace> {
  if (asked !== undefined && isReservedSlug(asked)) {
    throw new ProblemError('SLUG_RESERVED', `${asked} can't be a slug. Choose another one, or leave it out.`);
  }
  const name = given.trim();
  const derived = deriveSlug(name);
  const first = asked ?? (isReservedSlug(derived) ? null : derived);
  const { userId } = actor;
  if ((await repo.countOwned(tx, userId, WORKSPACES_OWNED_MAX)) >= WORKSPACES_OWNED_MAX) {
    throw limitReached(WORKSPACES_OWNED_MAX, 'workspaces of one owner', 'Hand one over, or remove one.');
  }
  if ((await repo.findWorkspace(tx, id, userId)) !== undefined) {
    throw new ProblemError(
      'IDEMPOTENCY_KEY_REUSED',
      'Send a new key with a new request; nothing was done for this one.',
    );
  }
  for (let attempt = 0; attempt < SLUG_ATTEMPTS; attempt += 1) {
    const slug = attempt === 0 && first !== null ? first : varySlug(derived, randomBytes(4).toString('hex'));
    const workspace = await tryCreate(tx, actor, { id, slug, name });
    if (workspace !== null) return workspace;
    if (asked !== undefined) {
      throw new ProblemError(
        'SLUG_TAKEN',
        `There is a workspace ${asked} already. Choose another slug, or leave it out.`,
      );
    }
  }
  throw new Error(`no free slug was found for ${derived}`);
}

/** One more than `limit` when there is a next page. */
export async function listWorkspaces(
  knex: Knex,
  userId: string,
  page: { limit: number; after: string | null; isDeleted: boolean },
): Promise<Workspace[]> {
  return withScope(knex, { userId }, (tx) => repo.listWorkspaces(tx, userId, page));
}

export async function readWorkspace(knex: Knex, actor: Whoever): Promise<Workspace> {
  return withWorkspace(knex, actor.workspaceId, (tx) => getWorkspace(tx, actor));
}

/** What changes the workspace itself: by whom may, and only as it was seen. */
async function change(
  knex: Knex,
  actor: Actor,
  { operation, expected }: { operation: WorkspaceOperation; expected: Expected },
  work: (tx: Knex.Transaction, current: Workspace) => Promise<void>,
): Promise<Workspace> {
  return withWorkspace(knex, actor.workspaceId, async (tx) => {
    assertAllowed(decide(operation, await lockRole(tx, actor)));
    const current = await getWorkspace(tx, actor);
    if (!matches(expected, current.revision)) {
      const detail = `It is at ${etagOf(current.revision)} now. Compare it with your change, then try again with its ETag.`;
      throw new ProblemError('REVISION_STALE', detail, { current });
    }
    await work(tx, current);
    return getWorkspace(tx, actor);
  });
}

/** @throws ProblemError ROLE_TOO_LOW, REVISION_STALE */
export async function updateWorkspace(
  knex: Knex,
  actor: Actor,
  expected: Expected,
  { name }: { name?: string },
): Promise<Workspace> {
  return change(knex, actor, { operation: 'renameWorkspace', expected }, async (tx, current) => {
    if (name === undefined || name.trim() === current.name) return;
    const after = { name: name.trim() };
    await repo.renameWorkspace(tx, actor.workspaceId, after.name);
    const { workspaceId } = actor;
    await appendAudit(tx, { workspaceId, actor, action: 'workspace.updated', before: { name: current.name }, after });
  });
}

/**
 * From now on nobody reaches the workspace.
 *
 * @param graceDays for how long it can be restored
 * @throws ProblemError ROLE_TOO_LOW, REVISION_STALE
 */
export async function deleteWorkspace(
  knex: Knex,
  actor: Actor,
  expected: Expected,
  graceDays: number,
): Promise<Workspace> {
  return change(knex, actor, { operation: 'deleteWorkspace', expected }, async (tx) => {
    const { workspaceId } = actor;
    await repo.markDeleted(tx, workspaceId, graceDays);
    await appendAudit(tx, { workspaceId, actor, action: 'workspace.deleted' });
  });
}

/** @throws ProblemError WORKSPACE_NOT_FOUND, also for a member who is no owner: it is deleted for them */
export async function restoreWorkspace(knex: Knex, actor: Actor): Promise<Workspace> {
  return withWorkspace(knex, actor.workspaceId, async (tx) => {
    const { role } = await getWorkspace(tx, actor);
    if (decide('restoreWorkspace', role) !== null || !(await repo.unmarkDeleted(tx, actor.workspaceId))) {
      throw workspaceNotFound();
    }
    await appendAudit(tx, { workspaceId: actor.workspaceId, actor, action: 'workspace.restored' });
    return getWorkspace(tx, actor);
  });
}

/** Makes it the workspace of requests of the session that name none. */
export async function switchWorkspace(
  knex: Knex,
  { userId, sessionId }: AccessClaims,
  workspaceId: string,
): Promise<Workspace> {
  return withScope(knex, { userId, workspaceId }, async (tx) => {
    await repo.setCurrentWorkspace(tx, sessionId, workspaceId);
    return getWorkspace(tx, { workspaceId, userId });
  });
}
