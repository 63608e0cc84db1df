import type { WorkspaceDeclaration } from '@hortus/contracts/workspace-resource-api';
import { WORKSPACE_NAMES } from '@hortus/contracts/workspace-resource';
import { keyOf, type KubeObject, type Resource } from '../kube/resource.ts';
import type { Manifest } from './kinds.ts';
import { amountOf } from './quantity.ts';
import type { Settings } from './settings.ts';
import { copies } from './steps/copies.ts';
import { gardeners } from './steps/gardener.ts';
import { limitRanges } from './steps/limit-range.ts';
import { isAdopted, judgeNamespace, namespaceChild, type NamespaceState } from './steps/namespace.ts';
import { networkPolicies } from './steps/network-policies.ts';
import { resourceQuotas } from './steps/resource-quota.ts';
import { roleBindings } from './steps/role-bindings.ts';
import { serviceAccounts } from './steps/service-accounts.ts';
import type { Child, Member, StepInput } from './steps/step.ts';
import { namespaceNameOf, workspaceIdOf, type Workspace } from './workspace.ts';

/** What of the cluster and of Hortus a plan looks at. */
export interface Observed {
  readonly namespace: KubeObject | undefined;
  /** The resource that has the workspace already, where that is another one. */
  readonly rival: string | undefined;
  /** What carries the label of the workspace, wherever it is. */
  readonly labelled: readonly { readonly resource: Resource; readonly object: KubeObject }[];
  /** As Hortus says, for a resource that does not declare them. */
  readonly members: readonly Member[] | undefined;
  readonly manager: string;
  readonly findSource: StepInput['findSource'];
}

export interface Plan {
  readonly workspaceId: string;
  readonly namespace: string;
  readonly namespaceState: NamespaceState;
  readonly rival: string | undefined;
  readonly namespaceChild: Child;
  /** In the namespace. */
  readonly children: readonly Child[];
  /** What was ours and is not declared any more. */
  readonly obsolete: readonly { readonly resource: Resource; readonly object: KubeObject }[];
  readonly missingSources: readonly string[];
  readonly declaration: WorkspaceDeclaration;
}

/** What a workspace is to have, from what it declares and what stands. Pure: the operator acts on it, a dry run prints it. */
export function plan(workspace: Workspace, observed: Observed, settings: Settings): Plan {
  const workspaceId = workspaceIdOf(workspace);
  const namespace = namespaceNameOf(workspace);
  const members = workspace.spec.members ?? observed.members;
  const input: StepInput = { workspace, workspaceId, namespace, members, settings, findSource: observed.findSource };
  const namespaceState = judgeNamespace(input, observed.namespace);
  const copied = copies(input);
  const children = [
    ...networkPolicies(input),
    ...resourceQuotas(input),
    ...limitRanges(input),
    ...serviceAccounts(input),
    ...roleBindings(input),
    ...copied.children,
    ...gardeners(input),
  ];
  return {
    workspaceId,
    namespace,
    namespaceState,
    rival: observed.rival,
    namespaceChild: namespaceChild(input, namespaceState === 'adoptable' || isAdopted(observed.namespace)),
    children,
    obsolete: findObsolete(children, observed, { namespace, hasMembers: members !== undefined }),
    missingSources: copied.missing,
    declaration: declarationOf(workspace, observed.manager),
  };
}

export function childKey(resource: Resource, object: KubeObject): string {
  return `${resource.kind} ${keyOf(object.metadata)}`;
}

/** Only what we applied in our own namespace: a label alone may be written by others, on what is not ours. */
function findObsolete(
  children: readonly Child[],
  observed: Observed,
  { namespace, hasMembers }: { namespace: string; hasMembers: boolean },
): Plan['obsolete'] {
  const wanted = new Set(children.map(({ resource, object }) => childKey(resource, object)));
  return observed.labelled.filter(({ resource, object }) => {
    const { metadata } = object;
    const isOurs =
      metadata.namespace === namespace &&
      metadata.labels?.[WORKSPACE_NAMES.managedByLabel] === WORKSPACE_NAMES.managedBy &&
      metadata.annotations?.[WORKSPACE_NAMES.hashAnnotation] !== undefined;
    // Nobody loses access because Hortus was not asked yet.
    const isUnknown = resource.kind === 'RoleBinding' && !hasMembers;
    return isOurs && !isUnknown && !wanted.has(childKey(resource, object));
  });
}

function declarationOf({ metadata, spec }: Workspace, manager: string): WorkspaceDeclaration {
  const { storage, artifacts } = spec.quota ?? {};
  return {
    resource: metadata.name,
    manager,
    slug: spec.slug,
    ...(spec.displayName === undefined ? {} : { name: spec.displayName }),
    ...(spec.members === undefined ? {} : { members: spec.members.map(({ email, role }) => ({ email, role })) }),
    quota: {
      ...(storage === undefined ? {} : { bytesMax: amountOf(storage) }),
      ...(artifacts === undefined ? {} : { artifactsMax: artifacts }),
    },
    isSuspended: spec.suspend ?? false,
  };
}

/** The Deployment of the gardener among what is planned. */
export function gardenerOf(children: readonly Child[]): Manifest | undefined {
  return children.find(({ resource }) => resource.kind === 'Deployment')?.object;
}
