import { ERRORS, type ErrorCode, type Problem } from '@hortus/contracts/errors';

/** An error that the caller may see: a code of the contract and a sentence that says what to do next. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly extras: ProblemExtras;

  constructor(code: ErrorCode, detail: string, extras: ProblemExtras & { cause?: unknown } = {}) {
    const { cause, ...rest } = extras;
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = ERRORS[code].status;
    this.extras = rest;
  }
}

export type ProblemExtras = Partial<Pick<Problem, 'errors' | 'current' | 'quota'>>;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The wire form (RFC 9457). The type is a relative address, so that it holds wherever the product is installed. */
export function toProblem(
  code: ErrorCode,
  options: { detail: string; requestId: string; extras?: ProblemExtras },
): Problem {
  const { status, title } = ERRORS[code];
  const type = `/problems/${code.toLowerCase().replaceAll('_', '-')}`;
  return { type, title, status, code, detail: options.detail, requestId: options.requestId, ...options.extras };
}
