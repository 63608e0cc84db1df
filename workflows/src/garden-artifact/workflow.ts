/**
 * The way of a picture, from its upload to all of its variants:
 *
 *     inspect + narrowest WebP  →  the other WebP widths  →  fallback  →  AVIF  →  outcome
 *         hortus-cpu                  hortus-cpu          hortus-cpu  hortus-avif  hortus-io
 *
 * The first step both looks and makes the first variant, so that only one trip through Temporal stands between an upload
 * and the first picture; every variant is recorded as soon as it stands. A step that finds a newer original, or none, ends
 * the run as `superseded`, without a word to the api. A failure of the picture, or the last failed attempt, is recorded as
 * the outcome, and the run itself ends well: the failure belongs to the artifact.
 */
import { isCancellation, proxyActivities, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { GardenArtifactInput, GardenArtifactResult, GardenStage } from '@hortus/contracts/gardener';
import { ARTIFACT, STAGE, WORKSPACE } from './search-attributes.ts';
import type { GardenActivities, Made } from './activities.ts';
import { outcomeOf } from './outcome.ts';
import { INSPECT, MAKE_AVIF, MAKE_SWIFT, RECORD_OUTCOME } from './retry.ts';

/** What Temporal's list can be searched by, and the line that its page shows. */
function tell(stage: GardenStage, details: string): void {
  upsertSearchAttributes([{ key: STAGE, value: stage }]);
  setCurrentDetails(details);
}

export async function gardenArtifact(input: GardenArtifactInput): Promise<GardenArtifactResult> {
  // The workspace is the key of fairness: where that is on, a thousand pictures of one don't hold up another's first.
  const priority = { priorityKey: input.priorityKey, fairnessKey: input.workspaceId };
  const { inspectPicture } = proxyActivities<GardenActivities>({
    ...INSPECT,
    priority,
    summary: 'Look at it, make the first variant',
  });
  const { recordOutcome } = proxyActivities<GardenActivities>({ ...RECORD_OUTCOME, priority, summary: 'Record it' });
  const { workspaceId, artifactId, version } = input;
  const made: Made[] = [];

  try {
    try {
      upsertSearchAttributes([
        { key: WORKSPACE, value: workspaceId },
        { key: ARTIFACT, value: artifactId },
      ]);
      tell('looking', 'Looking at the picture');
      const { plan, first } = await inspectPicture(input);
      made.push({ variants: [first], dropped: 0 });
      for (const making of plan.formats) {
        const { format, widthsPx } = making;
        const known = made.flatMap(({ variants }) => variants);
        if (widthsPx.every((widthPx) => known.some((one) => one.format === format && one.widthPx === widthPx)))
          continue;
        tell(format, `Making ${format} in ${widthsPx.join(', ')} px`);
        const { makeVariants } = proxyActivities<GardenActivities>({
          ...(format === 'avif' ? MAKE_AVIF : MAKE_SWIFT),
          priority,
          summary: `${format} in ${widthsPx.join(', ')} px`,
        });
        made.push(await makeVariants({ ...input, plan, making, known }));
      }
      await recordOutcome({ workspaceId, artifactId, version, failure: null });
      return end('ready');
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = outcomeOf(error);
      if (failure === 'superseded') return end('superseded');
      await recordOutcome({ workspaceId, artifactId, version, failure });
      return end('failed', failure.detail);
    }
  } catch (error) {
    // The failure could not be recorded either: superseded in the meantime, or the api is away for good.
    if (isCancellation(error) || outcomeOf(error) !== 'superseded') throw error;
    return end('superseded');
  }

  function end(status: GardenArtifactResult['status'], why?: string): GardenArtifactResult {
    tell(status, why === undefined ? status : `${status}: ${why}`);
    return {
      status,
      variants: made.reduce((sum, { variants }) => sum + variants.length, 0),
      dropped: made.reduce((sum, { dropped }) => sum + dropped, 0),
    };
  }
}
