import type { Role } from '@hortus/contracts/workspace';

/*
 * What a role may do in its workspace: an owner everything; an admin what concerns admins and members, and nothing that
 * concerns owners; a member looks, and leaves. `docs/roles.md` is printed from this table.
 */

/** Over whose people and things a role may do something. `not owners`: of admins and members, and one's own. */
export type Reach = 'any' | 'not owners' | 'own' | 'no';

const OWNERS = { owner: 'any', admin: 'no', member: 'no' } as const;
const MANAGERS = { owner: 'any', admin: 'any', member: 'no' } as const;
const RANKED = { owner: 'any', admin: 'not owners', member: 'no' } as const;

export const WORKSPACE_MATRIX = {
  seeWorkspace: { title: 'See the workspace and its members', owner: 'any', admin: 'any', member: 'any' },
  switchWorkspace: { title: 'Make it the current workspace of a session', owner: 'any', admin: 'any', member: 'any' },
  renameWorkspace: { title: 'Rename the workspace', ...MANAGERS },
  deleteWorkspace: { title: 'Delete the workspace', ...OWNERS },
  restoreWorkspace: { title: 'Restore the deleted workspace', ...OWNERS },
  transferWorkspace: { title: 'Hand ownership over', ...OWNERS },
  giveRole: { title: 'Give this role to a member', ...RANKED },
  takeRole: { title: 'Take this role from a member', ...RANKED },
  removeMember: { title: 'Remove a member; oneself: leave', owner: 'any', admin: 'not owners', member: 'own' },
  purgeArtifact: { title: 'Delete an artifact of the trash for good', ...MANAGERS },
  seeAudit: { title: 'Read the audit log', ...MANAGERS },
  seeInvitations: { title: 'See the open invitations', ...MANAGERS },
  invite: { title: 'Invite as this role; send again, withdraw', ...RANKED },
  createToken: { title: 'Make an API token', ...MANAGERS },
  seeToken: { title: 'See an API token', owner: 'any', admin: 'any', member: 'own' },
  revokeToken: { title: 'Revoke an API token', owner: 'any', admin: 'not owners', member: 'own' },
} as const satisfies Record<string, { readonly title: string } & Readonly<Record<Role, Reach>>>;

export type WorkspaceOperation = keyof typeof WORKSPACE_MATRIX;
export type Refusal = 'ROLE_TOO_LOW' | 'LAST_OWNER';
/** Null: it is allowed. */
export type Decision = Refusal | null;

/** @param over whose the thing is, or which role it is about; whatever concerns nobody is left out */
export function decide(
  operation: WorkspaceOperation,
  actor: Role,
  over: { readonly role?: Role; readonly isOwn?: boolean } = {},
): Decision {
  const reach: Reach = WORKSPACE_MATRIX[operation][actor];
  const isAllowed =
    reach === 'any' || (reach !== 'no' && over.isOwn === true) || (reach === 'not owners' && over.role !== 'owner');
  return isAllowed ? null : 'ROLE_TOO_LOW';
}

/**
 * A workspace keeps at least one owner.
 *
 * @param owners how many the workspace has now
 * @param to the role that the member would have; null when they would be no member any more
 */
export function decideOwners({ from, to, owners }: { from: Role; to: Role | null; owners: number }): Decision {
  return from === 'owner' && to !== 'owner' && owners <= 1 ? 'LAST_OWNER' : null;
}
