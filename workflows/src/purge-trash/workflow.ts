/**
 * Deletes for good what the trash of every workspace has kept for long enough, and objects that nothing names any more: part
 * by part, as the api says where to go on. The work is the api's, which knows what is due; this makes sure that it is done.
 */
import { continueAsNew, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { PurgeTrashInput, PurgeTrashResult } from '@hortus/contracts/gardener';
import type { PurgeActivities } from './activities.ts';
import { PURGE } from './retry.ts';

/** Then a new run goes on, so that no history grows without end. */
const PARTS_PER_RUN = 200;

const { purgeSome } = proxyActivities<PurgeActivities>(PURGE);

export async function purgeTrash(input: PurgeTrashInput): Promise<PurgeTrashResult> {
  let { after, purged } = input;
  for (let part = 0; part < PARTS_PER_RUN; part += 1) {
    const done = await purgeSome({ after });
    after = done.after;
    purged = { artifacts: purged.artifacts + done.artifacts, objects: purged.objects + done.objects };
    setCurrentDetails(`${String(purged.artifacts)} artifacts, ${String(purged.objects)} objects`);
    if (done.isDone) return purged;
  }
  return continueAsNew<typeof purgeTrash>({ after, purged });
}
