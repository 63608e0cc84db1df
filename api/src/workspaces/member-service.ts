import type { Knex } from 'knex';
import { ROLES, type Member, type Role, type Workspace } from '@hortus/contracts/workspace';
import { ProblemError } from '@hortus/service/problem';
import { appendAudit } from '../audit/audit-repo.ts';
import { withWorkspace } from '../db/scope.ts';
import { deleteInvitationsOf } from '../invitations/invitation-repo.ts';
import { countOwners, deleteMembership, findMember, listMembers as findMembers, setRole } from './member-repo.ts';
import { assertAllowed, assertUndeclared, lockRole, workspaceNotFound, type Actor } from './workspace-access.ts';
import { decide, decideOwners } from './workspace-policy.ts';
import { findWorkspace } from './workspace-repo.ts';

async function getMember(tx: Knex.Transaction, workspaceId: string, userId: string): Promise<Member> {
  const member = await findMember(tx, workspaceId, userId);
  if (member === undefined) throw new ProblemError('MEMBER_NOT_FOUND', 'The workspace has no member of this id.');
  return member;
}

/** With the role goes what the member has offered to others and could offer no more. */
async function giveRole(tx: Knex.Transaction, workspaceId: string, userId: string, role: Role): Promise<void> {
  await setRole(tx, workspaceId, userId, role);
  const beyond = ROLES.filter((offered) => decide('invite', role, { role: offered }) !== null);
  await deleteInvitationsOf(tx, { workspaceId, invitedBy: userId }, beyond);
}

/** One more than `limit` when there is a next page. */
export async function listMembers(
  knex: Knex,
  workspaceId: string,
  page: { limit: number; after: string | null },
): Promise<Member[]> {
  return withWorkspace(knex, workspaceId, (tx) => findMembers(tx, workspaceId, page));
}

/** @throws ProblemError MEMBER_NOT_FOUND, ROLE_TOO_LOW, LAST_OWNER */
export async function changeRole(knex: Knex, actor: Actor, userId: string, to: Role): Promise<Member> {
  const { workspaceId } = actor;
  return withWorkspace(knex, workspaceId, async (tx) => {
    const own = await lockRole(tx, actor);
    const member = await getMember(tx, workspaceId, userId);
    assertAllowed(decide('takeRole', own, { role: member.role }) ?? decide('giveRole', own, { role: to }));
    assertAllowed(decideOwners({ from: member.role, to, owners: await countOwners(tx, workspaceId) }));
    if (member.role !== to) {
      await assertUndeclared(tx, workspaceId, 'giveRole');
      await giveRole(tx, workspaceId, member.userId, to);
      const before = { userId: member.userId, role: member.role };
      const after = { userId: member.userId, role: to };
      await appendAudit(tx, { workspaceId, actor, action: 'member.updated', before, after });
    }
    return { ...member, role: to };
  });
}

/** @throws ProblemError MEMBER_NOT_FOUND, ROLE_TOO_LOW, LAST_OWNER */
export async function removeMember(knex: Knex, actor: Actor, userId: string): Promise<void> {
  const { workspaceId } = actor;
  await withWorkspace(knex, workspaceId, async (tx) => {
    const own = await lockRole(tx, actor);
    const { role, ...member } = await getMember(tx, workspaceId, userId);
    assertAllowed(decide('removeMember', own, { role, isOwn: member.userId === actor.userId }));
    assertAllowed(decideOwners({ from: role, to: null, owners: await countOwners(tx, workspaceId) }));
    await assertUndeclared(tx, workspaceId, 'removeMember');
    await deleteMembership(tx, workspaceId, userId);
    const before = { userId: member.userId, role };
    await appendAudit(tx, { workspaceId, actor, action: 'member.removed', before });
  });
}

/**
 * The member becomes an owner and the actor an admin, in one transaction.
 *
 * @throws ProblemError MEMBER_NOT_FOUND, ROLE_TOO_LOW, REQUEST_INVALID where the member is the actor
 */
export async function transferWorkspace(knex: Knex, actor: Actor, userId: string): Promise<Workspace> {
  const { workspaceId } = actor;
  return withWorkspace(knex, workspaceId, async (tx) => {
    assertAllowed(decide('transferWorkspace', await lockRole(tx, actor)));
    const member = await getMember(tx, workspaceId, userId);
    if (member.userId === actor.userId) {
      throw new ProblemError('REQUEST_INVALID', 'You are the owner already. Name another member.');
    }
    await assertUndeclared(tx, workspaceId, 'transferWorkspace');
    await giveRole(tx, workspaceId, member.userId, 'owner');
    await giveRole(tx, workspaceId, actor.userId, 'admin');
    const [before, after] = [{ userId: actor.userId }, { userId: member.userId }];
    await appendAudit(tx, { workspaceId, actor, action: 'ownership.transferred', before, after });
    const workspace = await findWorkspace(tx, workspaceId, actor.userId);
    if (workspace === undefined) throw workspaceNotFound();
    return workspace;
  });
}
