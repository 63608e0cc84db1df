import { describe, expect, it } from '@jest/globals';
import { ConnectionError, ProblemError, describeError, errorFromAnswer, isProblem } from './problem-error.ts';

const problem = {
  type: 'https://hortus.dev/problems/artifact-not-found',
  title: 'There is no such artifact',
  status: 404,
  code: 'ARTIFACT_NOT_FOUND',
  detail: 'There is no artifact with this id in the workspace.',
  requestId: 'req-1',
};

describe('errorFromAnswer', () => {
  it('reads a problem, and tells its sentence and request id', () => {
    const error = errorFromAnswer(404, 'application/problem+json; charset=utf-8', JSON.stringify(problem));
    expect(error).toBeInstanceOf(ProblemError);
    expect(isProblem(error, 'ARTIFACT_NOT_FOUND')).toBe(true);
    expect(describeError(error)).toEqual({
      sentence: problem.detail,
      requestId: 'req-1',
      code: 'ARTIFACT_NOT_FOUND',
    });
  });

  it('tells in how many seconds to try again, where the answer does', () => {
    const wait = (header: string | null): number | undefined =>
      describeError(errorFromAnswer(429, 'application/problem+json', JSON.stringify(problem), header))
        .retryAfterSeconds;
    expect(wait('12')).toBe(12);
    expect(wait(null)).toBeUndefined();
    expect(wait('Wed, 21 Oct 2026 07:28:00 GMT')).toBeUndefined();
  });

  it('takes an answer of something in between for a broken connection', () => {
    expect(errorFromAnswer(502, 'text/html', '<h1>Bad gateway</h1>')).toBeInstanceOf(ConnectionError);
    expect(errorFromAnswer(500, 'application/problem+json', '{"cut')).toBeInstanceOf(ConnectionError);
  });
});
