import { describe, expect, it } from '@jest/globals';
import { ERRORS, ERROR_CODES, Problem } from '@hortus/contracts/errors';
import { Value } from 'typebox/value';
import { ProblemError, toProblem } from './problem.ts';

describe('a problem', () => {
  it.each(ERROR_CODES)('of the code %s has the status of its code, and the form of the contract', (code) => {
    const error = new ProblemError(code, 'Do this next.', { errors: [{ field: '/body/name', message: 'is missing' }] });
    const problem = toProblem(code, { detail: error.message, requestId: 'r', extras: error.extras });
    expect(error.status).toBe(ERRORS[code].status);
    expect(Value.Check(Problem, problem)).toBe(true);
    expect(problem).toMatchObject({ code, status: error.status, detail: 'Do this next.', requestId: 'r' });
    expect(problem.type).toMatch(/^\/problems\/[a-z]+(-[a-z]+)*$/);
  });

  it('keeps its cause for the log, and never for the caller', () => {
    const cause = new Error('the inside');
    const error = new ProblemError('INTERNAL', 'Try again.', { cause });
    expect(error.cause).toBe(cause);
    expect(JSON.stringify(toProblem('INTERNAL', { detail: error.message, requestId: 'r', extras: error.extras }))).not.toContain('inside'); // prettier-ignore
  });
});
