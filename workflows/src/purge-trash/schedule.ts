import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import { PURGE_SCHEDULE_ID, TASK_QUEUES, WORKFLOWS } from '@hortus/contracts/gardener';
import type { purgeTrash } from './workflow.ts';

/**
 * Every hour, since that is how long an object is loose before it is collected; not at the full hour, when everybody else's
 * schedules are. A run that takes longer is left to end; of those that were missed while Temporal was away, one is made up.
 */
const OPTIONS = {
  scheduleId: PURGE_SCHEDULE_ID,
  spec: { intervals: [{ every: '1 hour', offset: '17 minutes' }], jitter: '5 minutes' },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
  action: {
    type: 'startWorkflow',
    workflowType: WORKFLOWS.purgeTrash,
    workflowId: PURGE_SCHEDULE_ID,
    taskQueue: TASK_QUEUES.io,
    args: [{ after: null, purged: { artifacts: 0, objects: 0 } }] satisfies Parameters<typeof purgeTrash>,
    workflowRunTimeout: '6 hours',
    staticSummary: 'Empties the trash of what it has kept for long enough',
  },
} satisfies ScheduleOptions;

/** Makes the schedule, or brings it to what stands here; whether somebody has paused it stays as it is. */
export async function ensurePurgeSchedule(client: Client): Promise<void> {
  try {
    await client.schedule.create(OPTIONS);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, policies, action } = OPTIONS;
    await client.schedule.getHandle(PURGE_SCHEDULE_ID).update(({ state }) => ({ spec, policies, action, state }));
  }
}
