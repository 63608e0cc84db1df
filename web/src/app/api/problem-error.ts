import type { ErrorCode, Problem } from '@hortus/contracts/errors';

/** The api answered with a problem (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  /** In how many seconds to try again; null where the answer does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No answer of the api came: the connection failed, or something between here and there answered in its place. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** What a person is told of an error. */
export interface ErrorNotice {
  readonly sentence: string;
  /** Finds the request in the log; null when no answer came. */
  readonly requestId: string | null;
  readonly code: ErrorCode | null;
  /** Before that, trying again is of no use. */
  readonly retryAfterSeconds?: number;
}

export function isProblem(error: unknown, ...codes: readonly ErrorCode[]): error is ProblemError {
  return error instanceof ProblemError && codes.includes(error.problem.code);
}

export function describeError(error: unknown): ErrorNotice {
  if (error instanceof ProblemError) {
    const { detail, requestId, code } = error.problem;
    const { retryAfterSeconds } = error;
    return { sentence: detail, requestId, code, ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }) };
  }
  if (error instanceof ConnectionError) return { sentence: error.message, requestId: null, code: null };
  return { sentence: 'Something went wrong in this page. Load it anew.', requestId: null, code: null };
}

/**
 * Reads the body of a refused request. An answer that is not a problem did not come from the api.
 *
 * @param retryAfter the header `Retry-After`
 */
export function errorFromAnswer(
  status: number,
  contentType: string | null,
  body: string,
  retryAfter: string | null = null,
): Error {
  if (contentType?.startsWith('application/problem+json') === true) {
    try {
      const seconds = /^\d{1,5}$/.test(retryAfter ?? '') ? Number(retryAfter) : null;
      return new ProblemError(JSON.parse(body) as Problem, seconds);
    } catch {
      // Cut off on the way: told like any other answer that is not ours.
    }
  }
  return new ConnectionError(`Hortus did not answer as expected (status ${String(status)}). Try again in a moment.`);
}
