import { createHash } from 'node:crypto';
import type { WorkspaceSpec, WorkspaceStatus } from '@hortus/contracts/workspace-resource';
import { WORKSPACE_NAMES, WORKSPACE_RESOURCE } from '@hortus/contracts/workspace-resource';
import type { KubeObject, Resource } from '../kube/resource.ts';

export interface Workspace extends KubeObject {
  spec: WorkspaceSpec;
  status?: WorkspaceStatus;
}

export const WORKSPACE: Resource = {
  group: WORKSPACE_RESOURCE.group,
  version: WORKSPACE_RESOURCE.version,
  kind: WORKSPACE_RESOURCE.kind,
  plural: WORKSPACE_RESOURCE.plural,
  isNamespaced: false,
};

/** Of the ids that follow from slugs, by RFC 9562 §5.5. Another value would make every workspace a new one. */
const ID_NAMESPACE = Buffer.from('6d1f6b1e2f0b4c7b9a3d5e8c41f0a7d2', 'hex');

/**
 * The id of the workspace in Hortus. It follows from the slug, so that a crash between choosing and keeping it can't be, and the
 * same resource in another cluster finds its workspace again.
 */
export function workspaceIdOf({ spec }: Pick<Workspace, 'spec'>): string {
  if (spec.workspaceId !== undefined) return spec.workspaceId;
  const bytes = createHash('sha1').update(ID_NAMESPACE).update(spec.slug).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function namespaceNameOf({ metadata, spec }: Pick<Workspace, 'metadata' | 'spec'>): string {
  return spec.namespace?.name ?? `${WORKSPACE_NAMES.namespacePrefix}${metadata.name}`;
}

export function isPaused({ metadata }: Workspace): boolean {
  return metadata.annotations?.[WORKSPACE_NAMES.pausedAnnotation] === 'true';
}

export function hasFinalizer({ metadata }: Workspace): boolean {
  return metadata.finalizers?.includes(WORKSPACE_NAMES.finalizer) ?? false;
}

/**
 * Of several resources that mean the same workspace, or the same namespace, the oldest has it.
 *
 * @returns the name of the one that has it, where that is another
 */
export function findRival(workspace: Workspace, others: readonly Workspace[]): string | undefined {
  const rank = ({ metadata }: Workspace): string => `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
  const [first] = [workspace, ...others].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return first === undefined || first.metadata.name === workspace.metadata.name ? undefined : first.metadata.name;
}
