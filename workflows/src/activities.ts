import { TASK_QUEUES } from '@hortus/contracts/gardener';
import { createGardenActivities, type GardenDeps } from './garden-artifact/activities.ts';

/** The steps by task queue: a step that is asked for on another queue is refused there, and not run with the wrong slots. */
export function createActivities(deps: GardenDeps) {
  const { inspectPicture, makeVariants, recordOutcome } = createGardenActivities(deps);
  return {
    [TASK_QUEUES.io]: { recordOutcome },
    [TASK_QUEUES.cpu]: { inspectPicture, makeVariants },
    [TASK_QUEUES.avif]: { makeVariants },
  };
}
