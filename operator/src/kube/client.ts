import { collectionPath, objectPath, type KubeObject, type ObjectName, type Resource } from './resource.ts';
import { isKubeError } from './kube-error.ts';
import type { Transport } from './transport.ts';

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Only `metadata` is sent, which spares most of the memory where nothing else is looked at. */
  readonly isMetadataOnly?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  readonly continueToken: string | undefined;
}

export interface WatchEvent<T> {
  readonly type: string;
  readonly object: T;
}

export interface ApplyOptions {
  /** Names who owns the fields; one per controller. */
  readonly fieldManager: string;
  /** Take fields over that somebody else has set otherwise; without it that is a 409 that names them. */
  readonly force?: boolean;
  readonly isDryRun?: boolean;
  readonly subresource?: string;
  readonly signal?: AbortSignal;
}

const APPLY = 'application/apply-patch+yaml';
const MERGE = 'application/merge-patch+json';

/** The verbs of the API server for objects of any kind. Bodies are plain objects as the server sends them: dates stay text. */
export class KubeClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** @returns undefined where there is none */
  async get<T extends KubeObject>(resource: Resource, name: ObjectName, signal?: AbortSignal): Promise<T | undefined> {
    try {
      return await this.#transport.request<T>({
        method: 'GET',
        path: objectPath(resource, name),
        ...given({ signal }),
      });
    } catch (error) {
      if (isKubeError(error, 404)) return undefined;
      throw error;
    }
  }

  async listPage<T extends KubeObject>(
    resource: Resource,
    options: ListOptions & {
      readonly limit: number;
      readonly continueToken?: string | undefined;
      readonly signal?: AbortSignal;
    },
  ): Promise<Page<T>> {
    const { namespace, limit, continueToken, signal, isMetadataOnly = false } = options;
    const answer = await this.#transport.request<{
      items?: T[];
      metadata: { resourceVersion: string; continue?: string };
    }>({
      method: 'GET',
      path: collectionPath(resource, namespace),
      query: { ...selectorsOf(options), limit, continue: continueToken },
      ...(isMetadataOnly ? { accept: metadataOf('PartialObjectMetadataList') } : {}),
      ...given({ signal }),
    });
    const next = answer.metadata.continue;
    return {
      items: answer.items ?? [],
      resourceVersion: answer.metadata.resourceVersion,
      continueToken: next === undefined || next === '' ? undefined : next,
    };
  }

  /**
   * What changes behind `resourceVersion`, with bookmarks, until the server ends it.
   *
   * @throws SyntaxError for a line that is no JSON
   */
  async *watch<T extends KubeObject>(
    resource: Resource,
    options: ListOptions & {
      readonly resourceVersion: string;
      readonly timeoutSeconds: number;
      readonly signal: AbortSignal;
    },
  ): AsyncGenerator<WatchEvent<T>, void, undefined> {
    const { namespace, resourceVersion, timeoutSeconds, signal, isMetadataOnly = false } = options;
    const lines = this.#transport.stream({
      method: 'GET',
      path: collectionPath(resource, namespace),
      query: { ...selectorsOf(options), watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds },
      ...(isMetadataOnly ? { accept: metadataOf('PartialObjectMetadata') } : {}),
      signal,
    });
    for await (const line of lines) yield JSON.parse(line) as WatchEvent<T>;
  }

  create<T extends KubeObject>(
    resource: Resource,
    object: T,
    options: { readonly fieldManager: string; readonly signal?: AbortSignal },
  ): Promise<T> {
    const { fieldManager, signal } = options;
    return this.#transport.request<T>({
      method: 'POST',
      path: collectionPath(resource, object.metadata.namespace),
      query: { fieldManager },
      body: object,
      ...given({ signal }),
    });
  }

  /** Server-side apply: the fields of `object` and no others become the manager's; one that it left out goes. */
  apply<T extends KubeObject>(resource: Resource, object: T, options: ApplyOptions): Promise<T> {
    const { fieldManager, force = false, isDryRun = false, subresource, signal } = options;
    return this.#transport.request<T>({
      method: 'PATCH',
      path: objectPath(resource, object.metadata, subresource),
      query: { fieldManager, force, dryRun: isDryRun ? 'All' : undefined },
      contentType: APPLY,
      body: object,
      ...given({ signal }),
    });
  }

  /** Replaces the object; refused with 409 where it is not at the `resourceVersion` that the object carries. */
  replace<T extends KubeObject>(
    resource: Resource,
    object: T,
    options: { readonly fieldManager: string; readonly subresource?: string; readonly signal?: AbortSignal },
  ): Promise<T> {
    const { fieldManager, subresource, signal } = options;
    return this.#transport.request<T>({
      method: 'PUT',
      path: objectPath(resource, object.metadata, subresource),
      query: { fieldManager },
      body: object,
      ...given({ signal }),
    });
  }

  /** A JSON merge patch, for what server-side apply can't say, such as taking a finalizer away at a known version. */
  merge<T extends KubeObject>(
    resource: Resource,
    name: ObjectName,
    patch: object,
    options: { readonly fieldManager: string; readonly subresource?: string; readonly signal?: AbortSignal },
  ): Promise<T> {
    const { fieldManager, subresource, signal } = options;
    return this.#transport.request<T>({
      method: 'PATCH',
      path: objectPath(resource, name, subresource),
      query: { fieldManager },
      contentType: MERGE,
      body: patch,
      ...given({ signal }),
    });
  }

  /**
   * Deletes the object of this uid, and no other one that has its name by now.
   *
   * @returns false where it was gone already
   */
  async delete(
    resource: Resource,
    name: ObjectName,
    options: {
      readonly uid?: string;
      readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<boolean> {
    const { uid, propagation = 'Background', signal } = options;
    try {
      await this.#transport.request({
        method: 'DELETE',
        path: objectPath(resource, name),
        body: { propagationPolicy: propagation, ...(uid === undefined ? {} : { preconditions: { uid } }) },
        ...given({ signal }),
      });
      return true;
    } catch (error) {
      if (isKubeError(error, 404)) return false;
      throw error;
    }
  }
}

function given({ signal }: { signal: AbortSignal | undefined }): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function selectorsOf({ labelSelector, fieldSelector }: ListOptions): Record<string, string | undefined> {
  return { labelSelector, fieldSelector };
}

/** Plain JSON is the fallback of a server that can't cut an object down, such as an aggregated one. */
function metadataOf(kind: string): string {
  return `application/json;as=${kind};g=meta.k8s.io;v=v1, application/json`;
}
