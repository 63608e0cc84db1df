import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { Secret, TOTP } from 'otpauth';
import type { SecondFactorAsked, SignedIn } from '@hortus/contracts/auth-api';
import type { Problem } from '@hortus/contracts/errors';
import type { Factors, RecoveryCodes, TotpSetup } from '@hortus/contracts/factor-api';
import { TEST_SECRET_KEY, startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { TEST_PASSWORD, refreshCookieOf, signIn, type TestPerson } from '../../../tools/test/fixtures/people.ts';
import { deriveKeys } from '../auth/keys.ts';
import { createChallenges } from './challenge.ts';
import { passwordMark } from './second-factor-service.ts';

const STEP_MS = 30_000;

describe('two-step sign-in', () => {
  let api: TestApi;
  let people = 0;
  let ada: TestPerson;
  beforeAll(async () => {
    // Its clock stands, so that who has to wait does, however slow the machine is.
    api = await startTestApi({}, { guessClock: () => 0 });
  });
  // A person of their own for each test: what was guessed wrong in one makes nobody wait in another.
  beforeEach(async () => {
    people += 1;
    ada = (await api.plant(`Acme ${String(people)}`, ['owner'])).people.owner;
  });
  afterAll(() => api.close());

  function expectProblem(response: LightMyRequestResponse, status: number, code: string): void {
    expect([response.statusCode, response.json<Problem>().code]).toEqual([status, code]);
  }
  const me = (path: string, payload: object) => ada.call({ method: 'POST', url: `/api/v1/me/${path}`, payload });
  const factors = async () => (await ada.call({ method: 'GET', url: '/api/v1/me/factors' })).json<Factors>();
  const code = (secret: string, inSteps = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + inSteps * STEP_MS });
  const wrong = (secret: string) => {
    const near = [-2, -1, 0, 1, 2].map((steps) => code(secret, steps));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((text) => !near.includes(text)) ?? '';
  };
  /** As if the step of the last code were long past. */
  const forgetStep = () => api.database.query('update totp_secrets set last_step = 0 where user_id = $1', [ada.id]);
  async function setUp(): Promise<{ secret: string; recoveryCodes: string[] }> {
    const { secret } = (await me('totp', { password: TEST_PASSWORD })).json<TotpSetup>();
    const confirmed = await me('totp/confirm', { code: code(secret) });
    expect(confirmed.statusCode).toBe(200);
    return { secret, recoveryCodes: confirmed.json<RecoveryCodes>().recoveryCodes };
  }
  /** As signing in gives it, without the price of a password. */
  async function challenge(): Promise<string> {
    const sql = 'select password_hash from users where id = $1';
    const [user] = await api.database.query<{ password_hash: string }>(sql, [ada.id]);
    const claims = { userId: ada.id, passwordMark: passwordMark(user?.password_hash ?? '') };
    return createChallenges(deriveKeys(TEST_SECRET_KEY).challenge).issue('second factor', claims).challenge;
  }
  // Each from elsewhere: the limit per address is not what is tried here.
  let addresses = 0;
  const nextAddress = () => `203.0.113.${String((addresses += 1) % 250)}`;
  const finish = (payload: { challenge: string; code: string }, headers: Record<string, string> = {}) =>
    api.app.inject({ method: 'POST', url: '/api/v1/auth/login/code', payload, headers, remoteAddress: nextAddress() });

  it('is set up by a secret that is shown once, and asked for from the first code on', async () => {
    expect(await factors()).toEqual({ totpSince: null, recoveryCodesLeft: 0, passkeys: 0 });
    const begun = await me('totp', { password: TEST_PASSWORD });
    expect([begun.statusCode, begun.headers['cache-control']]).toEqual([201, 'no-store']);
    const { secret, uri } = begun.json<TotpSetup>();
    expect(uri).toContain(secret);
    expect((await signIn(api.app, ada.email, TEST_PASSWORD)).statusCode).toBe(200);

    const confirmed = await me('totp/confirm', { code: code(secret) });
    const { recoveryCodes } = confirmed.json<RecoveryCodes>();
    expect(recoveryCodes).toHaveLength(10);
    expect(await factors()).toEqual({ totpSince: expect.any(String), recoveryCodesLeft: 10, passkeys: 0 });

    const asked = await signIn(api.app, ada.email, TEST_PASSWORD);
    expect([asked.statusCode, asked.cookies, asked.headers['cache-control']]).toEqual([202, [], 'no-store']);
    expect(Object.keys(asked.json<object>()).sort()).toEqual(['challenge', 'expiresAt']);
    await forgetStep();
    const entered = await finish({ challenge: asked.json<SecondFactorAsked>().challenge, code: code(secret) });
    expect([entered.statusCode, entered.json<SignedIn>().user.id]).toEqual([200, ada.id]);
    expect(refreshCookieOf(entered)).not.toBe('');
  });

  it('ends the sessions that were opened without it, but for the one that sets it up', async () => {
    const { accessToken } = (await signIn(api.app, ada.email, TEST_PASSWORD)).json<SignedIn>();
    await setUp();
    const headers = { authorization: `Bearer ${accessToken}` };
    expectProblem(await api.app.inject({ url: '/api/v1/me', headers }), 401, 'SESSION_ENDED');
    expect((await ada.call({ method: 'GET', url: '/api/v1/me' })).statusCode).toBe(200);
  });

  it('takes each code once, and none from before it', async () => {
    const { secret } = await setUp();
    expectProblem(await finish({ challenge: await challenge(), code: code(secret) }), 403, 'CODE_WRONG');
    expectProblem(await finish({ challenge: await challenge(), code: code(secret, -1) }), 403, 'CODE_WRONG');
    await forgetStep();
    const next = code(secret);
    expect((await finish({ challenge: await challenge(), code: next })).statusCode).toBe(200);
    expectProblem(await finish({ challenge: await challenge(), code: next }), 403, 'CODE_WRONG');
  });

  it('lets in one of many who give the same code at once', async () => {
    const { secret } = await setUp();
    await forgetStep();
    const [one, two, three] = [await challenge(), await challenge(), await challenge()];
    const answers = await Promise.all([one, two, three].map((text) => finish({ challenge: text, code: code(secret) })));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  });

  it('takes a challenge once, for its person, its password and its time', async () => {
    const { secret, recoveryCodes } = await setUp();
    const [first = '', second = '', third = ''] = recoveryCodes;
    const used = await challenge();
    expect((await finish({ challenge: used, code: first })).statusCode).toBe(200);
    expectProblem(await finish({ challenge: used, code: second }), 400, 'CHALLENGE_INVALID');

    const key = deriveKeys(TEST_SECRET_KEY).challenge;
    const claims = { userId: ada.id, passwordMark: null };
    const expired = createChallenges(key, () => Date.now() - 5 * 60 * 1000).issue('second factor', claims).challenge;
    const foreign = createChallenges(Buffer.alloc(32)).issue('second factor', claims).challenge;
    const nobodys = createChallenges(key).issue('second factor', { userId: randomUUID(), passwordMark: null });
    const stale = { userId: ada.id, passwordMark: passwordMark('another') };
    const ofOldPassword = createChallenges(key).issue('second factor', stale).challenge;
    const ofPasskey = createChallenges(key).issue('passkey sign-in', {}).challenge;
    for (const text of [expired, foreign, ofOldPassword, ofPasskey, 'nonsense', ada.refreshCookie]) {
      expectProblem(await finish({ challenge: text, code: second }), 400, 'CHALLENGE_INVALID');
    }
    expectProblem(await finish({ challenge: nobodys.challenge, code: code(secret) }), 403, 'CODE_WRONG');

    const before = await challenge();
    await api.database.query(`update users set password_hash = password_hash || ' ' where id = $1`, [ada.id]);
    expectProblem(await finish({ challenge: before, code: second }), 400, 'CHALLENGE_INVALID');
    await api.database.query(`update users set password_hash = trim(password_hash) where id = $1`, [ada.id]);
    // None of it has cost the code.
    expect((await finish({ challenge: await challenge(), code: second })).statusCode).toBe(200);
    expect((await finish({ challenge: await challenge(), code: third })).statusCode).toBe(200);
  });

  it('takes each recovery code once, however it is typed, and of its person only', async () => {
    const { recoveryCodes } = await setUp();
    const [first = '', second = ''] = recoveryCodes;
    const typed = first.toUpperCase().replaceAll('-', ' ');
    expect((await finish({ challenge: await challenge(), code: typed })).statusCode).toBe(200);
    expect(await factors()).toMatchObject({ recoveryCodesLeft: 9 });
    expectProblem(await finish({ challenge: await challenge(), code: first }), 403, 'CODE_WRONG');
    const others = ada;
    ada = (await api.plant('Umbrella', ['owner'])).people.owner;
    await setUp();
    expectProblem(await finish({ challenge: await challenge(), code: second }), 403, 'CODE_WRONG');
    ada = others;
    const answers = await Promise.all(
      [await challenge(), await challenge()].map((text) => finish({ challenge: text, code: second })),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 403]);
  });

  it('lets nobody guess on: wrong codes make everybody wait, wherever they come from, but for a recovery code', async () => {
    const { secret, recoveryCodes } = await setUp();
    await forgetStep();
    const text = await challenge();
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        api.app.inject({
          method: 'POST',
          url: '/api/v1/auth/login/code',
          payload: { challenge: text, code: wrong(secret) },
          remoteAddress: `203.0.${String(at)}.7`,
        }),
      ),
    );
    const codes = guesses.map((response) => response.json<Problem>().code);
    expect(codes.filter((one) => one === 'CODE_WRONG')).toHaveLength(5);
    expect(codes.filter((one) => one === 'RATE_LIMITED')).toHaveLength(7);
    expectProblem(await finish({ challenge: text, code: code(secret) }), 429, 'RATE_LIMITED');
    expect((await finish({ challenge: text, code: recoveryCodes[0] ?? '' })).statusCode).toBe(200);
  });

  it('makes nobody wait who is only attacked with wrong passwords', async () => {
    const { secret } = await setUp();
    await forgetStep();
    const text = await challenge();
    for (let count = 0; count < 6; count += 1) await signIn(api.app, ada.email, 'not the password');
    expect((await finish({ challenge: text, code: code(secret) })).statusCode).toBe(200);
  });

  it('is disabled by both factors and by nothing less, and its recovery codes with it', async () => {
    expectProblem(await me('totp/disable', { password: TEST_PASSWORD, code: '123456' }), 409, 'TOTP_OFF');
    const { secret, recoveryCodes } = await setUp();
    await forgetStep();
    expectProblem(
      await me('totp/disable', { password: 'not the password', code: code(secret) }),
      403,
      'PASSWORD_WRONG',
    );
    expectProblem(await me('totp/disable', { password: TEST_PASSWORD, code: wrong(secret) }), 403, 'CODE_WRONG');
    expect((await me('totp/disable', { password: TEST_PASSWORD, code: code(secret) })).statusCode).toBe(204);
    expect(await factors()).toEqual({ totpSince: null, recoveryCodesLeft: 0, passkeys: 0 });
    expect((await signIn(api.app, ada.email, TEST_PASSWORD)).statusCode).toBe(200);
    expect(recoveryCodes).toHaveLength(10);
  });

  it('gives ten new recovery codes for both factors, and takes the old ones no more', async () => {
    const { recoveryCodes } = await setUp();
    const [first = '', second = ''] = recoveryCodes;
    const renewed = await me('recovery-codes', { password: TEST_PASSWORD, code: first });
    const { recoveryCodes: fresh } = renewed.json<RecoveryCodes>();
    expect(new Set([...recoveryCodes, ...fresh]).size).toBe(20);
    expectProblem(await finish({ challenge: await challenge(), code: second }), 403, 'CODE_WRONG');
    expect((await finish({ challenge: await challenge(), code: fresh[0] ?? '' })).statusCode).toBe(200);
  });

  it('is begun by the password only, is set up once, and its first code must be right', async () => {
    expectProblem(await me('totp/confirm', { code: '123456' }), 409, 'TOTP_OFF');
    expectProblem(await me('totp', { password: 'not the password' }), 403, 'PASSWORD_WRONG');
    const { secret: dropped } = (await me('totp', { password: TEST_PASSWORD })).json<TotpSetup>();
    const { secret } = (await me('totp', { password: TEST_PASSWORD })).json<TotpSetup>();
    expectProblem(await me('totp/confirm', { code: code(dropped) }), 403, 'CODE_WRONG');
    expectProblem(await me('totp/confirm', { code: '12345' }), 400, 'REQUEST_INVALID');
    expect((await me('totp/confirm', { code: code(secret, 1) })).statusCode).toBe(200);
    expectProblem(await me('totp', { password: TEST_PASSWORD }), 409, 'TOTP_ALREADY_ON');
    expectProblem(await me('totp/confirm', { code: code(secret) }), 409, 'TOTP_ALREADY_ON');
  });

  it('makes who guesses the password in an open browser wait', async () => {
    for (let count = 0; count < 5; count += 1) {
      expectProblem(await me('totp', { password: 'not the password' }), 403, 'PASSWORD_WRONG');
    }
    expectProblem(await me('totp', { password: TEST_PASSWORD }), 429, 'RATE_LIMITED');
  });

  it('is for the pages of the product only', async () => {
    const response = await finish({ challenge: 'x', code: '123456' }, { origin: 'https://evil.test' });
    expectProblem(response, 403, 'ORIGIN_NOT_ALLOWED');
  });

  it('keeps no secret and no code as it is, neither in the database nor in the log', async () => {
    const { secret, recoveryCodes } = await setUp();
    await finish({ challenge: await challenge(), code: recoveryCodes[0] ?? '' });
    const rows = await api.database.query<{ text: string }>(
      `select row_to_json(t)::text as text from totp_secrets t where user_id = $1
       union all select row_to_json(r)::text from recovery_codes r where user_id = $1`,
      [ada.id],
    );
    expect(rows).toHaveLength(11);
    const bytes = Buffer.from(Secret.fromBase32(secret).bytes);
    const kept = `${JSON.stringify(rows)} ${api.logged.join('')}`;
    const secrets = [secret, bytes.toString('hex'), bytes.toString('base64'), ...recoveryCodes];
    expect(secrets.filter((one) => kept.includes(one))).toEqual([]);
    expect(api.logged.join('')).toContain('an authenticator app was set up');
  });
});
