/** Timeouts and retries of the steps, with the reason. Plain values: workflow code imports this file. */
import type { ActivityOptions } from '@temporalio/workflow';
import { PRIORITIES, TASK_QUEUES } from '@hortus/contracts/gardener';

/**
 * One request, which does a bounded part of the work in some seconds. The api may be away for hours; what this run does not
 * get done, the next one of the schedule does, so it gives up after about an hour.
 */
export const PURGE = {
  taskQueue: TASK_QUEUES.io,
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes', maximumAttempts: 20 },
  priority: { priorityKey: PRIORITIES.purge },
} as const satisfies ActivityOptions;
