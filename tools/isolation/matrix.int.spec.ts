import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENDPOINTS } from '@hortus/contracts/endpoints';
import type { TestApi } from '../test/fixtures/api.ts';
import { startProofApi } from './proof-api.ts';
import { createMatrixRunner, forEach, trialsOf } from './matrix.ts';
import { plantPlace } from './places.ts';
import { REQUEST_SAMPLES } from './request-samples.ts';

describe('the matrix of who may call what', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startProofApi();
  });
  afterAll(() => api.close());

  const operations = ENDPOINTS.map((endpoint) => [endpoint.schema.operationId, endpoint] as const);

  it('has a sample of a request for every operation, and for no other', () => {
    expect(Object.keys(REQUEST_SAMPLES).sort()).toEqual(operations.map(([name]) => name).sort());
  });

  it.each(operations)('holds for %s', async (_name, endpoint) => {
    const trials = trialsOf(endpoint);
    expect(trials.length).toBeGreaterThan(0);
    // Places of its own, since a workspace has only so many things of a kind.
    const [home, elsewhere] = [await plantPlace(api, 'home'), await plantPlace(api, 'elsewhere')];
    const runner = createMatrixRunner(home, elsewhere, { areThingsFresh: false });
    const findings = await forEach(trials, async (trial) => (await runner.prepare(trial))());
    expect(findings.filter((found) => found !== null)).toEqual([]);
  });
});
