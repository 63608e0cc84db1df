import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { WORKSPACE_NAMES } from '@hortus/contracts/workspace-resource';
import type { Logger } from '@hortus/service/logger';
import type { ApiClient } from './api-client.ts';
import { Applier } from './kube/apply.ts';
import type { KubeClient } from './kube/client.ts';
import { startController } from './kube/controller.ts';
import { createEventRecorder } from './kube/events.ts';
import { Fights } from './kube/fights.ts';
import { runAsLeader, type LeaderElectionOptions } from './kube/leader-election.ts';
import type { ControllerMetrics } from './kube/metrics.ts';
import { PRIORITY, WorkQueue } from './kube/work-queue.ts';
import { startCache, type Cache } from './workspace/cache.ts';
import { createReconciler } from './workspace/reconcile.ts';
import { Registry } from './workspace/registry.ts';
import type { Settings } from './workspace/settings.ts';
import type { Tools } from './workspace/tools.ts';

export const LEASE_NAME = 'hortus-operator';
const CONTROLLER = 'workspace';
const BACK_OFF_MS = { min: 5, max: 60_000 };

export interface OperatorParts {
  readonly client: KubeClient;
  readonly api: ApiClient;
  readonly settings: Settings;
  readonly workers: number;
  /** Labels of the Workspaces that are looked after; all of them without. */
  readonly selector?: string | undefined;
  /** Namespace of the lease. */
  readonly namespace: string;
  readonly logger: Logger;
  readonly metrics: ControllerMetrics;
  /** Other times than the usual ones, for tests. */
  readonly election?: Partial<Pick<LeaderElectionOptions, 'leaseMs' | 'renewWithinMs' | 'retryMs'>>;
  readonly fights?: Fights;
}

export interface Operator {
  readonly cache: Cache;
  readonly identity: string;
  isLeading(): boolean;
  /** Gives the lease back, and ends. */
  stop(): Promise<void>;
}

export function createTools(parts: OperatorParts, cache: Cache, identity: string): Tools {
  const { client, api, settings, logger, fights = new Fights() } = parts;
  const { fieldManager, hashAnnotation } = WORKSPACE_NAMES;
  return {
    client,
    applier: new Applier({ client, fieldManager, hashAnnotation }),
    cache,
    api,
    registry: new Registry(api),
    events: createEventRecorder({ client, controller: fieldManager, instance: identity, logger }),
    fights,
    settings,
    logger,
    now: () => new Date(),
  };
}

/**
 * Follows the cluster at once, so that it can take over without reading everything first, and works while it leads.
 */
export function startOperator(parts: OperatorParts): Operator {
  const { client, settings, logger, metrics, namespace, workers } = parts;
  const identity = `${hostname()}-${randomBytes(4).toString('hex')}`;
  const stopping = new AbortController();
  let queue: WorkQueue | undefined;
  const cache = startCache({ client, settings, logger, selector: parts.selector, touch: (name) => queue?.add(name) });

  async function lead(signal: AbortSignal): Promise<void> {
    const tools = createTools(parts, cache, identity);
    await Promise.race([cache.synced, aborted(signal)]);
    if (signal.aborted) return;
    const own = new WorkQueue({ backOffMs: BACK_OFF_MS });
    queue = own;
    for (const name of cache.names()) own.add(name, PRIORITY.resync);
    const { reconcile } = createReconciler(tools);
    const controller = startController({ name: CONTROLLER, queue: own, reconcile, workers, logger, metrics });
    metrics.leader.set({ name: LEASE_NAME }, 1);
    await aborted(signal);
    metrics.leader.set({ name: LEASE_NAME }, 0);
    queue = undefined;
    await controller.stop();
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const ended = await runAsLeader({
        client,
        lease: { name: LEASE_NAME, namespace },
        identity,
        fieldManager: WORKSPACE_NAMES.fieldManager,
        logger,
        signal: stopping.signal,
        lead,
        ...parts.election,
      });
      logger.info({ ended }, 'this process does not lead');
    }
  }

  metrics.leader.set({ name: LEASE_NAME }, 0);
  const running = run();
  return {
    cache,
    identity,
    isLeading: () => queue !== undefined,
    stop: async () => {
      stopping.abort(new Error('the operator stops'));
      await running;
      await cache.stop();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
