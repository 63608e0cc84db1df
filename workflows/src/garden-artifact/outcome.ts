import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { GardenFailure } from '@hortus/contracts/artifact';

/** The type of failure that says: there is a newer original, or the artifact is gone, so nobody waits for the result. */
export const SUPERSEDED = 'SUPERSEDED';

export type Outcome = 'superseded' | GardenFailure;

/** What the end of a step says of the whole run. Pure, as workflow code calls it. */
export function outcomeOf(error: unknown): Outcome {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    if (cause.type === SUPERSEDED) return 'superseded';
    const [failure] = (cause.details ?? []) as (GardenFailure | undefined)[];
    if (failure?.code !== undefined && failure.code === cause.type) return failure;
  }
  return {
    code: 'GARDENER_GAVE_UP',
    detail:
      'The gardener could not finish, for a reason that does not lie in the picture. Upload it again; if that fails too, ' +
      'ask the operator to look at the run.',
  };
}
