import { randomBytes } from 'node:crypto';
import type { Logger } from '@hortus/service/logger';
import type { KubeClient } from './client.ts';
import { isKubeError } from './kube-error.ts';
import { toMicroTime } from './micro-time.ts';
import { apiVersionOf, type KubeObject, type Resource } from './resource.ts';
import { TokenBucket } from './token-bucket.ts';

/** An event of `events.k8s.io/v1`, as far as we write it. */
interface KubeEvent extends KubeObject {
  eventTime: string;
  reportingController: string;
  reportingInstance: string;
  action: string;
  reason: string;
  note: string;
  type: 'Normal' | 'Warning';
  regarding: { apiVersion: string; kind: string; name: string; namespace?: string; uid?: string };
  series?: { count: number; lastObservedTime: string };
}

export const EVENT: Resource = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  isNamespaced: true,
};

export interface NewEvent {
  readonly type: 'Normal' | 'Warning';
  /** Why, in one word; from a catalogue. */
  readonly reason: string;
  /** What was done, in one word. */
  readonly action: string;
  readonly note: string;
}

export interface EventRecorder {
  /** Never waits and never fails: an event is told for people, and what it tells of is done already. */
  record(resource: Resource, object: KubeObject, event: NewEvent): void;
  /** Resolves when all that was recorded has been sent, or given up. */
  flush(): Promise<void>;
}

/** As client-go: the same event within this time is one more of its series. */
const SERIES_MS = 6 * 60_000;
const SERIES_MAX = 4096;
/** As client-go's spam filter: per object so many at once, and one more every five minutes. */
const PER_OBJECT = { perSecond: 1 / 300, burst: 25 };
const OBJECTS_MAX = 4096;
const WAITING_MAX = 1000;
const NOTE_MAX = 1024;

export function createEventRecorder(options: {
  readonly client: KubeClient;
  readonly controller: string;
  readonly instance: string;
  /** Of events about objects that have no namespace. */
  readonly defaultNamespace?: string;
  readonly logger: Logger;
  readonly now?: () => Date;
}): EventRecorder {
  const { client, controller, instance, defaultNamespace = 'default', logger, now = () => new Date() } = options;
  const series = new Map<string, { event: KubeEvent; count: number; at: number }>();
  const buckets = new Map<string, TokenBucket>();
  let waiting = 0;
  let sending: Promise<void> = Promise.resolve();

  function isSpam(uid: string): boolean {
    const bucket = buckets.get(uid) ?? new TokenBucket(PER_OBJECT);
    buckets.delete(uid);
    buckets.set(uid, bucket);
    shorten(buckets, OBJECTS_MAX);
    return !bucket.tryTake();
  }

  function send(what: () => Promise<unknown>): void {
    if (waiting >= WAITING_MAX) return;
    waiting += 1;
    sending = sending.then(what).then(
      () => {
        waiting -= 1;
      },
      (error: unknown) => {
        waiting -= 1;
        // The namespace goes with all that is in it; nobody is left to read it.
        if (!isKubeError(error, 403) && !isKubeError(error, 404))
          logger.warn({ err: error }, 'an event could not be written');
      },
    );
  }

  return {
    record(resource, object, { type, reason, action, note }) {
      const { name, namespace, uid } = object.metadata;
      const at = now();
      const key = [uid ?? name, type, reason, action, note].join('\n');
      const standing = series.get(key);
      if (standing !== undefined && at.getTime() - standing.at < SERIES_MS) {
        standing.count += 1;
        standing.at = at.getTime();
        const { count, event } = standing;
        const patch = { series: { count, lastObservedTime: toMicroTime(at) } };
        if (!isSpam(uid ?? name)) send(() => client.merge(EVENT, event.metadata, patch, { fieldManager: controller }));
        return;
      }
      if (isSpam(uid ?? name)) return;
      const event: KubeEvent = {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: {
          // As long as a name may be, whatever the object is called.
          name: `${name.slice(0, 230)}.${randomBytes(8).toString('hex')}`,
          namespace: namespace ?? defaultNamespace,
        },
        eventTime: toMicroTime(at),
        reportingController: controller,
        reportingInstance: instance,
        action,
        reason,
        note: note.slice(0, NOTE_MAX),
        type,
        regarding: {
          apiVersion: apiVersionOf(resource),
          kind: resource.kind,
          name,
          ...(namespace === undefined ? {} : { namespace }),
          ...(uid === undefined ? {} : { uid }),
        },
      };
      series.delete(key);
      series.set(key, { event, count: 1, at: at.getTime() });
      shorten(series, SERIES_MAX);
      send(() => client.create(EVENT, event, { fieldManager: controller }));
    },
    flush: () => sending,
  };
}

/** Takes the oldest entries away. */
function shorten(map: Map<string, unknown>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
}
