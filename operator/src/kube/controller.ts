import type { Logger } from '@hortus/service/logger';
import { startDeadline } from './deadline.ts';
import type { ControllerMetrics } from './metrics.ts';
import type { WorkQueue } from './work-queue.ts';
import { PRIORITY } from './work-queue.ts';

/** What one pass over a key came to. */
export interface Outcome {
  /** Look again after so long, spread by a tenth; without it only a change brings the key back. */
  readonly requeueAfterMs?: number;
}

/** A fault that no repetition mends; the key waits for its next change. */
export class TerminalError extends Error {
  override name = 'TerminalError';
}

export interface ControllerOptions {
  /** In logs and metrics. */
  readonly name: string;
  readonly queue: WorkQueue;
  /** Makes the cluster as the key's object says. Must take any state, and stop soon when the signal says so. */
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<Outcome>;
  readonly workers: number;
  /** How long a pass may take. */
  readonly timeoutMs?: number;
  readonly logger: Logger;
  readonly metrics: ControllerMetrics;
}

export interface Controller {
  /** Resolves when no pass is under way any more. */
  stop(): Promise<void>;
}

const TIMEOUT_MS = 60_000;
/** A pass that does not heed its signal for so long loses its worker; its key stays taken until it settles. */
const GRACE_MS = 5_000;

/** Takes keys from the queue and reconciles each, `workers` of them at a time. */
export function startController(options: ControllerOptions): Controller {
  const { name, queue, reconcile, workers, timeoutMs = TIMEOUT_MS, logger, metrics } = options;
  const stopping = new AbortController();
  const passes = new Set<Promise<void>>();
  metrics.maxConcurrent.set({ controller: name }, workers);
  metrics.watchQueue(name, () => queue.sizes().ready);

  async function pass(key: string, priority: number): Promise<void> {
    const deadline = startDeadline(timeoutMs, stopping.signal);
    const began = performance.now();
    let result = 'success';
    try {
      const { requeueAfterMs } = await reconcile(key, deadline.signal);
      queue.forget(key);
      if (requeueAfterMs !== undefined) {
        result = 'requeue_after';
        queue.addAfter(key, requeueAfterMs * (1 + Math.random() / 10), PRIORITY.resync);
      }
    } catch (error) {
      if (stopping.signal.aborted) return;
      result = 'error';
      const failures = queue.failuresOf(key);
      if (error instanceof TerminalError) {
        queue.forget(key);
        metrics.terminalErrors.inc({ controller: name });
        logger.warn({ err: error, controller: name, key }, 'a pass failed in a way that only a change mends');
      } else {
        queue.addAfterFailure(key, priority);
        metrics.retries.inc({ name });
        metrics.errors.inc({ controller: name });
        logger.warn({ err: error, controller: name, key, failures }, 'a pass failed; it is repeated');
      }
    } finally {
      deadline.clear();
      queue.done(key);
      metrics.total.inc({ controller: name, result });
      metrics.seconds.observe({ controller: name }, (performance.now() - began) / 1000);
    }
  }

  async function work(): Promise<void> {
    for (;;) {
      const taken = await queue.get();
      if (taken === undefined || stopping.signal.aborted) return;
      const { key, priority, waitedMs } = taken;
      metrics.queueSeconds.observe({ name }, waitedMs / 1000);
      metrics.active.inc({ controller: name });
      const running = pass(key, priority);
      passes.add(running);
      void running.finally(() => {
        passes.delete(running);
        metrics.active.dec({ controller: name });
      });
      if (!(await settles(running, timeoutMs + GRACE_MS))) {
        metrics.panics.inc({ controller: name });
        logger.error({ controller: name, key }, 'a pass does not end; another worker takes its place');
      }
    }
  }

  const running = Promise.all(Array.from({ length: workers }, work));
  return {
    stop: async () => {
      stopping.abort(new Error(`the controller ${name} stops`));
      queue.close();
      metrics.forgetQueue(name);
      await running;
      await Promise.race([Promise.all(passes), after(GRACE_MS)]);
    },
  };
}

/** Whether the promise settles in time. */
async function settles(promise: Promise<void>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
