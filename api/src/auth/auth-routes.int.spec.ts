import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import bcrypt from 'bcrypt';
import type { LightMyRequestResponse } from 'fastify';
import { REFRESH_COOKIE, type SignedIn } from '@hortus/contracts/auth-api';
import type { Problem } from '@hortus/contracts/errors';
import { TEST_SECRET_KEY, startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { TEST_PASSWORD, refreshCookieOf, signIn, type TestPerson } from '../../../tools/test/fixtures/people.ts';
import { deriveKeys } from './keys.ts';
import { writeRefreshToken } from './refresh-token.ts';

describe('signing in', () => {
  let api: TestApi;
  let ada: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    ada = (await api.plant('Acme', ['owner'])).people.owner;
  });
  afterAll(() => api.close());

  function expectProblem(response: LightMyRequestResponse, status: number, code: string): Problem {
    const problem = response.json<Problem>();
    expect([response.statusCode, problem.code]).toEqual([status, code]);
    return problem;
  }
  const post = (path: string, cookie: string | undefined, headers: Record<string, string> = {}) =>
    api.app.inject({
      method: 'POST',
      url: `/api/v1/auth/${path}`,
      headers,
      ...(cookie === undefined ? {} : { cookies: { [REFRESH_COOKIE]: cookie } }),
    });
  const refresh = (cookie: string | undefined) => post('refresh', cookie);
  const list = (accessToken: string) =>
    api.app.inject({
      method: 'GET',
      url: '/api/v1/artifacts',
      headers: { authorization: `Bearer ${accessToken}`, 'hortus-workspace': ada.workspaceId },
    });
  /** A session of its own, without the price of a password. */
  async function openSession(): Promise<string> {
    const [row] = await api.database.query<{ id: string }>(
      `insert into sessions (user_id, user_agent, expires_at) values ($1, '', now() + interval '1 day') returning id`,
      [ada.id],
    );
    const token = { sessionId: String(row?.id), userId: ada.id, counter: 0 };
    return writeRefreshToken(deriveKeys(TEST_SECRET_KEY).refreshToken, token);
  }

  it('gives an access token, the person and their workspaces, and the refresh token in a cookie that no page reads', async () => {
    const response = await signIn(api.app, ada.email.toUpperCase(), TEST_PASSWORD);
    const body = response.json<SignedIn>();
    expect(body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      user: { id: ada.id, email: ada.email, displayName: 'The owner' },
      workspaces: [{ id: ada.workspaceId, slug: expect.stringMatching(/^acme-/), name: 'Acme', role: 'owner' }],
    });
    expect(response.headers['cache-control']).toBe('no-store');
    const [cookie] = [response.headers['set-cookie']].flat();
    expect(cookie?.replace(/=[^;]*/, '').split('; ')).toEqual(
      expect.arrayContaining([REFRESH_COOKIE, 'Path=/api/v1/auth', 'HttpOnly', 'Secure', 'SameSite=Strict']),
    );
    expect(response.body).not.toContain(refreshCookieOf(response));
    const claims = JSON.parse(Buffer.from(body.accessToken.split('.')[1] ?? '', 'base64url').toString()) as Record<string, number>; // prettier-ignore
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(600);
    expect((await list(body.accessToken)).statusCode).toBe(200);
    const me = await api.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${body.accessToken}` } });
    expect(me.json()).toEqual({ user: body.user, workspaces: body.workspaces });
  });

  it('tells nothing of whether an address is known: the answer and the work are the same', async () => {
    const work = async (email: string, password: string) => {
      const hash = jest.spyOn(bcrypt, 'hash');
      const compare = jest.spyOn(bcrypt, 'compare');
      const queries: string[] = [];
      const note = ({ sql }: { sql: string }) => queries.push(sql);
      api.knex.on('query', note);
      const response = await signIn(api.app, email, password);
      api.knex.off('query', note);
      const problem = { ...response.json<Problem>(), requestId: '' };
      // The limit of each address counts from its own beginning.
      const own = ['date', 'hortus-request-id', 'ratelimit-remaining', 'ratelimit-reset'];
      const headers = Object.entries(response.headers).filter(([name]) => !own.includes(name));
      const runs = [hash.mock.calls.length, compare.mock.calls.length];
      for (const spy of [hash, compare]) spy.mockRestore();
      return { status: response.statusCode, problem, headers, runs, queries };
    };
    const unknown = await work('nobody@acme.test', TEST_PASSWORD);
    const wrong = await work(ada.email, 'not the password');
    expect(unknown).toEqual(wrong);
    expect(wrong).toMatchObject({ status: 401, problem: { code: 'CREDENTIALS_WRONG' }, runs: [0, 1] });
    expect(wrong.queries.length).toBeGreaterThan(0);
  });

  it('refuses what is no address and password', async () => {
    for (const payload of [{}, { email: ada.email }, { email: ada.email, password: '' }, { email: 7, password: 'x' }]) {
      expectProblem(
        await api.app.inject({ method: 'POST', url: '/api/v1/auth/login', payload }),
        400,
        'REQUEST_INVALID',
      );
    }
    const payload = { email: `a\u0000${ada.email}`, password: TEST_PASSWORD };
    expectProblem(await api.app.inject({ method: 'POST', url: '/api/v1/auth/login', payload }), 400, 'REQUEST_INVALID');
  });

  it('is limited per address, and says when to try again', async () => {
    // Refused by the origin before the password costs anything; the attempts count all the same.
    const attempt = (email: string) =>
      api.app.inject({
        method: 'POST',
        url: '/api/v1/auth/login',
        headers: { origin: 'https://evil.test' },
        payload: { email, password: 'x' },
      });
    for (let count = 0; count < 30; count += 1)
      expectProblem(await attempt('guess@acme.test'), 403, 'ORIGIN_NOT_ALLOWED');
    const limited = await attempt('Guess@acme.test');
    expectProblem(limited, 429, 'RATE_LIMITED');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    expectProblem(await attempt('other@acme.test'), 403, 'ORIGIN_NOT_ALLOWED');
  });

  describe('an access token', () => {
    const now = Math.floor(Date.now() / 1000);
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    function forge(options: { key?: Buffer; header?: object; claims?: object; alg?: string }): string {
      const {
        key = deriveKeys(TEST_SECRET_KEY).accessToken,
        header = { alg: 'HS256', typ: 'JWT' },
        alg = 'sha256',
      } = options;
      const own = JSON.parse(Buffer.from(ada.accessToken.split('.')[1] ?? '', 'base64url').toString()) as object;
      const text = `${encode(header)}.${encode({ ...own, ...options.claims })}`;
      return `${text}.${alg === '' ? '' : createHmac(alg, key).update(text).digest('base64url')}`;
    }

    it('is taken while it is ours and has not expired', async () => {
      expect((await list(forge({}))).statusCode).toBe(200);
    });

    it.each<[string, () => string]>([
      ['has expired', () => forge({ claims: { iat: now - 700, exp: now - 100 } })],
      ['never expires', () => forge({ claims: { exp: undefined } })],
      ['is signed by another key', () => forge({ key: Buffer.from('another key of thirty-two bytes!') })],
      ['is signed by the secret itself', () => forge({ key: Buffer.from(TEST_SECRET_KEY) })],
      ['is signed by the key of another purpose', () => forge({ key: deriveKeys(TEST_SECRET_KEY).refreshToken })],
      ['is not signed (alg none)', () => forge({ header: { alg: 'none', typ: 'JWT' }, alg: '' })],
      ['is signed by another algorithm', () => forge({ header: { alg: 'HS512', typ: 'JWT' }, alg: 'sha512' })],
      ['is for another audience', () => forge({ claims: { aud: 'another' } })],
      ['is of another issuer', () => forge({ claims: { iss: 'another' } })],
      ['names no session', () => forge({ claims: { sid: undefined } })],
      ['names a session that is no text', () => forge({ claims: { sid: 7 } })],
      ['is the refresh token', () => ada.refreshCookie],
      ['is cut off', () => ada.accessToken.slice(0, -2)],
    ])('is refused when it %s', async (_name, token) => {
      const response = await list(token());
      expectProblem(response, 401, 'TOKEN_INVALID');
      expect(response.headers['www-authenticate']).toBe('Bearer');
    });

    it('is no good in an address, nor by another scheme', async () => {
      const url = `/api/v1/me?access_token=${ada.accessToken}`;
      expectProblem(await api.app.inject({ url }), 401, 'SIGN_IN_REQUIRED');
      const headers = { authorization: `Basic ${ada.accessToken}` };
      expectProblem(await api.app.inject({ url: '/api/v1/me', headers }), 401, 'SIGN_IN_REQUIRED');
    });

    it('is good for nothing from the moment in which its session ends', async () => {
      const session = await refresh(await openSession());
      const { accessToken } = session.json<SignedIn>();
      expect((await list(accessToken)).statusCode).toBe(200);
      expect((await post('logout', refreshCookieOf(session))).statusCode).toBe(204);
      expectProblem(await list(accessToken), 401, 'SESSION_ENDED');
      const headers = { authorization: `Bearer ${accessToken}` };
      expectProblem(await api.app.inject({ url: '/api/v1/me', headers }), 401, 'SESSION_ENDED');
    });
  });

  describe('a refresh', () => {
    it('moves on by the newest token, gives it again for the one before, and ends the session for an older one', async () => {
      const first = await openSession();
      const second = refreshCookieOf(await refresh(first));
      expect(second).not.toBe(first);
      expect(refreshCookieOf(await refresh(first))).toBe(second);
      const third = await refresh(second);
      expectProblem(await refresh(first), 401, 'SESSION_ENDED');
      expectProblem(await refresh(refreshCookieOf(third)), 401, 'SESSION_ENDED');
      expectProblem(await list(third.json<SignedIn>().accessToken), 401, 'SESSION_ENDED');
    });

    it('by many tabs at once leaves them all signed in, with the same token', async () => {
      const first = await openSession();
      const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(first)));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 8 }, () => 200));
      expect(new Set(answers.map(refreshCookieOf)).size).toBe(1);
    });

    it('answers what signing in answers', async () => {
      const response = await refresh(await openSession());
      expect(Object.keys(response.json<SignedIn>()).sort()).toEqual(['accessToken', 'user', 'workspaces']);
      expect(response.headers['cache-control']).toBe('no-store');
    });

    it('needs a token of ours', async () => {
      const nobodys = { sessionId: randomUUID(), userId: ada.id, counter: 0 };
      const foreign = writeRefreshToken(Buffer.alloc(32), nobodys);
      const unknown = writeRefreshToken(deriveKeys(TEST_SECRET_KEY).refreshToken, nobodys);
      for (const cookie of [undefined, '', 'nonsense', foreign, unknown, ada.accessToken]) {
        expectProblem(await refresh(cookie), 401, 'SESSION_ENDED');
      }
    });

    it.each([
      ['expired', `expires_at = now() - interval '1 second'`],
      ['was not used for 14 days', `last_used_at = now() - interval '14 days 1 second'`],
    ])('is refused when the session %s', async (_name, change) => {
      const token = await openSession();
      const opened = await refresh(token);
      await api.database.query(`update sessions set ${change} where user_id = $1 and user_agent = ''`, [ada.id]);
      expectProblem(await refresh(refreshCookieOf(opened)), 401, 'SESSION_ENDED');
      expectProblem(await list(opened.json<SignedIn>().accessToken), 401, 'SESSION_ENDED');
    });
  });

  it('is not for the page of another origin', async () => {
    const token = await openSession();
    const foreign = [
      { origin: 'https://evil.test' },
      { origin: 'http://localhost:8081' },
      { origin: 'null' },
      { origin: 'nonsense' },
      { origin: '' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of foreign) {
      for (const path of ['refresh', 'logout']) {
        const response = await post(path, token, { host: 'localhost:8080', ...headers });
        expectProblem(response, 403, 'ORIGIN_NOT_ALLOWED');
        expect(response.headers['set-cookie']).toBeUndefined();
      }
    }
    for (const headers of [{ origin: 'http://localhost:8080' }, { 'sec-fetch-site': 'same-origin' }, {}]) {
      const response = await post('refresh', token, { host: 'localhost:8080', ...headers });
      expect(response.statusCode).toBe(200);
    }
  });

  it('ends by signing out, which may be repeated', async () => {
    const token = await openSession();
    for (const cookie of [token, token, undefined, 'nonsense']) {
      const response = await post('logout', cookie);
      expect([response.statusCode, response.body]).toEqual([204, '']);
      expect(response.cookies).toEqual([
        expect.objectContaining({ name: REFRESH_COOKIE, value: '', path: '/api/v1/auth' }),
      ]);
    }
    expectProblem(await refresh(token), 401, 'SESSION_ENDED');
  });

  it('leaves no secret in the log', () => {
    const log = api.logged.join('');
    expect(log).toContain('SESSION_ENDED');
    const secrets = [ada.accessToken, ada.refreshCookie, TEST_PASSWORD, TEST_SECRET_KEY, 'not the password'];
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  });
});
