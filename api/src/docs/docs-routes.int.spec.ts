import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENDPOINTS } from '@hortus/contracts/endpoints';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { DOCS_URL } from './docs-routes.ts';

describe('the page of the api', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it('tells of every operation that is not internal, to everybody', async () => {
    const { statusCode, headers, body } = await api.app.inject(DOCS_URL);
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    for (const { schema, config } of ENDPOINTS) {
      expect([schema.operationId, body.includes(`<article id="${schema.operationId}">`)]).toEqual([
        schema.operationId,
        config.access !== 'service',
      ]);
    }
    expect(body).not.toContain('/internal/');
  });

  it('needs no script, no inline style and nothing from elsewhere, and its policy allows none', async () => {
    const { headers, body } = await api.app.inject(DOCS_URL);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(body).not.toMatch(/<script|<style|\son\w+=|\sstyle=|(?:src|href)="(?:https?:)?\/\//i);
    for (const [, url = ''] of body.matchAll(/(?:src|href)="(\/[^"]*)"/g)) {
      expect([url, (await api.app.inject(url)).statusCode]).toEqual([url, 200]);
    }
  });

  it('leads to nothing that is not on it', async () => {
    const { body } = await api.app.inject(DOCS_URL);
    const ids = new Set([...body.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    const missing = [...body.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id).filter((id) => !ids.has(id));
    expect(missing).toEqual([]);
  });

  it('gives the document that is printed', async () => {
    const response = await api.app.inject(`${DOCS_URL}/openapi.json`);
    expect(response.json()).toEqual(JSON.parse(JSON.stringify(api.app.swagger())));
    expect(response.json()).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/' }] });
  });
});
