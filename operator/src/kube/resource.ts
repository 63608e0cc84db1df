/** A kind of object and where the API server serves it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** In the path, in lower case. */
  readonly plural: string;
  readonly isNamespaced: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFields[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ManagedFields {
  manager?: string;
  operation?: string;
  subresource?: string;
  time?: string;
  fieldsV1?: object;
}

/** Any object of a cluster, as far as all of them are alike. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
}

/** What names an object of a given kind. */
export interface ObjectName {
  readonly name: string;
  readonly namespace?: string;
}

export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `namespace/name`, or `name` where there is no namespace: the key of stores and queues. */
export function keyOf({ name, namespace }: ObjectName): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function parseKey(key: string): ObjectName {
  const slash = key.indexOf('/');
  return slash === -1 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * The path of all objects of a kind, or of those in one namespace.
 *
 * @throws Error for a namespace where the kind has none: the API server would answer 404, which reads as "is not there"
 */
export function collectionPath(resource: Resource, namespace?: string): string {
  if (namespace !== undefined && !resource.isNamespaced) throw new Error(`a ${resource.kind} has no namespace`);
  const root = resource.group === '' ? '/api' : `/apis/${resource.group}`;
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}/${resource.version}${within}/${resource.plural}`;
}

/** @throws Error for a name without the namespace that its kind needs */
export function objectPath(resource: Resource, { name, namespace }: ObjectName, subresource?: string): string {
  if (resource.isNamespaced && namespace === undefined) {
    throw new Error(`the ${resource.kind} "${name}" needs a namespace`);
  }
  const tail = subresource === undefined ? '' : `/${subresource}`;
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}${tail}`;
}

/** Versions of one kind of object can be compared as numbers (KEP-5504; every server over etcd before it as well). */
export function isNewer(version: string, than: string): boolean {
  if (version === than) return false;
  try {
    return BigInt(version) > BigInt(than);
  } catch {
    return true;
  }
}
