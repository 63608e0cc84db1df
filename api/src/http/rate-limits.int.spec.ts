import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { Problem } from '@hortus/contracts/errors';
import type { CreatedApiToken } from '@hortus/contracts/token-api';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { startTestRedis, type TestRedis } from '../../../tools/test/fixtures/redis.ts';

const PATIENCE_MS = 20_000;

const remainingOf = ({ headers }: LightMyRequestResponse) => Number(headers['ratelimit-remaining']);

function expectLimited(response: LightMyRequestResponse): void {
  expect([response.statusCode, response.json<Problem>().code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  expect(response.headers['ratelimit-remaining']).toBe('0');
}

describe('a limit of requests', () => {
  describe('by session and token', () => {
    let api: TestApi;
    let ada: TestPerson;
    let bob: TestPerson;
    beforeAll(async () => {
      api = await startTestApi({ HORTUS_RATE_PER_CALLER: '5' });
      const { people } = await api.plant('Acme', ['owner', 'admin']);
      [ada, bob] = [people.owner, people.admin];
    });
    afterAll(() => api.close());

    it('says how much is left, refuses what is too much, and leaves others at the same address alone', async () => {
      const made = await bob.call({
        method: 'POST',
        url: `/api/v1/workspaces/${bob.workspaceId}/tokens`,
        payload: { name: 'A program', scopes: ['read'], expiresInDays: 1 },
      });
      const authorization = `Bearer ${made.json<CreatedApiToken>().token}`;
      const list = { method: 'GET', url: '/api/v1/artifacts' } as const;
      const answers = [
        await ada.call(list),
        await ada.call(list),
        await ada.call({ method: 'GET', url: '/api/v1/me' }),
      ];
      expect(answers.map(({ statusCode, headers }) => [statusCode, headers['ratelimit-limit']])).toEqual(
        answers.map(() => [200, '5']),
      );
      expect(answers.map(remainingOf)).toEqual([4, 3, 2]);
      expect(Number(answers[0]?.headers['ratelimit-reset'])).toBeGreaterThan(0);
      for (let left = 2; left > 0; left -= 1) await ada.call(list);
      expectLimited(await ada.call(list));
      // The other session, and the token of the same person, have counts of their own.
      expect(remainingOf(await bob.call(list))).toBe(3);
      expect(remainingOf(await bob.call({ ...list, headers: { authorization } }))).toBe(4);
      expect((await api.metrics.rateLimited.get()).values).toMatchObject([{ labels: { limit: 'caller' }, value: 1 }]);
    });

    it('holds neither for the programs of the product nor for what tells that the api lives', async () => {
      for (let count = 0; count < 8; count += 1) {
        expect((await api.app.inject('/health')).headers).not.toHaveProperty('ratelimit-limit');
        const answer = await api.asService({ method: 'DELETE', url: '/internal/v1/demo' });
        expect(answer.statusCode).toBe(200);
      }
    });
  });

  describe('by address', () => {
    const tryToken = (api: TestApi, headers: Record<string, string> = {}) =>
      api.app.inject({ url: '/api/v1/me', headers: { authorization: 'Bearer guess', ...headers } });
    const refresh = (api: TestApi) => api.app.inject({ method: 'POST', url: '/api/v1/auth/refresh' });

    it('counts guesses of tokens, and counts what needs no sign-in more narrowly', async () => {
      const api = await startTestApi({ HORTUS_RATE_PER_ADDRESS: '5', HORTUS_RATE_PER_ADDRESS_SIGNED_OUT: '2' });
      expect((await refresh(api)).statusCode).toBe(401);
      expect((await refresh(api)).statusCode).toBe(401);
      expectLimited(await refresh(api));
      expect((await tryToken(api)).statusCode).toBe(401);
      expect(remainingOf(await tryToken(api))).toBe(0);
      expectLimited(await tryToken(api));
      await api.close();
    });

    it('does not believe where a request says that it comes from', async () => {
      const api = await startTestApi({ HORTUS_RATE_PER_ADDRESS: '2' });
      const from = (address: string) => tryToken(api, { 'x-forwarded-for': address, forwarded: `for=${address}` });
      expect([(await from('192.0.2.1')).statusCode, (await from('192.0.2.2')).statusCode]).toEqual([401, 401]);
      expectLimited(await from('192.0.2.3'));
      await api.close();
    });

    it('believes a proxy that the configuration names, and nobody beyond it', async () => {
      const api = await startTestApi({
        HORTUS_RATE_PER_ADDRESS: '1',
        HORTUS_TRUSTED_PROXIES: 'loopback, 198.51.100.0/24',
      });
      const from = (chain: string) => tryToken(api, { 'x-forwarded-for': chain });
      expect((await from('192.0.2.1')).statusCode).toBe(401);
      expect((await from('192.0.2.2, 198.51.100.7')).statusCode).toBe(401);
      // The client wrote the first of the two addresses; the proxy added the second.
      expectLimited(await from('203.0.113.9, 192.0.2.1'));
      await api.close();
    });
  });

  describe('of several replicas', () => {
    let redis: TestRedis;
    let replicas: readonly TestApi[];
    beforeAll(async () => {
      redis = await startTestRedis();
      const variables = { HORTUS_REDIS_URL: redis.url, HORTUS_RATE_PER_ADDRESS: '1000' };
      replicas = await Promise.all([startTestApi(variables), startTestApi(variables)]);
    });
    afterAll(async () => {
      await Promise.all(replicas.map((replica) => replica.close()));
      await redis.stop();
    });

    const ask = async ({ app }: TestApi) => {
      const response = await app.inject('/api/v1/me');
      expect(response.statusCode).toBe(401);
      return remainingOf(response);
    };
    const alarms = ({ logged }: TestApi, text: string) => logged.filter((line) => line.includes(text));
    async function isRedisUp({ metrics }: TestApi): Promise<number | undefined> {
      return (await metrics.rateLimitRedisUp.get()).values[0]?.value;
    }
    /** Until a count by one replica shows at the other. */
    const countTogether = async () => {
      const [one, other] = replicas as [TestApi, TestApi];
      return (await ask(one)) - (await ask(other)) === 1;
    };

    it('is one limit, counted in Redis', async () => {
      expect(await waitUntil(countTogether, PATIENCE_MS)).toBe(true);
    });

    it.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
      ['is gone', () => redis.stop(), () => redis.start()],
      ['hangs', () => { redis.freeze(); }, () => { redis.thaw(); }], // prettier-ignore
    ])('lets everybody in when Redis %s, counts alone, sounds one alarm, and finds back', async (_name, end, begin) => {
      const [one] = replicas as [TestApi, TestApi];
      expect(await waitUntil(countTogether, PATIENCE_MS)).toBe(true);
      const before = alarms(one, 'Redis is away').length;
      await end();
      const first = await ask(one);
      expect([await ask(one), await ask(one)]).toEqual([first - 1, first - 2]);
      expect(alarms(one, 'Redis is away')).toHaveLength(before + 1);
      expect(await isRedisUp(one)).toBe(0);
      await begin();
      expect(await waitUntil(countTogether, PATIENCE_MS)).toBe(true);
      expect(await isRedisUp(one)).toBe(1);
      expect(alarms(one, 'Redis is back').length).toBeGreaterThan(before);
    });
  });
});
