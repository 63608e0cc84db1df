import { WORKSPACE_NAMES } from '@hortus/contracts/workspace-resource';
import type { Role } from '@hortus/contracts/workspace';
import type { Resource } from '../../kube/resource.ts';
import type { Manifest } from '../kinds.ts';
import type { Dependant } from '../reasons.ts';
import type { Settings } from '../settings.ts';
import type { Workspace } from '../workspace.ts';

/** An object that a workspace is to have. */
export interface Child {
  /** The condition that speaks of it. */
  readonly dependant: Dependant;
  readonly resource: Resource;
  readonly object: Manifest;
}

export interface Member {
  readonly email: string;
  readonly role: Role;
}

export type CopyKind = 'ConfigMap' | 'Secret';

/** All that a step may look at: it decides, and touches nothing. */
export interface StepInput {
  readonly workspace: Workspace;
  readonly workspaceId: string;
  readonly namespace: string;
  /** Undefined where they are decided in Hortus and it was not asked yet. */
  readonly members: readonly Member[] | undefined;
  readonly settings: Settings;
  readonly findSource: (kind: CopyKind, name: string) => Manifest | undefined;
}

const LABEL_MAX = 63;

/** The six recommended labels, and by which workspace an object is found. */
export function labelsOf({ workspace, workspaceId }: Pick<StepInput, 'workspace' | 'workspaceId'>, component: string) {
  const { name } = workspace.metadata;
  return {
    'app.kubernetes.io/name': 'hortus-workspace',
    'app.kubernetes.io/instance': name.slice(0, LABEL_MAX),
    'app.kubernetes.io/version': 'v1beta1',
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'hortus',
    [WORKSPACE_NAMES.managedByLabel]: WORKSPACE_NAMES.managedBy,
    [WORKSPACE_NAMES.workspaceLabel]: name,
    [WORKSPACE_NAMES.workspaceIdLabel]: workspaceId,
  };
}
