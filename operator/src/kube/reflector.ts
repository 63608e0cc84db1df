import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@hortus/service/logger';
import type { KubeClient, ListOptions, WatchEvent } from './client.ts';
import { KubeError, toKubeError, type KubeStatus } from './kube-error.ts';
import { isNewer, keyOf, type KubeObject, type Resource } from './resource.ts';
import type { Store } from './store.ts';

/*
 * Keeps a store like the cluster, for ever.
 *
 *     listing ──all pages──▶ watching ──ended, cut, silent, 5xx──▶ watching, from the last version seen
 *        ▲                      │
 *        └──────410, 4xx────────┘                        (each after a pause that grows while nothing succeeds)
 *
 * Invariants: a handler hears of every object that the store gains, changes or loses, after the store has it so, and in the
 * order of the store; an object that was replaced by another of its name while nobody looked is heard of as lost and gained;
 * an event that is older than what the store has is passed over.
 */

export interface Change<T> {
  /** Undefined where it is new. */
  readonly before: T | undefined;
  /** Undefined where it is gone. */
  readonly after: T | undefined;
}

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly resource: Resource;
  readonly store: Store<T>;
  /** Which of them; all when nothing is said. */
  readonly list?: ListOptions;
  readonly onChange: (change: Change<T>) => void;
  /** Told of each object as the server sent it, with the field owners that the store does not keep. */
  readonly onSeen?: (object: T) => void;
  readonly logger: Logger;
  readonly pageSize?: number;
  readonly backOffMs?: { readonly min: number; readonly max: number };
  /** How long a watch lasts before the server ends it; spread, so that not all end at once. */
  readonly watchSeconds?: { readonly min: number; readonly max: number };
}

export interface Reflector {
  /** Resolves when the store has been filled for the first time. */
  readonly synced: Promise<void>;
  isSynced(): boolean;
  /** Milliseconds since the server was heard of last. */
  silentMs(): number;
  /** Lists and watches that were begun, for the metrics. */
  counts(): { readonly lists: number; readonly watches: number };
  stop(): Promise<void>;
}

const PAGE_SIZE = 500;
const SHORT_WATCH_MS = 1000;
const BACK_OFF_MS = { min: 800, max: 30_000 };
const WATCH_SECONDS = { min: 290, max: 590 };

export function startReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector {
  const { client, resource, store, list = {}, logger, pageSize = PAGE_SIZE } = options;
  const backOffMs = options.backOffMs ?? BACK_OFF_MS;
  const watchSeconds = options.watchSeconds ?? WATCH_SECONDS;
  const stopping = new AbortController();
  const { signal } = stopping;
  const firstSync = Promise.withResolvers<undefined>();
  const counts = { lists: 0, watches: 0 };
  let isSynced = false;
  let heardAt = performance.now();

  function tell(change: Change<T>): void {
    try {
      options.onChange(change);
    } catch (error) {
      logger.error(
        { err: error, kind: resource.kind },
        'a handler of changes failed; the object waits for its next change',
      );
    }
  }

  function put(seen: T): void {
    options.onSeen?.(seen);
    const object = strip(seen);
    const before = store.get(keyOf(object.metadata));
    if (before !== undefined && before.metadata.uid !== object.metadata.uid) {
      store.delete(keyOf(before.metadata));
      tell({ before, after: undefined });
      store.set(object);
      tell({ before: undefined, after: object });
      return;
    }
    if (before !== undefined && !isNewer(object.metadata.resourceVersion ?? '', before.metadata.resourceVersion ?? ''))
      return;
    store.set(object);
    tell({ before, after: object });
  }

  function remove(seen: T): void {
    const key = keyOf(seen.metadata);
    const before = store.get(key);
    if (before === undefined || before.metadata.uid !== seen.metadata.uid) return;
    store.delete(key);
    tell({ before, after: undefined });
  }

  /** @returns the version to watch from */
  async function readAll(): Promise<string> {
    counts.lists += 1;
    const seen = new Set<string>();
    let continueToken: string | undefined;
    for (;;) {
      const page = await client.listPage<T>(resource, { ...list, limit: pageSize, continueToken, signal });
      heardAt = performance.now();
      for (const object of page.items) {
        seen.add(keyOf(object.metadata));
        put(object);
      }
      continueToken = page.continueToken;
      if (continueToken !== undefined) continue;
      // What the list does not have is gone; what was made since then the watch will tell.
      for (const key of [...store.keys()]) {
        if (seen.has(key)) continue;
        const before = store.delete(key);
        if (before !== undefined) tell({ before, after: undefined });
      }
      return page.resourceVersion;
    }
  }

  /** Watches until it ends, and says by `onVersion` how far it came. */
  async function watchFrom(resourceVersion: string, onVersion: (version: string) => void): Promise<void> {
    counts.watches += 1;
    const { min, max } = watchSeconds;
    const timeoutSeconds = Math.round(min + Math.random() * (max - min));
    const began = performance.now();
    let events = 0;
    let reached = resourceVersion;
    for await (const event of client.watch<T>(resource, { ...list, resourceVersion, timeoutSeconds, signal })) {
      heardAt = performance.now();
      events += 1;
      const version = versionOf(event);
      // The versions of a watch only grow: what comes twice or late would bring back what is gone.
      if (!isNewer(version, reached)) continue;
      handle(event);
      reached = version;
      onVersion(version);
    }
    heardAt = performance.now();
    // A server, or a proxy before it, that ends every watch at once would be asked without a pause.
    if (events === 0 && heardAt - began < SHORT_WATCH_MS) throw new Error('the watch ended as soon as it had begun');
  }

  /** @throws KubeError for an event by which the server says that the watch is over */
  function versionOf({ type, object }: WatchEvent<T>): string {
    if (type !== 'ERROR') return object.metadata.resourceVersion ?? '';
    const status = object as KubeStatus;
    const text = JSON.stringify({ ...status, kind: 'Status' });
    throw toKubeError(status.code ?? 500, text, undefined, `watch of ${resource.plural}`);
  }

  function handle(event: WatchEvent<T>): void {
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED':
        put(event.object);
        break;
      case 'DELETED':
        remove(event.object);
        break;
      case 'BOOKMARK':
        break;
      default:
        throw new Error(`watch of ${resource.plural}: an event of the unknown type ${JSON.stringify(event.type)}`);
    }
  }

  async function run(): Promise<void> {
    let version: string | undefined;
    let failures = 0;
    const succeed = (): void => {
      failures = 0;
    };
    const isStopped = (): boolean => signal.aborted;
    while (!isStopped()) {
      try {
        if (version === undefined) {
          version = await readAll();
          isSynced = true;
          firstSync.resolve(undefined);
          succeed();
        }
        await watchFrom(version, (next) => {
          version = next;
          succeed();
        });
      } catch (error) {
        if (isStopped()) break;
        // A version that the server has forgotten, or a request that it does not take: only a list helps.
        if (error instanceof KubeError && error.code >= 400 && error.code < 500 && error.code !== 429)
          version = undefined;
        const level = failures === 0 ? 'debug' : 'warn';
        logger[level]({ err: error, kind: resource.kind, failures }, 'a list or watch ended; it is begun again');
        await pause(pauseMs(failures, backOffMs), undefined, { signal }).catch(() => undefined);
        failures += 1;
      }
    }
  }

  const running = run();
  return {
    synced: firstSync.promise,
    isSynced: () => isSynced,
    silentMs: () => performance.now() - heardAt,
    counts: () => ({ ...counts }),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Anything up to a bound that doubles: many who were cut off at once don't come back at once. */
function pauseMs(failures: number, { min, max }: { min: number; max: number }): number {
  const bound = Math.min(max, min * 2 ** Math.min(failures, 30));
  return min / 2 + Math.random() * (bound - min / 2);
}

/** Field owners are half of many an object, and only server-side apply has a use for them. */
function strip<T extends KubeObject>(object: T): T {
  delete object.metadata.managedFields;
  return object;
}
