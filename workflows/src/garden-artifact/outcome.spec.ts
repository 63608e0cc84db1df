import { describe, expect, it } from '@jest/globals';
import { ActivityFailure, ApplicationFailure, RetryState, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { SUPERSEDED, outcomeOf } from './outcome.ts';

function stepFailed(cause: Error): ActivityFailure {
  return new ActivityFailure('a step failed', 'makeVariants', '1', RetryState.NON_RETRYABLE_FAILURE, 'worker', cause);
}

describe('outcomeOf', () => {
  it('is superseded when the version or the artifact is gone', () => {
    expect(outcomeOf(stepFailed(ApplicationFailure.nonRetryable('gone', SUPERSEDED)))).toBe('superseded');
  });

  it('is the failure of the picture, word by word', () => {
    const failure = { code: 'PICTURE_TRUNCATED', detail: 'It ends too soon.' } as const;
    const cause = ApplicationFailure.nonRetryable(failure.detail, failure.code, failure);
    expect(outcomeOf(stepFailed(cause))).toEqual(failure);
  });

  it('is that the gardener gave up, for everything else', () => {
    const causes = [
      ApplicationFailure.retryable('away', 'API_AWAY'),
      ApplicationFailure.nonRetryable('odd', 'PICTURE_TRUNCATED'),
      new TimeoutFailure('too slow', undefined, TimeoutType.START_TO_CLOSE),
    ];
    for (const cause of causes) expect(outcomeOf(stepFailed(cause))).toMatchObject({ code: 'GARDENER_GAVE_UP' });
    expect(outcomeOf(new Error('unforeseen'))).toMatchObject({ code: 'GARDENER_GAVE_UP' });
  });
});
