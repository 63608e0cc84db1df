import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENDPOINTS } from '@hortus/contracts/endpoints';
import { DOCS_URL } from './docs/docs-routes.ts';
import { startTestApi, type TestApi } from '../../tools/test/fixtures/api.ts';

describe('the contract', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it.each(ENDPOINTS.map(({ method, url, schema }) => [schema.operationId, method, url] as const))(
    'has a route for %s',
    (_operationId, method, url) => {
      expect(api.app.hasRoute({ method, url })).toBe(true);
    },
  );

  it('has no route that is no operation of it', () => {
    // Fastify makes a HEAD of every GET; one that stands alone is an operation.
    const operations = ENDPOINTS.filter(({ method }) => method !== 'HEAD');
    const known = new Set(operations.map(({ method, url }) => `${method} ${url}`));
    const registered = api.routes
      .filter(({ method, url }) => method !== 'HEAD' && !url.startsWith(DOCS_URL))
      .map(({ method, url }) => `${method} ${url}`);
    expect(registered.filter((route) => !known.has(route))).toEqual([]);
    expect(registered.length).toBe(known.size);
  });
});
