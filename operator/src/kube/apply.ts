import { createHash } from 'node:crypto';
import type { KubeClient } from './client.ts';
import { isKubeError, type KubeError } from './kube-error.ts';
import { apiVersionOf, type KubeObject, type Resource } from './resource.ts';

/** What was applied, and what became of it. */
export type Applied<T> =
  | { readonly did: 'nothing' }
  | { readonly did: 'created' | 'changed'; readonly object: T }
  /** Somebody else has changed what is ours, and it was put right. */
  | { readonly did: 'repaired'; readonly object: T; readonly fields: readonly string[] };

export interface ApplierOptions {
  readonly client: KubeClient;
  readonly fieldManager: string;
  /** The annotation that keeps a hash of what was applied. */
  readonly hashAnnotation: string;
}

/** Another manager holds a field that we would set. */
export class FieldConflictError extends Error {
  override name = 'FieldConflictError';
  readonly managers: readonly string[];
  readonly fields: readonly string[];

  constructor(managers: readonly string[], fields: readonly string[], cause: KubeError) {
    super(cause.message, { cause });
    this.managers = managers;
    this.fields = fields;
  }
}

/**
 * Applies sparse objects by server-side apply, and only where something differs: nothing is written at rest.
 *
 * The annotation tells whether we would apply the same fields as the last time (one that we gave up has to be taken away, which
 * the object itself doesn't show); a comparison of our fields with the object tells whether they still stand.
 */
export class Applier {
  readonly #options: ApplierOptions;

  constructor(options: ApplierOptions) {
    this.#options = options;
  }

  /**
   * @param observed the object as the store has it; undefined where there is none
   * @param force take fields over that somebody else has set
   * @throws FieldConflictError without `force`, where somebody else holds a field
   */
  async apply<T extends KubeObject>(
    resource: Resource,
    desired: T,
    observed: T | undefined,
    options: { readonly force: boolean; readonly signal: AbortSignal },
  ): Promise<Applied<T>> {
    const { client, fieldManager, hashAnnotation } = this.#options;
    const hash = hashOf(desired);
    const isAsBefore = observed?.metadata.annotations?.[hashAnnotation] === hash;
    const fields = observed === undefined ? [] : differences(desired, observed);
    if (isAsBefore && fields.length === 0) return { did: 'nothing' };
    const { metadata } = desired;
    const body: T = {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      ...desired,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [hashAnnotation]: hash } },
    };
    try {
      const object = await client.apply(resource, body, { fieldManager, ...options });
      if (observed === undefined) return { did: 'created', object };
      return isAsBefore ? { did: 'repaired', object, fields } : { did: 'changed', object };
    } catch (error) {
      if (isKubeError(error, 409) && error.reason === 'Conflict') throw conflictOf(error);
      throw error;
    }
  }
}

export function hashOf(desired: object): string {
  return createHash('sha256').update(canonical(desired)).digest('base64url').slice(0, 22);
}

/** JSON with the keys in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * Where the fields that we set are not as we set them, as paths. What the object has beyond them is not ours. Lists are
 * compared as wholes, item by item; the server keeps their order.
 */
export function differences(desired: unknown, observed: unknown, path = ''): string[] {
  if (Array.isArray(desired)) {
    if (!Array.isArray(observed) || observed.length !== desired.length) return [path];
    return desired.flatMap((item, index) => differences(item, observed[index], `${path}[${String(index)}]`));
  }
  if (typeof desired === 'object' && desired !== null) {
    if (typeof observed !== 'object' || observed === null) return isEmpty(desired) ? [] : [path];
    return Object.entries(desired).flatMap(([name, value]) =>
      differences(value, (observed as Record<string, unknown>)[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return desired === undefined || desired === observed ? [] : [path];
}

/** The server leaves empty objects and lists out of what it stores. */
function isEmpty(value: object): boolean {
  return Object.values(value).every((part) => part === undefined);
}

/** @example `conflict with "kubectl" using v1` */
const MANAGER = /conflict with "([^"]+)"/;

function conflictOf(error: KubeError): FieldConflictError {
  const causes = error.status.details?.causes ?? [];
  const managers = causes.flatMap(({ message }) => MANAGER.exec(message ?? '')?.[1] ?? []);
  return new FieldConflictError(
    [...new Set(managers)],
    causes.flatMap(({ field }) => field ?? []),
    error,
  );
}
