/** Timeouts and retries of the steps, with the reason. Plain values: workflow code imports this file. */
import type { RetryPolicy } from '@temporalio/common';
import type { ActivityOptions } from '@temporalio/workflow';
import { PRIORITIES, TASK_QUEUES } from '@hortus/contracts/gardener';

/** The api may start after the worker, and be away for hours: 60 attempts, at most 5 minutes apart. */
const HOURS: RetryPolicy = {
  initialInterval: '500 ms',
  backoffCoefficient: 2,
  maximumInterval: '5 minutes',
  maximumAttempts: 60,
};

/** One request each. Making the people costs some password hashes, a second in all. */
export const ASK = {
  taskQueue: TASK_QUEUES.io,
  startToCloseTimeout: '1 minute',
  retry: HOURS,
  priority: { priorityKey: PRIORITIES.seed },
} as const satisfies ActivityOptions;

/**
 * Drawing takes some seconds, at the lowest priority of the operating system and on the queue of those who wait, so that a
 * person's upload never does. Before the demo's own AVIF all the same: first all pictures, then smaller ones. A plate that
 * can't be drawn is a fault of the program: three attempts tell it from chance.
 */
export const MAKE_ORIGINAL = {
  taskQueue: TASK_QUEUES.avif,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '20 seconds',
  retry: { ...HOURS, maximumAttempts: 3 },
  priority: { priorityKey: PRIORITIES.seed - 1 },
} as const satisfies ActivityOptions;
