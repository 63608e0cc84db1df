/**
 * What one attempt of an activity leaves to the next by its heartbeats: the steps that are done, and how many attempts
 * ended by a death: of the process that encoded, or of the whole worker.
 *
 * A death is taken as given when an attempt begins, and taken back when the attempt ends by itself, well or not. So a
 * picture that kills the worker is found out too, though nobody is left to report it, while an api that is away for hours
 * never counts against the picture.
 */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { ProcessDiedError } from '../child-process.ts';
import { gardenFailure } from './classify.ts';

interface Memory<Done> {
  readonly done: readonly Done[];
  readonly deaths: number;
}

export interface Attempt<Done> {
  /** What attempts so far have done. */
  readonly done: readonly Done[];
  readonly remember: (step: Done) => void;
}

/** One death may be chance: the kernel took the largest process, or the machine went down. Two point at the picture. */
export const DEATHS_MAX = 2;

/** Well within the heartbeat timeout of `retry.ts`. */
const HEARTBEAT_INTERVAL_MS = 4000;

/** @throws ApplicationFailure, not to be retried, when the picture has been the death of {@link DEATHS_MAX} attempts */
export async function rememberAttempts<Done, Result>(
  work: (attempt: Attempt<Done>) => Promise<Result>,
): Promise<Result> {
  const context = Context.current();
  const before = (context.info.heartbeatDetails as Memory<Done> | undefined) ?? { done: [], deaths: 0 };
  if (before.deaths >= DEATHS_MAX) throw diedTooOften();
  const done = [...before.done];
  let deaths = before.deaths + 1;
  const beat = (): void => {
    context.heartbeat({ done, deaths } satisfies Memory<Done>);
  };
  beat();
  const timer = setInterval(beat, HEARTBEAT_INTERVAL_MS);
  try {
    return await work({
      done: before.done,
      remember(step) {
        done.push(step);
        beat();
      },
    });
  } catch (error) {
    if (!(error instanceof ProcessDiedError)) deaths = before.deaths;
    else if (deaths >= DEATHS_MAX) throw diedTooOften(error);
    beat();
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function diedTooOften(cause?: Error): ApplicationFailure {
  const failure = gardenFailure(
    'PICTURE_UNREADABLE',
    'Decoding the picture or encoding it ended the process that did it, twice. Open it in an image program, save it anew ' +
      'as JPEG or PNG, and upload that.',
  );
  return ApplicationFailure.create({
    type: failure.code,
    message: failure.detail,
    nonRetryable: true,
    details: [failure],
    ...(cause ? { cause } : {}),
  });
}
