import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { REFRESH_COOKIE, type Session, type SignedIn } from '@hortus/contracts/auth-api';
import type { Problem } from '@hortus/contracts/errors';
import { TEST_SECRET_KEY, startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { TEST_PASSWORD, refreshCookieOf, type TestPerson } from '../../../tools/test/fixtures/people.ts';
import { deriveKeys } from './keys.ts';
import { decideRefresh, readRefreshToken, writeRefreshToken } from './refresh-token.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const DAY_MS = 24 * 60 * 60 * 1000;

describe('sessions', () => {
  let api: TestApi;
  let ada: TestPerson;
  let bob: TestPerson;
  let eve: TestPerson;
  let base: string;
  beforeAll(async () => {
    api = await startTestApi({ HORTUS_SESSION_LIFETIME_DAYS: '6', HORTUS_SESSION_IDLE_DAYS: '2' });
    const { people } = await api.plant('Acme', ['owner', 'member']);
    [ada, bob] = [people.owner, people.member];
    eve = (await api.plant('Umbrella', ['owner'])).people.owner;
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    base = `http://127.0.0.1:${String((api.app.server.address() as AddressInfo).port)}`;
  });
  afterAll(() => api.close());

  const key = deriveKeys(TEST_SECRET_KEY).refreshToken;
  function expectProblem(response: LightMyRequestResponse, status: number, code: string): void {
    expect([response.statusCode, response.json<Problem>().code]).toEqual([status, code]);
  }
  const refresh = (cookie: string) =>
    api.app.inject({ method: 'POST', url: '/api/v1/auth/refresh', cookies: { [REFRESH_COOKIE]: cookie } });
  /** A session of its own, without the price of a password. */
  async function open(person = ada): Promise<{ id: string; cookie: string }> {
    const [row] = await api.database.query<{ id: string }>(
      `insert into sessions (user_id, user_agent, expires_at) values ($1, $2, now() + interval '6 days') returning id`,
      [person.id, FIREFOX],
    );
    const id = String(row?.id);
    return { id, cookie: writeRefreshToken(key, { sessionId: id, userId: person.id, counter: 0 }) };
  }
  async function enter(person = ada): Promise<{ id: string; cookie: string; accessToken: string }> {
    const { id, cookie } = await open(person);
    const response = await refresh(cookie);
    return { id, cookie: refreshCookieOf(response), accessToken: response.json<SignedIn>().accessToken };
  }
  type Method = 'GET' | 'POST' | 'DELETE';
  const by = (accessToken: string, method: Method, url: string, payload?: object) =>
    api.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${accessToken}`, 'hortus-workspace': ada.workspaceId },
      ...(payload === undefined ? {} : { payload }),
    });
  const list = async (accessToken: string) =>
    (await by(accessToken, 'GET', '/api/v1/auth/sessions')).json<{ items: Session[] }>().items;
  const change = (sql: string, id: string) => api.database.query(`update sessions set ${sql} where id = $1`, [id]);
  const artifacts = (accessToken: string) => by(accessToken, 'GET', '/api/v1/artifacts');

  /** Opens an event stream; resolves to a function that waits until the server has ended it and gives its comments. */
  async function stream(accessToken: string): Promise<() => Promise<string[]>> {
    const headers = { authorization: `Bearer ${accessToken}`, 'hortus-workspace': ada.workspaceId };
    const response = await fetch(`${base}/api/v1/events`, { headers });
    expect(response.status).toBe(200);
    return async () => (await response.text()).split('\n').filter((line) => line.startsWith(':'));
  }

  it('are listed with their device and last use, the current one marked, and none of anybody else', async () => {
    const [other, current] = [await enter(bob), await enter(bob)];
    await change(`last_used_at = now() - interval '1 hour'`, other.id);
    const ended = await open(bob);
    await change('ended_at = now()', ended.id);
    const items = await list(current.accessToken);
    expect(items.slice(0, 1)).toEqual([
      {
        id: current.id,
        device: 'Firefox on Linux',
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
        isCurrent: true,
      },
    ]);
    expect(items.at(-1)).toMatchObject({ id: other.id, isCurrent: false });
    // The two, and the one that the person was planted with.
    expect(items).toHaveLength(3);
  });

  it('end one by one, each at once, and none of anybody else', async () => {
    const [one, two, foreign] = [await enter(), await enter(), await enter(eve)];
    expect((await by(one.accessToken, 'DELETE', `/api/v1/auth/sessions/${two.id}`)).statusCode).toBe(204);
    expectProblem(await artifacts(two.accessToken), 401, 'SESSION_ENDED');
    expectProblem(await refresh(two.cookie), 401, 'SESSION_ENDED');
    const answers = [two.id, foreign.id, crypto.randomUUID()].map((id) =>
      by(one.accessToken, 'DELETE', `/api/v1/auth/sessions/${id}`),
    );
    const problems = (await Promise.all(answers)).map((answer) => ({ ...answer.json<Problem>(), requestId: '' }));
    expect(problems[0]).toMatchObject({ status: 404, code: 'SESSION_NOT_FOUND' });
    expect([problems[1], problems[2]]).toEqual([problems[0], problems[0]]);
    expect((await by(foreign.accessToken, 'GET', '/api/v1/me')).statusCode).toBe(200);
    expect((await by(one.accessToken, 'DELETE', `/api/v1/auth/sessions/${one.id}`)).statusCode).toBe(204);
    expectProblem(await artifacts(one.accessToken), 401, 'SESSION_ENDED');
  });

  it('end everywhere, or everywhere else', async () => {
    const [one, two, foreign] = [await enter(), await enter(), await enter(eve)];
    const url = '/api/v1/auth/logout-everywhere';
    const kept = await by(one.accessToken, 'POST', url, { exceptCurrent: true });
    expect([kept.statusCode, kept.cookies]).toEqual([204, []]);
    expectProblem(await artifacts(two.accessToken), 401, 'SESSION_ENDED');
    expect((await artifacts(one.accessToken)).statusCode).toBe(200);
    const all = await by(one.accessToken, 'POST', url);
    expect([all.statusCode, all.cookies[0]?.value]).toEqual([204, '']);
    expectProblem(await artifacts(one.accessToken), 401, 'SESSION_ENDED');
    expect((await by(foreign.accessToken, 'GET', '/api/v1/me')).statusCode).toBe(200);
  });

  it('hold as long as the configuration says: so long in all, and so long without use', async () => {
    const { id, cookie, accessToken } = await enter();
    const [made] = await api.database.query<{ days: number }>(
      'select extract(day from expires_at - created_at)::int as days from sessions where id = $1',
      [id],
    );
    expect(made?.days).toBe(6);
    expect(String((await refresh(cookie)).headers['set-cookie'])).toContain(`Max-Age=${String((6 * DAY_MS) / 1000)}`);
    await change(`last_used_at = now() - interval '1 day 23 hours'`, id);
    const moved = await refresh(refreshCookieOf(await refresh(cookie)));
    expect(moved.statusCode).toBe(200);
    await change(`last_used_at = now() - interval '2 days 1 second'`, id);
    expectProblem(await artifacts(accessToken), 401, 'SESSION_ENDED');
    expectProblem(await refresh(refreshCookieOf(moved)), 401, 'SESSION_ENDED');
    expect((await list((await enter()).accessToken)).map((session) => session.id)).not.toContain(id);

    const busy = await enter();
    await change(`created_at = now() - interval '6 days 1 second', expires_at = now() - interval '1 second'`, busy.id);
    expectProblem(await artifacts(busy.accessToken), 401, 'SESSION_ENDED');
    expectProblem(await refresh(busy.cookie), 401, 'SESSION_ENDED');
  });

  describe('of somebody whose rights change', () => {
    const member = (change: string, values: unknown[] = []) =>
      api.database.query(`${change} workspace_id = $1 and user_id = $2`, [bob.workspaceId, bob.id, ...values]);

    it('know their new role with the next request, by the same access token', async () => {
      const { accessToken } = await enter(bob);
      const rename = () =>
        api.app.inject({
          method: 'PATCH',
          url: `/api/v1/workspaces/${bob.workspaceId}`,
          headers: { authorization: `Bearer ${accessToken}`, 'if-match': '*' },
          payload: { name: 'Acme' },
        });
      expectProblem(await rename(), 403, 'ROLE_TOO_LOW');
      await member(`update memberships set role = 'admin' where`);
      expect((await rename()).statusCode).toBe(200);
      await member(`update memberships set role = 'member' where`);
      expectProblem(await rename(), 403, 'ROLE_TOO_LOW');
    });

    it('lose the workspace with the membership: requests at once, open streams before they would ask by themselves', async () => {
      const { accessToken } = await enter(bob);
      const ended = await stream(accessToken);
      await member('delete from memberships where');
      // No heartbeat, of which one comes each 15 seconds.
      expect(await ended()).toEqual([]);
      expectProblem(await artifacts(accessToken), 404, 'WORKSPACE_NOT_FOUND');
      expect((await by(accessToken, 'GET', '/api/v1/me')).statusCode).toBe(200);
      await api.database.query(`insert into memberships (workspace_id, user_id, role) values ($1, $2, 'member')`, [
        bob.workspaceId,
        bob.id,
      ]);
    });

    it('end with the password: requests, refreshes and open streams, but for the one that changed it', async () => {
      const [mine, other] = [await enter(bob), await enter(bob)];
      const [ended, keeps] = [await stream(other.accessToken), await stream(mine.accessToken)];
      const payload = { currentPassword: TEST_PASSWORD, newPassword: 'another password of the tests' };
      expect((await by(mine.accessToken, 'POST', '/api/v1/me/password', payload)).statusCode).toBe(204);
      expect(await ended()).toEqual([]);
      expectProblem(await artifacts(other.accessToken), 401, 'SESSION_ENDED');
      expectProblem(await refresh(other.cookie), 401, 'SESSION_ENDED');
      expect((await artifacts(mine.accessToken)).statusCode).toBe(200);
      expect((await by(mine.accessToken, 'POST', '/api/v1/auth/logout-everywhere')).statusCode).toBe(204);
      expect(await keeps()).toEqual([]);
    });

    it('end with the account', async () => {
      const { accessToken, cookie } = await enter(eve);
      await api.database.query('delete from users where id = $1', [eve.id]);
      expectProblem(await by(accessToken, 'GET', '/api/v1/me'), 401, 'SESSION_ENDED');
      expectProblem(await refresh(cookie), 401, 'SESSION_ENDED');
    });
  });

  /*
   * The rule is decided in `refresh-token.ts` and played by thousands of models in its spec; here the routes and PostgreSQL
   * play it: whatever is asked at once and in whichever order, the session is where the rule says.
   */
  it('follow the rule of refreshing, whoever asks with whichever token, also many at once', async () => {
    const step = fc.record({ behind: fc.constantFrom(0, 0, 0, 1, 1, 2, 3), tabs: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const { id, cookie } = await open();
        const given = [cookie];
        let isAlive = true;
        for (const { behind, tabs } of steps) {
          const current = given.length - 1;
          const presented = Math.max(0, current - behind);
          const decision = decideRefresh(presented, current);
          const answers = await Promise.all(Array.from({ length: tabs }, () => refresh(given[presented] ?? '')));
          if (decision === 'end') isAlive = false;
          for (const answer of answers) {
            if (!isAlive) {
              expectProblem(answer, 401, 'SESSION_ENDED');
              continue;
            }
            expect(answer.statusCode).toBe(200);
            const next = readRefreshToken(key, refreshCookieOf(answer));
            expect(next).toEqual({
              sessionId: id,
              userId: ada.id,
              counter: decision === 'move' ? current + 1 : current,
            });
          }
          const [first] = answers;
          if (isAlive && decision === 'move' && first !== undefined) given.push(refreshCookieOf(first));
        }
        const [row] = await api.database.query<{ ended: boolean; counter: string }>(
          'select ended_at is not null as ended, counter from sessions where id = $1',
          [id],
        );
        expect(row).toEqual({ ended: !isAlive, counter: String(given.length - 1) });
      }),
      { numRuns: 40 },
    );
  });
});
