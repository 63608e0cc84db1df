/**
 * Timeouts and retries of each step, with the reason. Plain values: workflow code imports this file.
 *
 * Nothing has a `scheduleToStart` or `scheduleToClose` timeout: a step may wait in the queue as long as the backlog is, and
 * only attempts that were begun count.
 */
import type { RetryPolicy } from '@temporalio/common';
import type { ActivityOptions } from '@temporalio/workflow';
import { TASK_QUEUES } from '@hortus/contracts/gardener';

/**
 * The api, the object store or the network may be away for hours, and come back: 60 attempts, at most 5 minutes apart,
 * are more than 4 hours. A picture that can't be decoded never gets a second attempt, since its failure is marked as not
 * to be retried, and one that kills processes gets two, by `attempt-memory.ts`.
 */
const HOURS: RetryPolicy = {
  initialInterval: '500 ms',
  backoffCoefficient: 2,
  maximumInterval: '5 minutes',
  maximumAttempts: 60,
};

/** A worker that has died is noticed, and a cancelled step is told, within this time. The steps beat every 4 seconds. */
const HEARTBEAT_TIMEOUT = '20 seconds';

/** Decoding 100 megapixels takes about 3 seconds, and the small variant of 1,000 frames about 30. */
export const INSPECT = {
  taskQueue: TASK_QUEUES.cpu,
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: HOURS,
} as const satisfies ActivityOptions;

/** A still picture takes seconds; six widths of the largest animation that is allowed take some minutes. */
export const MAKE_SWIFT = {
  taskQueue: TASK_QUEUES.cpu,
  startToCloseTimeout: '20 minutes',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: HOURS,
} as const satisfies ActivityOptions;

/** Ten seconds on an idle machine; at the lowest priority, behind a backlog of WebP, a hundred times as long. */
export const MAKE_AVIF = {
  taskQueue: TASK_QUEUES.avif,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: HOURS,
} as const satisfies ActivityOptions;

/** One request. It is the last step, so it is tried for two days and longer: without it an artifact is never ready. */
export const RECORD_OUTCOME = {
  taskQueue: TASK_QUEUES.io,
  startToCloseTimeout: '1 minute',
  retry: { ...HOURS, maximumAttempts: 600 },
} as const satisfies ActivityOptions;
