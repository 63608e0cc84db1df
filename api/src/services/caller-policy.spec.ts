import { describe, expect, it } from '@jest/globals';
import { ENDPOINTS } from '@hortus/contracts/endpoints';
import { SERVICE_CALLERS, SERVICE_CALLS, mayCall } from './caller-policy.ts';

describe('what the programs of the product may ask', () => {
  const internal = ENDPOINTS.filter(({ config }) => config.access === 'service').map(
    ({ schema }) => schema.operationId,
  );

  it('is said for every operation that is theirs, and for no other', () => {
    expect(Object.keys(SERVICE_CALLS).sort()).toEqual(internal.sort());
  });

  it('is for each operation the affair of one program', () => {
    for (const callers of Object.values(SERVICE_CALLS)) expect(callers).toHaveLength(1);
  });

  it.each([
    ['worker', 'recordVariants', true],
    ['worker', 'putQuota', false],
    ['operator', 'putQuota', true],
    ['operator', 'removeRows', false],
  ] as const)('%s, %s: %s', (caller, operation, expected) => {
    expect(mayCall(caller, operation)).toBe(expected);
  });

  it('is nothing where nothing is said', () => {
    for (const caller of SERVICE_CALLERS) expect(mayCall(caller, 'toString')).toBe(false);
  });
});
