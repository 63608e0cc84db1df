/**
 * Removes a deleted workspace for good, in an order in which nothing comes back:
 *
 *   begin ▶ end its runs ▶ rows ▶ objects ▶ closed runs and their histories ▶ objects once more ▶ receipt
 *
 * Runs first, since they write rows and objects. A step that was under way when its run was ended may still put an object, so
 * those are looked at again at the end. What there is to remove is counted before it is removed, each in a step of its own:
 * such a count is in the history, and stays the same however often a step is cut off and done again.
 */
import { proxyActivities } from '@temporalio/workflow';
import type { RemoveWorkspaceInput, RemoveWorkspaceResult } from '@hortus/contracts/removal';
import type { RemovalActivities } from './activities.ts';
import { REMOVAL_STEP } from './retry.ts';

const steps = proxyActivities<RemovalActivities>(REMOVAL_STEP);

export async function removeWorkspace({ workspaceId }: RemoveWorkspaceInput): Promise<RemoveWorkspaceResult> {
  /** Each time a bounded part of it. */
  async function untilDone(step: (workspaceId: string) => Promise<{ isDone: boolean }>): Promise<void> {
    while (!(await step(workspaceId)).isDone);
  }

  if (!(await steps.beginRemoval(workspaceId)).isDue) return { outcome: 'not due' };
  const runs = await steps.countRuns(workspaceId);
  await untilDone(steps.stopRuns);
  await untilDone(steps.removeRows);
  const objects = await steps.countObjects(workspaceId);
  await untilDone(steps.removeObjects);
  await untilDone(steps.removeRuns);
  await untilDone(steps.removeObjects);
  const counts = { ...objects, stoppedRuns: runs.running, removedRuns: runs.all };
  await steps.finishRemoval(workspaceId, counts);
  return { outcome: 'removed', ...counts };
}
