import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { SignedIn } from '@hortus/contracts/auth-api';
import type { Problem } from '@hortus/contracts/errors';
import type { Passkey, PasskeySignIn } from '@hortus/contracts/passkey-api';
import { TEST_SECRET_KEY, startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import {
  createAuthenticator,
  type Deviation,
  type TestAuthenticator,
} from '../../../tools/test/fixtures/authenticator.ts';
import { TEST_PASSWORD, refreshCookieOf, type TestPerson } from '../../../tools/test/fixtures/people.ts';
import { deriveKeys } from '../auth/keys.ts';
import { createChallenges } from '../factors/challenge.ts';

const AT = { origin: 'https://hortus.test', rpId: 'hortus.test' };

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { id: string };
  readonly user: { id: string; name: string };
  readonly excludeCredentials: { id: string }[];
  readonly authenticatorSelection: Record<string, unknown>;
}

describe('passkeys', () => {
  let api: TestApi;
  let ada: TestPerson;
  let eve: TestPerson;
  beforeAll(async () => {
    api = await startTestApi({ HORTUS_PUBLIC_URL: AT.origin });
    ada = (await api.plant('Acme', ['owner'])).people.owner;
    eve = (await api.plant('Umbrella', ['owner'])).people.owner;
  });
  beforeEach(() => api.database.query('delete from passkeys'));
  afterAll(() => api.close());

  function expectProblem(response: LightMyRequestResponse, status: number, code: string): void {
    expect([response.statusCode, response.json<Problem>().code]).toEqual([status, code]);
  }
  const begin = async (person = ada) => {
    const payload = { password: TEST_PASSWORD };
    const response = await person.call({ method: 'POST', url: '/api/v1/me/passkeys/options', payload });
    return response.json<CreationOptions>();
  };
  const send = (credential: unknown, person = ada, name = 'My phone') =>
    person.call({ method: 'POST', url: '/api/v1/me/passkeys', payload: { name, credential } });
  const list = async (person = ada) =>
    (await person.call({ method: 'GET', url: '/api/v1/me/passkeys' })).json<{ items: Passkey[] }>().items;

  /** A registered passkey and its owner's handle. */
  async function register(person = ada): Promise<{ phone: TestAuthenticator; handle: string; passkey: Passkey }> {
    const phone = createAuthenticator(AT);
    const options = await begin(person);
    const response = await send(phone.create(options), person);
    expect(response.statusCode).toBe(201);
    return { phone, handle: options.user.id, passkey: response.json<Passkey>() };
  }
  const post = (url: string, payload?: object) =>
    api.app.inject({ method: 'POST', url, ...(payload === undefined ? {} : { payload }) });
  const ask = async () => (await post('/api/v1/auth/passkey/options')).json<{ challenge: string }>();
  const enter = (credential: PasskeySignIn['credential']) => post('/api/v1/auth/passkey', { credential });

  it('are made to be found without an address, and to ask for the person', async () => {
    const { phone } = await register();
    const options = await begin();
    expect(options.rp.id).toBe('hortus.test');
    expect(options.user.name).toBe(ada.email);
    expect(options.authenticatorSelection).toMatchObject({ residentKey: 'required', userVerification: 'required' });
    expect(options.excludeCredentials.map(({ id }) => id)).toEqual([phone.credentialId]);
    const asked = (await post('/api/v1/auth/passkey/options')).json<Record<string, unknown>>();
    expect(asked).toMatchObject({ rpId: 'hortus.test', userVerification: 'required' });
    expect(asked['allowCredentials']).toBeUndefined();
  });

  it('sign in by themselves, and count as both factors', async () => {
    const { phone, handle } = await register();
    await api.database.query(
      `insert into totp_secrets (user_id, sealed_secret, confirmed_at) values ($1, 'x', now())`,
      [ada.id],
    );
    const response = await enter(phone.get(await ask(), handle));
    await api.database.query('delete from totp_secrets');
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    const { user, accessToken } = response.json<SignedIn>();
    expect(user.id).toBe(ada.id);
    expect(refreshCookieOf(response)).not.toBe('');
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await api.app.inject({ url: '/api/v1/me', headers })).statusCode).toBe(200);
    expect((await list())[0]?.lastUsedAt).not.toBeNull();
    expect((await enter(phone.get(await ask(), handle))).statusCode).toBe(200);
  });

  it('are listed, renamed and deleted by their person, and by nobody else', async () => {
    const { passkey, phone, handle } = await register();
    expect(await list()).toEqual([passkey]);
    expect(passkey).toMatchObject({ name: 'My phone', isSynced: false, lastUsedAt: null });
    const url = `/api/v1/me/passkeys/${passkey.id}`;
    const rename = (person: TestPerson) => person.call({ method: 'PATCH', url, payload: { name: 'Old phone' } });
    expect(await list(eve)).toEqual([]);
    expectProblem(await rename(eve), 404, 'PASSKEY_NOT_FOUND');
    expectProblem(await eve.call({ method: 'DELETE', url }), 404, 'PASSKEY_NOT_FOUND');
    expect((await rename(ada)).json()).toEqual({ ...passkey, name: 'Old phone' });
    expect((await ada.call({ method: 'DELETE', url })).statusCode).toBe(204);
    expectProblem(await ada.call({ method: 'DELETE', url }), 404, 'PASSKEY_NOT_FOUND');
    expectProblem(await enter(phone.get(await ask(), handle)), 403, 'PASSKEY_REFUSED');
  });

  it('are begun with the password only', async () => {
    const payload = { password: 'not the password' };
    const url = '/api/v1/me/passkeys/options';
    expectProblem(await eve.call({ method: 'POST', url, payload }), 403, 'PASSWORD_WRONG');
  });

  it('are twenty at the most, and each is registered once', async () => {
    const { phone } = await register();
    expectProblem(await send(phone.create(await begin())), 409, 'PASSKEY_KNOWN');
    expectProblem(await send(phone.create(await begin(eve)), eve), 409, 'PASSKEY_KNOWN');
    await api.database.query(
      `insert into passkeys (user_id, credential_id, public_key, counter, transports, name, is_synced)
       select $1, 'c' || n, '', 0, '{}', 'P', false from generate_series(1, 19) n`,
      [ada.id],
    );
    const url = '/api/v1/me/passkeys/options';
    const response = await ada.call({ method: 'POST', url, payload: { password: TEST_PASSWORD } });
    expectProblem(response, 409, 'PASSKEY_LIMIT_REACHED');
  });

  it('are not registered by a challenge that was used, has expired, is foreign or is for something else', async () => {
    const options = await begin();
    expect((await send(createAuthenticator(AT).create(options))).statusCode).toBe(201);
    const old = createChallenges(deriveKeys(TEST_SECRET_KEY).challenge, () => Date.now() - 5 * 60 * 1000);
    const challenges = [
      options.challenge,
      old.issue('passkey registration', { userId: ada.id }).challenge,
      (await begin(eve)).challenge,
      (await ask()).challenge,
      'bm9uc2Vuc2U',
    ];
    for (const challenge of challenges) {
      expectProblem(await send(createAuthenticator(AT).create({ challenge })), 400, 'CHALLENGE_INVALID');
    }
    expect(await list()).toHaveLength(1);
  });

  it.each<[string, Deviation]>([
    ['another origin', { origin: 'https://evil.test' }],
    ['another port of the origin', { origin: 'https://hortus.test:8443' }],
    ['another relying party', { rpId: 'evil.test' }],
    ['something else than it was asked for', { type: 'webauthn.get' }],
    ['no check of the person', { flags: 0x41 }],
    ['nobody present', { flags: 0x40 }],
  ])('are not registered when the authenticator signs %s', async (_name, deviation) => {
    expectProblem(await send(createAuthenticator(AT).create(await begin(), deviation)), 403, 'PASSKEY_REFUSED');
    expect(await list()).toEqual([]);
  });

  it.each<[string, Deviation]>([
    ['another origin', { origin: 'https://evil.test' }],
    ['another relying party', { rpId: 'evil.test' }],
    ['something else than it was asked for', { type: 'webauthn.create' }],
    ['no check of the person', { flags: 0x01 }],
    ['nobody present', { flags: 0x00 }],
    ['a count that it had before, as a copy would', { counter: 1 }],
    ['a count that goes back to none', { counter: 0 }],
  ])('sign nobody in when the authenticator signs %s', async (_name, deviation) => {
    const { phone, handle } = await register();
    expectProblem(await enter(phone.get(await ask(), handle, deviation)), 403, 'PASSKEY_REFUSED');
    expect((await enter(phone.get(await ask(), handle))).statusCode).toBe(200);
  });

  it('sign nobody in by an answer that was tampered with', async () => {
    const { phone, handle } = await register();
    const { handle: other } = await register(eve);
    const good = phone.get(await ask(), handle);
    const flip = (text: string) => {
      const bytes = Buffer.from(text, 'base64url');
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      return bytes.toString('base64url');
    };
    const { response } = good;
    const tampered = [
      { ...response, signature: flip(response.signature) },
      { ...response, signature: '' },
      { ...response, authenticatorData: flip(response.authenticatorData) },
      { ...response, authenticatorData: '' },
      { ...response, userHandle: other },
      { ...response, userHandle: 'AAAA' },
    ];
    for (const one of tampered) expectProblem(await enter({ ...good, response: one }), 403, 'PASSKEY_REFUSED');
    const foreign = createAuthenticator(AT).get(await ask(), handle);
    expectProblem(await enter(foreign), 403, 'PASSKEY_REFUSED');
    expectProblem(await enter({ ...foreign, id: phone.credentialId }), 403, 'PASSKEY_REFUSED');
    const clientDataJSON = Buffer.from('not json').toString('base64url');
    expectProblem(await enter({ ...good, response: { ...response, clientDataJSON } }), 400, 'CHALLENGE_INVALID');
    expect((await enter(good)).statusCode).toBe(200);
  });

  it('sign in once by one challenge, be it asked for twice at once', async () => {
    const { phone, handle } = await register();
    const options = await ask();
    const answers = await Promise.all([1, 2, 3].map(() => enter(phone.get(options, handle))));
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    expect(statuses[0]).toBe(200);
    expect(statuses.slice(1).every((status) => status === 400 || status === 403)).toBe(true);
    expectProblem(await enter(phone.get(options, handle)), 400, 'CHALLENGE_INVALID');
    const old = createChallenges(deriveKeys(TEST_SECRET_KEY).challenge, () => Date.now() - 5 * 60 * 1000);
    const expired = old.issue('passkey sign-in', {});
    expectProblem(await enter(phone.get(expired, handle)), 400, 'CHALLENGE_INVALID');
    expectProblem(await enter(phone.get(await begin(), handle)), 400, 'CHALLENGE_INVALID');
  });

  it('are for the pages of the product only', async () => {
    const { phone, handle } = await register();
    const headers = { origin: 'https://evil.test' };
    const payload = { credential: phone.get(await ask(), handle) };
    const response = await api.app.inject({ method: 'POST', url: '/api/v1/auth/passkey', headers, payload });
    expectProblem(response, 403, 'ORIGIN_NOT_ALLOWED');
  });
});
