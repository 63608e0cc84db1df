import { fileURLToPath } from 'node:url';
import { Runtime, Worker, type NativeConnection } from '@temporalio/worker';
import { TASK_QUEUES } from '@hortus/contracts/gardener';
import type { createActivities } from './activities.ts';
import { prepareBundle } from './bundle.ts';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Pictures of which WebP is made at the same time. */
  readonly webpSlots: number;
  /** Pictures of which AVIF is made at the same time, and plates drawn. */
  readonly avifSlots: number;
  /** How the worker names itself in histories; default: its process and machine. */
  readonly identity?: string;
}

/**
 * One worker for each task queue, on one connection: a queue has its own slots, so that what is slow on one never takes
 * those of another.
 */
export async function createWorkers(
  options: WorkersOptions,
  activities: ReturnType<typeof createActivities>,
): Promise<readonly Worker[]> {
  const bundle = await prepareBundle(Runtime.instance().logger);
  const { connection, namespace, webpSlots, avifSlots, identity } = options;
  const shared = { connection, namespace, ...(identity === undefined ? {} : { identity }) };
  const heavy = {
    ...shared,
    // So often at most is a heartbeat sent, which is also how a cancelled step is told.
    maxHeartbeatThrottleInterval: '5 seconds',
  } as const;
  return Promise.all([
    Worker.create({
      ...shared,
      taskQueue: TASK_QUEUES.io,
      activities: activities[TASK_QUEUES.io],
      ...(bundle === null
        ? { workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)) }
        : { workflowBundle: { codePath: bundle } }),
      // These only wait for the api: as many as its own pool of connections takes without queueing.
      maxConcurrentActivityTaskExecutions: 20,
      maxCachedWorkflows: 500,
      shutdownGraceTime: '5 seconds',
    }),
    Worker.create({
      ...heavy,
      taskQueue: TASK_QUEUES.cpu,
      maxConcurrentActivityTaskExecutions: webpSlots,
      activities: activities[TASK_QUEUES.cpu],
      // Enough for the width in work; the rest is resumed by another worker, or by this one after its start.
      shutdownGraceTime: '5 seconds',
    }),
    Worker.create({
      ...heavy,
      taskQueue: TASK_QUEUES.avif,
      maxConcurrentActivityTaskExecutions: avifSlots,
      activities: activities[TASK_QUEUES.avif],
      // One width may take a minute: its process is ended at once, and the width is made again after the start.
      shutdownGraceTime: '0 seconds',
    }),
  ]);
}
