/**
 * Puts the demo into an instance: workspaces and people, then each artifact that was not made before. It may be run any
 * number of times: what stands, and what somebody has deleted since, is left as it is. It ends when the last artifact is
 * handed over; the gardener goes on by itself.
 */
import { defineQuery, proxyActivities, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { SEED_DEMO_PROGRESS_QUERY, type SeedDemoInput, type SeedDemoProgress } from '@hortus/contracts/demo';
import type { SeedActivities } from './activities.ts';
import { ASK, MAKE_ORIGINAL } from './retry.ts';

const progressQuery = defineQuery<SeedDemoProgress>(SEED_DEMO_PROGRESS_QUERY);
const { prepareDemo, putArtifact } = proxyActivities<SeedActivities>(ASK);

export async function seedDemo(input: SeedDemoInput): Promise<SeedDemoProgress> {
  let progress: SeedDemoProgress = { done: 0, total: 0, unchanged: 0 };
  setHandler(progressQuery, () => progress);

  const { missing, unchanged } = await prepareDemo(input);
  progress = { done: unchanged, total: unchanged + missing.length, unchanged };

  await Promise.all(
    missing.map(async (step) => {
      const { makeOriginal } = proxyActivities<SeedActivities>({ ...MAKE_ORIGINAL, summary: step.key });
      const original = await makeOriginal(step);
      const { created } = await putArtifact({ ...step, original });
      const { done, total } = progress;
      progress = { done: done + 1, total, unchanged: progress.unchanged + (created ? 0 : 1) };
      setCurrentDetails(`${String(done + 1)} of ${String(total)} artifacts`);
    }),
  );
  return progress;
}
