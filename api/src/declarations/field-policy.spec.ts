import { describe, expect, it } from '@jest/globals';
import { DECLARED_FIELDS, type DeclaredField } from '@hortus/contracts/workspace';
import type { WorkspaceDeclaration } from '@hortus/contracts/workspace-resource-api';
import { WORKSPACE_MATRIX, type WorkspaceOperation } from '../workspaces/workspace-policy.ts';
import { LOCKED_BY, declaredFields, decideField, type Declarer } from './field-policy.ts';

const bare: WorkspaceDeclaration = { resource: 'blue', manager: 'argocd', slug: 'blue', quota: {}, isSuspended: false };
const members = [{ email: 'ann@example.com', role: 'owner' as const }];

/** The table of docs/field-ownership.md: what a resource says, and what is locked in the browser by it. */
const TABLE: readonly [string, Partial<WorkspaceDeclaration>, readonly DeclaredField[]][] = [
  ['nothing but the slug', {}, []],
  ['a display name', { name: 'Blue' }, ['name']],
  ['members', { members }, ['members']],
  ['a quota of storage', { quota: { bytesMax: 1 } }, ['bytesMax']],
  ['that storage has no limit', { quota: { bytesMax: null } }, ['bytesMax']],
  ['a quota of artifacts', { quota: { artifactsMax: 1 } }, ['artifactsMax']],
  ['everything', { name: 'Blue', members, quota: { bytesMax: 1, artifactsMax: 1 } }, ['name', 'members', 'bytesMax', 'artifactsMax']],
]; // prettier-ignore

describe('who decides a field', () => {
  it.each(TABLE)('with a resource that says %s', (_what, said, locked) => {
    const declarer: Declarer = { resource: 'blue', manager: 'argocd', fields: declaredFields({ ...bare, ...said }) };
    const always: readonly DeclaredField[] = ['workspace', 'isSuspended'];
    for (const field of DECLARED_FIELDS) {
      const expected = locked.includes(field) || always.includes(field);
      expect([field, decideField(field, declarer) !== null]).toEqual([field, expected]);
    }
  });

  it('is the browser, for a workspace that nothing declares', () => {
    for (const field of DECLARED_FIELDS) expect(decideField(field, null)).toBeNull();
  });

  it('says who manages it, and where to change it', () => {
    const declarer = { resource: 'blue', manager: 'argocd', fields: ['members'] as const };
    expect(decideField('members', declarer)).toBe(
      'It is managed by argocd in the Workspace resource blue: change spec.members there.',
    );
    expect(decideField('members', { ...declarer, manager: '' })).toMatch(/^It is managed by whoever wrote it in/);
  });

  it('is said of each operation of the browser: it changes what can be declared, or is free', () => {
    const free: readonly WorkspaceOperation[] = [
      ...([
        'seeWorkspace',
        'switchWorkspace',
        'restoreWorkspace',
        'purgeArtifact',
        'seeAudit',
        'seeInvitations',
      ] as const),
      ...(['createToken', 'seeToken', 'revokeToken'] as const),
    ];
    expect([...free, ...Object.keys(LOCKED_BY)].sort()).toEqual(Object.keys(WORKSPACE_MATRIX).sort());
  });
});
