import type { DeclaredField } from '@hortus/contracts/workspace';
import type { WorkspaceDeclaration } from '@hortus/contracts/workspace-resource-api';
import type { WorkspaceOperation } from '../workspaces/workspace-policy.ts';

/*
 * Who decides what of a workspace that a resource declares: what the resource says holds, and is locked in the browser; what it
 * leaves out is decided in the browser. There is nothing that both decide. `docs/field-ownership.md` is this table in words.
 */

/** By the operations of the browser: what of the workspace they change. One that is not here changes nothing that can be declared. */
export const LOCKED_BY: Partial<Readonly<Record<WorkspaceOperation, DeclaredField>>> = {
  renameWorkspace: 'name',
  giveRole: 'members',
  takeRole: 'members',
  removeMember: 'members',
  transferWorkspace: 'members',
  invite: 'members',
  deleteWorkspace: 'workspace',
};

/** Where the field stands in the resource, for whoever is to change it there. */
const IN_RESOURCE: Readonly<Record<DeclaredField, string>> = {
  workspace: 'delete the resource',
  name: 'change spec.displayName',
  members: 'change spec.members',
  bytesMax: 'change spec.quota.storage',
  artifactsMax: 'change spec.quota.artifacts',
  isSuspended: 'change spec.suspend',
};

/** What a declaration decides: whether there is the workspace at all, whether it rests, and whatever else it says. */
export function declaredFields({ name, members, quota }: WorkspaceDeclaration): DeclaredField[] {
  return [
    'workspace',
    'isSuspended',
    ...(name === undefined ? [] : (['name'] as const)),
    ...(members === undefined ? [] : (['members'] as const)),
    ...(quota.bytesMax === undefined ? [] : (['bytesMax'] as const)),
    ...(quota.artifactsMax === undefined ? [] : (['artifactsMax'] as const)),
  ];
}

/** Who declares a workspace and what of it. */
export interface Declarer {
  readonly resource: string;
  readonly manager: string;
  readonly fields: readonly DeclaredField[];
}

/** Null: the browser decides. Else the sentence that says who does, and what to do there. */
export function decideField(field: DeclaredField, declarer: Declarer | null): string | null {
  if (declarer?.fields.includes(field) !== true) return null;
  const { resource, manager } = declarer;
  const who = manager === '' ? 'whoever wrote it' : manager;
  return `It is managed by ${who} in the Workspace resource ${resource}: ${IN_RESOURCE[field]} there.`;
}
