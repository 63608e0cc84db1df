import { TASK_QUEUES } from '@hortus/contracts/gardener';
import { createGardenActivities, type GardenDeps } from './garden-artifact/activities.ts';
import { createPurgeActivities } from './purge-trash/activities.ts';
import { createRemovalActivities, type RemovalDeps } from './remove-workspace/activities.ts';
import { createSeedActivities, type SeedDeps } from './seed-demo/activities.ts';

/** The steps by task queue: a step that is asked for on another queue is refused there, and not run with the wrong slots. */
export function createActivities(deps: GardenDeps & SeedDeps & RemovalDeps) {
  const { inspectPicture, makeVariants, recordOutcome } = createGardenActivities(deps);
  const { prepareDemo, makeOriginal, putArtifact } = createSeedActivities(deps);
  const { purgeSome } = createPurgeActivities(deps);
  return {
    [TASK_QUEUES.io]: { recordOutcome, prepareDemo, putArtifact, purgeSome, ...createRemovalActivities(deps) },
    [TASK_QUEUES.cpu]: { inspectPicture, makeVariants },
    [TASK_QUEUES.avif]: { makeVariants, makeOriginal },
  };
}
