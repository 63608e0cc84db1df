import { describe, expect, it } from '@jest/globals';
import { ROLES, type Role } from '@hortus/contracts/workspace';
import { WORKSPACE_MATRIX, decide, decideOwners, type WorkspaceOperation } from './workspace-policy.ts';

/**
 * What each role may do, written out once more: `*` to anybody's, `-` nothing, else over whom or what. A change of the policy
 * must be meant twice.
 */
const EXPECTED: Record<WorkspaceOperation, Record<Role, string>> = {
  seeWorkspace: { owner: '*', admin: '*', member: '*' },
  switchWorkspace: { owner: '*', admin: '*', member: '*' },
  renameWorkspace: { owner: '*', admin: '*', member: '-' },
  deleteWorkspace: { owner: '*', admin: '-', member: '-' },
  restoreWorkspace: { owner: '*', admin: '-', member: '-' },
  transferWorkspace: { owner: '*', admin: '-', member: '-' },
  giveRole: { owner: '*', admin: 'admin member', member: '-' },
  takeRole: { owner: '*', admin: 'admin member', member: '-' },
  removeMember: { owner: '*', admin: 'admin member own', member: 'own' },
  purgeArtifact: { owner: '*', admin: '*', member: '-' },
  seeAudit: { owner: '*', admin: '*', member: '-' },
  seeInvitations: { owner: '*', admin: '*', member: '-' },
  invite: { owner: '*', admin: 'admin member', member: '-' },
  createToken: { owner: '*', admin: '*', member: '-' },
  seeToken: { owner: '*', admin: '*', member: 'own' },
  revokeToken: { owner: '*', admin: 'admin member own', member: 'own' },
};

const CASES = (Object.keys(WORKSPACE_MATRIX) as WorkspaceOperation[]).flatMap((operation) =>
  ROLES.map((actor) => [operation, actor, EXPECTED[operation][actor]] as const),
);

describe('the policy of a workspace', () => {
  it.each(CASES)('%s by the role %s: %s', (operation, actor, expected) => {
    const isAllowed = (over?: { role?: Role; isOwn?: boolean }) => decide(operation, actor, over) === null;
    for (const role of ROLES) {
      expect([role, isAllowed({ role, isOwn: false })]).toEqual([role, expected === '*' || expected.includes(role)]);
    }
    // `own` counts whatever the role; giving and taking one's own role is no such thing.
    if (!['giveRole', 'takeRole', 'invite'].includes(operation)) {
      expect(isAllowed({ role: 'owner', isOwn: true })).toBe(expected === '*' || expected.includes('own'));
    }
    expect(isAllowed()).toBe(expected === '*' || expected.includes('admin member'));
  });

  it('answers in one way when it refuses', () => {
    expect(decide('deleteWorkspace', 'member')).toBe('ROLE_TOO_LOW');
  });

  it.each([
    ['the last owner leaves', { from: 'owner', to: null, owners: 1 }, 'LAST_OWNER'],
    ['the last owner becomes an admin', { from: 'owner', to: 'admin', owners: 1 }, 'LAST_OWNER'],
    ['the last owner becomes a member', { from: 'owner', to: 'member', owners: 1 }, 'LAST_OWNER'],
    ['the last owner stays one', { from: 'owner', to: 'owner', owners: 1 }, null],
    ['one of two owners leaves', { from: 'owner', to: null, owners: 2 }, null],
    ['one of two owners becomes a member', { from: 'owner', to: 'member', owners: 2 }, null],
    ['an admin leaves', { from: 'admin', to: null, owners: 1 }, null],
    ['a member becomes an owner', { from: 'member', to: 'owner', owners: 1 }, null],
  ] as const)('keeps an owner: %s', (_case, change, decision) => {
    expect(decideOwners(change)).toBe(decision);
  });
});
