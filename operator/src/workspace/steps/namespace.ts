import { WORKSPACE_NAMES } from '@hortus/contracts/workspace-resource';
import type { KubeObject } from '../../kube/resource.ts';
import { NAMESPACE, type Manifest } from '../kinds.ts';
import { labelsOf, type Child, type StepInput } from './step.ts';

export const ADOPTED_ANNOTATION = 'hortus.dev/adopted';
const POD_SECURITY = 'pod-security.kubernetes.io';

/** Whose a namespace is, as its labels and the resource together say. */
export type NamespaceState = 'missing' | 'ours' | 'adoptable' | 'taken' | 'terminating';

/** What stands already is ours only where both sides say so; a label alone, which many may write, makes nothing ours. */
export function judgeNamespace(
  { workspace, workspaceId }: Pick<StepInput, 'workspace' | 'workspaceId'>,
  standing: KubeObject | undefined,
): NamespaceState {
  if (standing === undefined) return 'missing';
  const { labels = {}, annotations = {}, deletionTimestamp } = standing.metadata;
  const { workspaceLabel, workspaceIdLabel, adoptAnnotation, hashAnnotation } = WORKSPACE_NAMES;
  const isLabelled = labels[workspaceLabel] === workspace.metadata.name && labels[workspaceIdLabel] === workspaceId;
  const isOurs = isLabelled && annotations[hashAnnotation] !== undefined;
  const isAgreed =
    workspace.spec.namespace?.adopt === 'WithConsent' && annotations[adoptAnnotation] === workspace.metadata.name;
  if (!isOurs && !isAgreed) return 'taken';
  if (deletionTimestamp !== undefined) return 'terminating';
  return isOurs ? 'ours' : 'adoptable';
}

export function isAdopted(standing: KubeObject | undefined): boolean {
  return standing?.metadata.annotations?.[ADOPTED_ANNOTATION] === 'true';
}

export function namespaceChild(input: StepInput, isTakenOver: boolean): Child {
  const object: Manifest = {
    metadata: {
      name: input.namespace,
      labels: {
        ...labelsOf(input, 'namespace'),
        [`${POD_SECURITY}/enforce`]: 'restricted',
        [`${POD_SECURITY}/audit`]: 'restricted',
        [`${POD_SECURITY}/warn`]: 'restricted',
      },
      // What was there before us must outlive us.
      ...(isTakenOver ? { annotations: { [ADOPTED_ANNOTATION]: 'true' } } : {}),
    },
  };
  return { dependant: 'NamespaceReady', resource: NAMESPACE, object };
}
