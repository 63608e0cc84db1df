/** Timeouts and retries of the steps, with the reason. Plain values: workflow code imports this file. */
import type { ActivityOptions } from '@temporalio/workflow';
import { PRIORITIES, TASK_QUEUES } from '@hortus/contracts/gardener';

/**
 * Nobody waits for it, and giving up would leave half a workspace behind: each step is tried until it succeeds, since the api,
 * the object store and Temporal come back. What is refused for good ends the run at once, and the api starts another one.
 */
export const REMOVAL_STEP = {
  taskQueue: TASK_QUEUES.io,
  startToCloseTimeout: '30 minutes',
  // A step beats after each of its parts, and the longest of them is a call of the api.
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  priority: { priorityKey: PRIORITIES.seed },
} as const satisfies ActivityOptions;

/** What one step does at the most, so that no attempt outlasts its time; then the run asks for another one. */
export const BATCHES_PER_STEP = 500;
export const OBJECTS_PER_STEP = 20_000;
export const RUNS_PER_STEP = 5000;
