import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { Problem } from '@hortus/contracts/errors';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';

/* That real tokens of a real API server are read is tested beside the operator; here, what they open. */

const ISSUER = 'https://cluster.test';

describe('programs that sign in by a service account', () => {
  let api: TestApi;
  let issuer: Server;
  let isAway = false;
  let sign: (account: string, claims?: { audience?: string; issuedAt?: string; expires?: string }) => Promise<string>;

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const key = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' };
    issuer = createServer((_request, response) => {
      response.statusCode = isAway ? 503 : 200;
      response.end(JSON.stringify({ keys: [key] }));
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    const { port } = issuer.address() as AddressInfo;
    sign = (account, { audience = 'hortus-api', issuedAt = '0s', expires = '10m' } = {}) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid: 'one' })
        .setIssuer(ISSUER)
        .setSubject(`system:serviceaccount:${account}`)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expires)
        .sign(privateKey);
    api = await startTestApi({
      HORTUS_CLUSTER_ISSUER: ISSUER,
      HORTUS_CLUSTER_KEYS_URL: `http://127.0.0.1:${String(port)}/keys`,
    });
  });
  afterAll(async () => {
    await api.close();
    await new Promise((resolve) => issuer.close(resolve));
  });

  async function ask(token: string, url = '/internal/v1/removals'): Promise<[number, string]> {
    const answer = await api.app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } });
    return [answer.statusCode, answer.json<Partial<Problem>>().code ?? ''];
  }

  it('are answered 503 while the keys can not be had, and are let in as soon as they can', async () => {
    const token = await sign('hortus-system:hortus-operator');
    isAway = true;
    expect(await ask(token)).toEqual([503, 'UNAVAILABLE']);
    isAway = false;
    expect(await ask(token)).toEqual([200, '']);
  });

  it('may ask what they need, and nothing else', async () => {
    const worker = await sign('hortus-system:hortus-worker');
    expect(await ask(worker)).toEqual([403, 'CALLER_NOT_ALLOWED']);
    const purge = { method: 'POST', url: '/internal/v1/trash/purge', payload: { after: null } } as const;
    const as = (token: string) => api.app.inject({ ...purge, headers: { authorization: `Bearer ${token}` } });
    expect((await as(worker)).statusCode).toBe(200);
    expect((await as(await sign('hortus-system:hortus-operator'))).statusCode).toBe(403);
  });

  it.each([
    ['is of another account', 'default:hortus-operator', {}],
    ['is for another audience', 'hortus-system:hortus-operator', { audience: 'another' }],
    ['has expired', 'hortus-system:hortus-operator', { issuedAt: '-2h', expires: '-1h' }],
    ['is older than any that kubelet keeps', 'hortus-system:hortus-operator', { issuedAt: '-2d', expires: '1d' }],
  ])('are refused where the token %s', async (_what, account, claims) => {
    expect(await ask(await sign(account, claims))).toEqual([401, 'SERVICE_KEY_WRONG']);
  });

  it('are no people: their token opens nothing else', async () => {
    expect(await ask(await sign('hortus-system:hortus-operator'), '/api/v1/workspaces')).toEqual([
      401,
      'TOKEN_INVALID',
    ]);
  });

  it('may ask everything by the service key, which is of one machine', async () => {
    expect((await api.asService({ method: 'GET', url: '/internal/v1/removals' })).statusCode).toBe(200);
  });
});
