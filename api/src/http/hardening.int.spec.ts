import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { Artifact } from '@hortus/contracts/artifact';
import type { Problem } from '@hortus/contracts/errors';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { TEST_PASSWORD, type TestPerson, type TestRequest } from '../../../tools/test/fixtures/people.ts';

function expectProblem(response: LightMyRequestResponse, status: number, code: string): Problem {
  const problem = response.json<Problem>();
  expect([response.statusCode, problem.code, problem.detail]).toEqual([status, code, expect.any(String)]);
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  return problem;
}

describe('the api', () => {
  let api: TestApi;
  let ada: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    ada = (await api.plant('Acme', ['owner'])).people.owner;
  });
  afterAll(() => api.close());

  const json = { 'content-type': 'application/json' };
  const create = (payload: string | Buffer, headers: Record<string, string> = {}) =>
    ada.call({ method: 'POST', url: '/api/v1/artifacts', payload, headers: { ...json, ...headers } });

  describe('a body', () => {
    it('is refused when it is packed, so that a small one can not become a large one', async () => {
      const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
      for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'GZIP, identity', 'x']) {
        const response = await create(bomb, { 'content-encoding': encoding });
        expectProblem(response, 415, 'MEDIA_TYPE_UNSUPPORTED');
        expect(response.headers['accept-encoding']).toBe('identity');
      }
      const { id } = await ada.createArtifact();
      expectProblem(await ada.upload(id, bomb, { 'content-encoding': 'gzip' }), 415, 'MEDIA_TYPE_UNSUPPORTED');
      expect((await create('{"name":"Plain"}', { 'content-encoding': 'identity' })).statusCode).toBe(201);
    });

    it('is refused when it is nested deeper than anything of ours, before anything walks it', async () => {
      const deep = (depth: number) => `{"name":"a","metadata":${'{"a":'.repeat(depth)}1${'}'.repeat(depth + 1)}`;
      expect(expectProblem(await create(deep(30)), 400, 'REQUEST_INVALID').detail).toContain('20');
      expectProblem(await create(`{"name":"a","tags":${'['.repeat(250_000)}`), 400, 'REQUEST_INVALID');
      expectProblem(await create(deep(2)), 400, 'REQUEST_INVALID');
      expect((await create('{"name":"[[[[[[[[[[[[[[[[[[[[[[[[[{{{{{{{{"}')).statusCode).toBe(201);
    });

    it('is refused when it is larger than a JSON body may be', async () => {
      expectProblem(await create(`{"name":"${'a'.repeat(600_000)}"}`), 413, 'BODY_TOO_LARGE');
    });

    it.each<[string, string | Buffer, string]>([
      ['is no JSON', '{name:1}', 'BODY_NOT_JSON'],
      ['is empty', '', 'BODY_NOT_JSON'],
      ['is not in UTF-8', Buffer.from([0x7b, 0x22, 0x6e, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]), 'BODY_NOT_JSON'],
      ['would change what every object inherits', '{"name":"a","__proto__":{"isAdmin":true}}', 'BODY_NOT_JSON'],
      ['would change it by its constructor', '{"name":"a","constructor":{"prototype":{"isAdmin":true}}}', 'BODY_NOT_JSON'],
      ['would change it deep inside', '{"name":"a","metadata":{"__proto__":{"isAdmin":true}}}', 'BODY_NOT_JSON'],
      ['has a field that nobody knows', '{"name":"a","workspaceId":"b"}', 'REQUEST_INVALID'],
      ['has a NUL', '{"name":"a\\u0000b"}', 'REQUEST_INVALID'],
      ['has half of a surrogate pair', '{"name":"\\ud800"}', 'REQUEST_INVALID'],
      ['has a number that is infinite', '{"name":"a","metadata":{"a":1e999}}', 'REQUEST_INVALID'],
      ['is an array', '[]', 'REQUEST_INVALID'],
      ['is null', 'null', 'REQUEST_INVALID'],
      ['has a thousand tags', JSON.stringify({ name: 'a', tags: Array.from({ length: 1000 }, String) }), 'REQUEST_INVALID'],
      ['has a tag of 64 kB', JSON.stringify({ name: 'a', tags: ['t'.repeat(65_536)] }), 'REQUEST_INVALID'],
    ])('is refused when it %s', async (_name, payload, code) => {
      expectProblem(await create(payload), 400, code);
      expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    }); // prettier-ignore

    it('is kept as it is when its text is strange, in any script', async () => {
      const name = 'עברית \u202eRTL\u202c zero\u200bwidth 日本語 e\u0301 🌿';
      const made = await create(JSON.stringify({ name, tags: ['\u200b'] }));
      expect(made.json<Artifact>()).toMatchObject({ name, tags: ['\u200b'] });
    });

    it('is taken as JSON only, so that no form of another page sends one', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a']) {
        const response = await api.app.inject({
          method: 'POST',
          url: '/api/v1/auth/login',
          headers: { 'content-type': type },
          payload: JSON.stringify({ email: ada.email, password: TEST_PASSWORD }),
        });
        expectProblem(response, 415, 'MEDIA_TYPE_UNSUPPORTED');
      }
    });
  });

  describe('an address', () => {
    it.each(['?__proto__=1', '?constructor=1', '?limit=1&limit=2', '?limit=1.5', '?tag[a]=b', '?limit=99999999999999999999'])(
      'is refused with %s',
      async (query) => {
        const response = await ada.call({ method: 'GET', url: `/api/v1/artifacts${query}` });
        expectProblem(response, 400, 'REQUEST_INVALID');
      },
    ); // prettier-ignore

    it.each(['/api/v1/artifacts/%', '/api/v1/artifacts/%ff', '/api/v1/artifacts/../../../etc/passwd', '//evil.test/api', '/api/v1/artifacts/%2e%2e%2f', `/api/v1/artifacts/${'a'.repeat(9000)}`])(
      'is refused when it is %s',
      async (url) => {
        const response = await ada.call({ method: 'GET', url });
        expect([400, 404]).toContain(response.statusCode);
        expect(response.json<Problem>()).toMatchObject({ code: expect.stringMatching(/^(REQUEST_INVALID|NOT_FOUND)$/) });
      },
    ); // prettier-ignore

    it('that exists says which methods it takes, before it asks who calls', async () => {
      const asked: [TestRequest['method'] | 'OPTIONS' | 'TRACE', string, string][] = [
        ['DELETE', '/api/v1/artifacts', 'GET, HEAD, POST'],
        ['POST', `/api/v1/artifacts/${crypto.randomUUID()}`, 'DELETE, GET, HEAD, PATCH, PUT'],
        ['POST', '/health', 'GET, HEAD'],
        ['GET', '/api/v1/auth/login', 'POST'],
        ['OPTIONS', '/api/v1/me', 'GET, HEAD, PATCH'],
        ['PUT', '/api/v1/artifacts/facets', 'GET, HEAD'],
      ];
      for (const [method, url, allow] of asked) {
        const response = await api.app.inject({ method, url });
        expectProblem(response, 405, 'METHOD_NOT_ALLOWED');
        expect(response.headers.allow).toBe(allow);
      }
      expectProblem(await api.app.inject({ method: 'POST', url: '/api/v1/nothing' }), 404, 'NOT_FOUND');
    });
  });

  describe('a header that comes twice', () => {
    it('is not taken for one of the two', async () => {
      const twice = { ...json, 'hortus-workspace': `${ada.workspaceId}, ${ada.workspaceId}` };
      expectProblem(
        await ada.call({ method: 'GET', url: '/api/v1/artifacts', headers: twice }),
        400,
        'REQUEST_INVALID',
      );
      const authorization = `Bearer ${ada.accessToken}, Bearer ${ada.accessToken}`;
      expectProblem(await api.app.inject({ url: '/api/v1/me', headers: { authorization } }), 401, 'SIGN_IN_REQUIRED');
    });
  });

  describe('an operation of the product itself', () => {
    const version = () => `/internal/v1/workspaces/${ada.workspaceId}/artifacts/${crypto.randomUUID()}/versions`;
    const placeholder = { thumbhash: 'AAAA', dominantColor: '#000000' };
    const inspection = { widthPx: 1, heightPx: 1, placeholder, expectedVariants: 0 };
    const variant = { format: 'webp', widthPx: 320, heightPx: 1, sizeBytes: 1, hash: 'a'.repeat(32) };
    it.each<[string, string, object]>([
      ['a version beyond an integer', 'PUT 99999999999/inspection', inspection],
      ['a width beyond an integer', 'PUT 1/inspection', { ...inspection, widthPx: 2 ** 31 }],
      ['a placeholder with a NUL', 'PUT 1/inspection', { ...inspection, placeholder: { ...placeholder, thumbhash: '\0' } }],
      ['more variants than an integer counts', 'PUT 1/inspection', { ...inspection, expectedVariants: 1e15 }],
      ['a size beyond what a number holds', 'POST 1/variants', { variants: [{ ...variant, sizeBytes: 1e300 }], dropped: [] }],
      ['a height beyond an integer', 'POST 1/variants', { variants: [{ ...variant, heightPx: 1e12 }], dropped: [] }],
      ['a reason with a NUL', 'POST 1/variants', { variants: [], dropped: [{ format: 'avif', widthPx: 1, sizeBytes: 1, reason: '\0' }] }],
      ['a failure with half of a surrogate pair', 'PUT 1/outcome', { failure: { code: 'PICTURE_TRUNCATED', detail: '\ud800' } }],
    ])('refuses %s as the caller\'s mistake', async (_name, asked, payload) => {
      const [method, path] = asked.split(' ') as ['PUT' | 'POST', string];
      expectProblem(await api.asService({ method, url: `${version()}/${path}`, payload }), 400, 'REQUEST_INVALID');
    }); // prettier-ignore

    it('refuses a demo artifact whose type PostgreSQL can not hold', async () => {
      const payload = {
        key: 'a',
        artifact: { name: 'a' },
        original: { contentType: 'image/\0', sizeBytes: 1, sha256: 'a'.repeat(64) },
      };
      const url = `/internal/v1/demo/workspaces/${ada.workspaceId}/artifacts`;
      expectProblem(await api.asService({ method: 'PUT', url, payload }), 400, 'REQUEST_INVALID');
    });
  });

  describe('every answer', () => {
    const EXPECTED = {
      'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringMatching(/camera=\(\).*geolocation=\(\)/),
    };

    it('carries the headers by which a browser guards people, and none that names our software', async () => {
      const answers = [
        await api.app.inject('/health'),
        await ada.call({ method: 'GET', url: '/api/v1/artifacts' }),
        await api.app.inject('/api/v1/nothing'),
        await api.app.inject('/api/v1/me'),
      ];
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 404, 401]);
      for (const { headers } of answers) {
        expect(headers).toMatchObject(EXPECTED);
        expect(headers).not.toHaveProperty('server');
        expect(headers).not.toHaveProperty('x-powered-by');
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    });

    it('asks for TLS for a year where the product is behind it, and only there', async () => {
      expect((await api.app.inject('/health')).headers).not.toHaveProperty('strict-transport-security');
      const behindTls = await startTestApi({ HORTUS_PUBLIC_URL: 'https://hortus.test' });
      const { headers } = await behindTls.app.inject('/health');
      expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
      await behindTls.close();
    });
  });

  describe('an operation on the cookie', () => {
    const COOKIE_OPERATIONS = ['/api/v1/auth/login', '/api/v1/auth/refresh', '/api/v1/auth/logout'];
    const from = (url: string, headers: Record<string, string>) =>
      api.app.inject({
        method: 'POST',
        url,
        headers: { host: 'hortus.test', ...headers },
        ...(url.endsWith('login') ? { payload: { email: 'nobody@acme.test', password: 'x' } } : {}),
      });

    it.each(COOKIE_OPERATIONS)('refuses pages of another origin: %s', async (url) => {
      for (const headers of [
        { origin: 'https://evil.test' },
        { origin: 'null' },
        { origin: 'http://hortus.test:81' },
        { origin: 'https://hortus.test.evil.test' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        expectProblem(await from(url, headers), 403, 'ORIGIN_NOT_ALLOWED');
      }
      expect((await from(url, { origin: 'https://hortus.test' })).statusCode).not.toBe(403);
    });

    it('does not believe a header that names another host', async () => {
      const headers = { origin: 'https://evil.test', 'x-forwarded-host': 'evil.test' };
      for (const url of COOKIE_OPERATIONS) expectProblem(await from(url, headers), 403, 'ORIGIN_NOT_ALLOWED');
    });

    it('believes the host that a proxy of the configuration names', async () => {
      const proxied = await startTestApi({ HORTUS_TRUSTED_PROXIES: 'loopback' });
      const headers = { host: 'api:8080', 'x-forwarded-host': 'hortus.test', origin: 'https://hortus.test' };
      const response = await proxied.app.inject({ method: 'POST', url: '/api/v1/auth/refresh', headers });
      expectProblem(response, 401, 'SESSION_ENDED');
      await proxied.close();
    });
  });
});
