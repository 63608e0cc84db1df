import type { KubeObject, Resource } from '../kube/resource.ts';

/** An object of any kind, as it is applied. */
export type Manifest = KubeObject & Readonly<Record<string, unknown>>;

function kind(group: string, name: string, plural: string, isNamespaced = true): Resource {
  return { group, version: 'v1', kind: name, plural, isNamespaced };
}

export const NAMESPACE = kind('', 'Namespace', 'namespaces', false);
export const RESOURCE_QUOTA = kind('', 'ResourceQuota', 'resourcequotas');
export const LIMIT_RANGE = kind('', 'LimitRange', 'limitranges');
export const SERVICE_ACCOUNT = kind('', 'ServiceAccount', 'serviceaccounts');
export const CONFIG_MAP = kind('', 'ConfigMap', 'configmaps');
export const SECRET = kind('', 'Secret', 'secrets');
export const NETWORK_POLICY = kind('networking.k8s.io', 'NetworkPolicy', 'networkpolicies');
export const ROLE_BINDING = kind('rbac.authorization.k8s.io', 'RoleBinding', 'rolebindings');
export const DEPLOYMENT = kind('apps', 'Deployment', 'deployments');
export const DISRUPTION_BUDGET = kind('policy', 'PodDisruptionBudget', 'poddisruptionbudgets');

/** What a workspace has in its namespace, as far as it is kept by the operator. */
export const CHILD_KINDS: readonly Resource[] = [
  RESOURCE_QUOTA,
  LIMIT_RANGE,
  SERVICE_ACCOUNT,
  CONFIG_MAP,
  SECRET,
  NETWORK_POLICY,
  ROLE_BINDING,
  DEPLOYMENT,
  DISRUPTION_BUDGET,
];
