import { TokenBucket } from './token-bucket.ts';

/*
 * Keys that wait for work. A key is in at most one of these places:
 *
 *     delayed ──its time comes──▶ ready ──get──▶ processing ──done──▶ nowhere
 *                                   ▲                │
 *                                   └──dirty: added meanwhile────────┘
 *
 * Invariants: a key is never processed twice at once; a key that is added while it is processed is processed again; what was
 * added is never lost. Higher priority first, then first come, first served.
 */

export interface WorkQueueOptions {
  /** The pause after the n-th failure of a key is `min * 2 ** n`, up to `max`. */
  readonly backOffMs?: { readonly min: number; readonly max: number };
  /** A limit on keys that come back after failures, over all of them. */
  readonly bucket?: TokenBucket;
  readonly now?: () => number;
}

/** Higher is sooner. What a person did goes before what is only looked at again. */
export const PRIORITY = { change: 100, resync: -100 } as const;

const BACK_OFF_MS = { min: 5, max: 5 * 60_000 };
/** As client-go's default. */
const RETRIES = { perSecond: 10, burst: 100 };

interface Waiting {
  readonly key: string;
  readonly priority: number;
  readonly addedAt: number;
}

export class WorkQueue {
  readonly #backOffMs: { readonly min: number; readonly max: number };
  readonly #bucket: TokenBucket;
  readonly #now: () => number;
  /** By priority, then by arrival: a Map keeps the order of insertion. */
  readonly #ready = new Map<number, Map<string, Waiting>>();
  readonly #priorityOf = new Map<string, number>();
  readonly #processing = new Set<string>();
  readonly #dirty = new Map<string, Waiting>();
  readonly #delayed = new Map<
    string,
    { readonly at: number; readonly timer: NodeJS.Timeout; readonly priority: number }
  >();
  readonly #failures = new Map<string, number>();
  readonly #takers: ((item: { key: string; waitedMs: number; priority: number } | undefined) => void)[] = [];
  #isClosed = false;

  constructor(options: WorkQueueOptions = {}) {
    this.#backOffMs = options.backOffMs ?? BACK_OFF_MS;
    this.#now = options.now ?? (() => performance.now());
    this.#bucket = options.bucket ?? new TokenBucket(RETRIES, this.#now);
  }

  /** How many are ready, processed and delayed. */
  sizes(): { readonly ready: number; readonly processing: number; readonly delayed: number } {
    return { ready: this.#priorityOf.size, processing: this.#processing.size, delayed: this.#delayed.size };
  }

  failuresOf(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  add(key: string, priority: number = PRIORITY.change): void {
    if (this.#isClosed) return;
    this.#cancelDelay(key);
    const waiting = { key, priority, addedAt: this.#now() };
    if (this.#processing.has(key)) {
      const before = this.#dirty.get(key);
      if (before === undefined || before.priority < priority) this.#dirty.set(key, waiting);
      return;
    }
    const before = this.#priorityOf.get(key);
    if (before !== undefined) {
      if (before >= priority) return;
      this.#takeReady(before, key);
    }
    this.#putReady(waiting);
    this.#serve();
  }

  /** Adds the key after a while; the sooner of two such wishes holds. */
  addAfter(key: string, delayMs: number, priority: number = PRIORITY.change): void {
    if (this.#isClosed) return;
    if (delayMs <= 0) {
      this.add(key, priority);
      return;
    }
    const at = this.#now() + delayMs;
    const before = this.#delayed.get(key);
    if (before !== undefined && before.at <= at) return;
    if (this.#priorityOf.has(key)) return;
    this.#cancelDelay(key);
    const timer = setTimeout(() => {
      this.#delayed.delete(key);
      this.add(key, priority);
    }, delayMs);
    timer.unref();
    this.#delayed.set(key, { at, timer, priority });
  }

  /** Adds the key after a pause that grows with each failure, for ever. */
  addAfterFailure(key: string, priority: number = PRIORITY.change): void {
    const failures = this.failuresOf(key);
    this.#failures.set(key, failures + 1);
    const { min, max } = this.#backOffMs;
    this.addAfter(key, Math.max(Math.min(max, min * 2 ** Math.min(failures, 30)), this.#bucket.reserve()), priority);
  }

  /** The next failure of the key is its first again. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** @returns undefined once the queue is closed */
  get(): Promise<{ key: string; waitedMs: number; priority: number } | undefined> {
    return new Promise((resolve) => {
      if (this.#isClosed) {
        resolve(undefined);
        return;
      }
      this.#takers.push(resolve);
      this.#serve();
    });
  }

  /** Must be called for each key that `get` gave, whatever became of it. */
  done(key: string): void {
    this.#processing.delete(key);
    const again = this.#dirty.get(key);
    this.#dirty.delete(key);
    if (again === undefined || this.#isClosed) return;
    this.#cancelDelay(key);
    this.#putReady(again);
    this.#serve();
  }

  close(): void {
    this.#isClosed = true;
    for (const { timer } of this.#delayed.values()) clearTimeout(timer);
    this.#delayed.clear();
    this.#ready.clear();
    this.#priorityOf.clear();
    for (const take of this.#takers.splice(0)) take(undefined);
  }

  #putReady(waiting: Waiting): void {
    const { key, priority } = waiting;
    this.#priorityOf.set(key, priority);
    const line = this.#ready.get(priority);
    if (line === undefined) this.#ready.set(priority, new Map([[key, waiting]]));
    else line.set(key, waiting);
  }

  #takeReady(priority: number, key: string): Waiting | undefined {
    const line = this.#ready.get(priority);
    const waiting = line?.get(key);
    line?.delete(key);
    if (line?.size === 0) this.#ready.delete(priority);
    this.#priorityOf.delete(key);
    return waiting;
  }

  #serve(): void {
    while (this.#takers.length > 0 && this.#priorityOf.size > 0) {
      const priority = Math.max(...this.#ready.keys());
      const key = this.#ready.get(priority)?.keys().next().value;
      if (key === undefined) return;
      const waiting = this.#takeReady(priority, key);
      this.#processing.add(key);
      this.#takers.shift()?.({ key, priority, waitedMs: this.#now() - (waiting?.addedAt ?? 0) });
    }
  }

  #cancelDelay(key: string): void {
    const delayed = this.#delayed.get(key);
    if (delayed === undefined) return;
    clearTimeout(delayed.timer);
    this.#delayed.delete(key);
  }
}
