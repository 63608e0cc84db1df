import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { REFRESH_COOKIE, type SignedIn } from '@hortus/contracts/auth-api';
import type { Problem } from '@hortus/contracts/errors';
import { OPEN_ID_CALLBACK_PATH, type Identity, type SignInMethods } from '@hortus/contracts/open-id-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import {
  TEST_CLIENT,
  startForgingProvider,
  startOpenIdProvider,
  type Forgery,
  type ForgingProvider,
  type TestClaims,
  type TestProvider,
} from '../../../tools/test/fixtures/open-id-provider.ts';
import { TEST_PASSWORD, refreshCookieOf, signIn, type TestPerson } from '../../../tools/test/fixtures/people.ts';

const PUBLIC_URL = 'https://hortus.test';
const KEPT = 'hortus_openid';

function openIdVariables(issuer: string): Record<string, string> {
  return {
    HORTUS_PUBLIC_URL: PUBLIC_URL,
    HORTUS_OIDC_ISSUER: issuer,
    HORTUS_OIDC_CLIENT_ID: TEST_CLIENT.id,
    HORTUS_OIDC_CLIENT_SECRET: TEST_CLIENT.secret,
    HORTUS_OIDC_NAME: 'Acme ID',
  };
}

function expectProblem(response: LightMyRequestResponse, status: number, code: string): void {
  expect([response.statusCode, response.json<Problem>().code]).toEqual([status, code]);
}

/** Where a browser is sent on to when signing in at the provider did not work. */
function expectRefused(response: LightMyRequestResponse, code: string): void {
  expect([response.statusCode, response.headers.location]).toEqual([303, `/sign-in?problem=${code}`]);
  expect(response.cookies.filter(({ name }) => name === REFRESH_COOKIE)).toEqual([]);
}

interface Begun {
  readonly url: string;
  readonly kept: string;
}

async function begin(api: TestApi, query = ''): Promise<Begun> {
  const response = await api.app.inject({ url: `/api/v1/auth/openid/start${query}` });
  expect(response.statusCode).toBe(303);
  return { url: String(response.headers.location), kept: response.cookies[0]?.value ?? '' };
}

function comeBack(api: TestApi, url: URL | string, kept: string | undefined): Promise<LightMyRequestResponse> {
  const { pathname, search } = new URL(url);
  const cookies = kept === undefined ? {} : { cookies: { [KEPT]: kept } };
  return api.app.inject({ url: `${pathname}${search}`, ...cookies });
}

describe('signing in at a provider', () => {
  let api: TestApi;
  let provider: TestProvider;
  let ada: TestPerson;
  let eve: TestPerson;
  beforeAll(async () => {
    provider = await startOpenIdProvider(`${PUBLIC_URL}${OPEN_ID_CALLBACK_PATH}`);
    api = await startTestApi(openIdVariables(provider.issuer));
    ada = (await api.plant('Acme', ['owner'])).people.owner;
    eve = (await api.plant('Umbrella', ['owner'])).people.owner;
  });
  beforeEach(() => api.database.query('delete from openid_identities'));
  afterAll(async () => {
    await api.close();
    await provider.close();
  });

  const verified = (email: string): TestClaims => ({ email, email_verified: true });
  async function enter(subject: string, claims: TestClaims, query = ''): Promise<LightMyRequestResponse> {
    const { url, kept } = await begin(api, query);
    return comeBack(api, await provider.visit(url, { subject, claims }), kept);
  }
  async function whoIs(response: LightMyRequestResponse): Promise<SignedIn['user']> {
    expect([response.statusCode, response.headers.location]).toEqual([303, expect.stringMatching(/#signed-in$/)]);
    const cookies = { [REFRESH_COOKIE]: refreshCookieOf(response) };
    return (await api.app.inject({ method: 'POST', url: '/api/v1/auth/refresh', cookies })).json<SignedIn>().user;
  }
  const identities = async (person: TestPerson) =>
    (await person.call({ method: 'GET', url: '/api/v1/me/identities' })).json<{ items: Identity[] }>().items;

  it('is offered by its name', async () => {
    const methods = (await api.app.inject({ url: '/api/v1/auth/methods' })).json<SignInMethods>();
    expect(methods).toEqual({ provider: { name: 'Acme ID', url: '/api/v1/auth/openid/start' } });
  });

  it('sends the browser there with state, nonce and PKCE, tied to it by a cookie that comes back from another site', async () => {
    const response = await api.app.inject({ url: '/api/v1/auth/openid/start' });
    const url = new URL(String(response.headers.location));
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: TEST_CLIENT.id,
      response_type: 'code',
      redirect_uri: `${PUBLIC_URL}${OPEN_ID_CALLBACK_PATH}`,
      scope: 'openid email profile',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    const [cookie] = [response.headers['set-cookie']].flat();
    expect(cookie?.replace(/=[^;]*/, '').split('; ')).toEqual(
      expect.arrayContaining([KEPT, 'Path=/api/v1/auth/openid', 'HttpOnly', 'Secure', 'SameSite=Lax']),
    );
    // What is kept is sealed: not even the browser learns the verifier.
    expect(Buffer.from(response.cookies[0]?.value ?? '', 'base64url').toString()).not.toContain('codeVerifier');
  });

  it('links a verified address to its person once, and knows them by their identity from then on', async () => {
    expect((await whoIs(await enter('ada', verified(ada.email.toUpperCase())))).id).toBe(ada.id);
    expect(await identities(ada)).toEqual([
      { id: expect.stringMatching(/^[0-9a-f]{64}$/), issuer: provider.issuer, createdAt: expect.any(String), lastUsedAt: expect.any(String) }, // prettier-ignore
    ]);
    expect((await whoIs(await enter('ada', { email: 'moved@acme.test', email_verified: false }))).id).toBe(ada.id);
    // Whoever gets the address later at the provider is somebody else.
    expect((await whoIs(await enter('ada', verified(eve.email)))).id).toBe(ada.id);
    expect(await identities(eve)).toEqual([]);
  });

  it('leads back to the page that was asked for, of the product only', async () => {
    const response = await enter('ada', verified(ada.email), '?returnTo=/w/acme/artifacts%3Ftag%3Dx');
    const query = new URLSearchParams({ return: '/w/acme/artifacts?tag=x' });
    expect(response.headers.location).toBe(`/sign-in?${query.toString()}#signed-in`);
    for (const elsewhere of ['https://evil.test', '//evil.test', '/\\evil.test', 'w', '/a%0Ab', '']) {
      const refused = await api.app.inject({ url: `/api/v1/auth/openid/start?returnTo=${elsewhere}` });
      expectProblem(refused, 400, 'REQUEST_INVALID');
    }
  });

  it.each<[string, TestClaims]>([
    ['is not verified', { email_verified: false }],
    ['is said to be verified by a text', { email_verified: 'true' }],
    ['is said nothing of', {}],
  ])('leads to nobody by an address that %s', async (_name, claims) => {
    expectRefused(await enter('mallory', { email: ada.email, ...claims }), 'PROVIDER_ADDRESS_UNVERIFIED');
    expect(await identities(ada)).toEqual([]);
  });

  it('leads to nobody without an address, or with what is none', async () => {
    for (const email of [undefined, 'nobody', 'a b@x.test', `${'x'.repeat(300)}@x.test`]) {
      expectRefused(await enter('mallory', { email, email_verified: true }), 'PROVIDER_ADDRESS_UNVERIFIED');
    }
  });

  it('makes an account for who is new, which has no password', async () => {
    const response = await enter('grace', { ...verified('grace@acme.test'), name: 'Grace\u0000 Hopper' });
    const user = await whoIs(response);
    expect(user).toMatchObject({ email: 'grace@acme.test', displayName: 'Grace Hopper' });
    for (const password of ['', ' ', '!', TEST_PASSWORD]) {
      expect((await signIn(api.app, 'grace@acme.test', password)).statusCode).toBeGreaterThanOrEqual(400);
    }
    expect((await whoIs(await enter('grace', verified('grace@acme.test')))).id).toBe(user.id);
  });

  it('asks for the second factor of who has one', async () => {
    await api.database.query(
      `insert into totp_secrets (user_id, sealed_secret, confirmed_at) values ($1, 'x', now())`,
      [eve.id],
    );
    const response = await enter('eve', verified(eve.email), '?returnTo=/w/umbrella');
    await api.database.query('delete from totp_secrets');
    const [page, fragment] = String(response.headers.location).split('#');
    expect([response.statusCode, page]).toEqual([303, '/sign-in?return=%2Fw%2Fumbrella']);
    expect(response.cookies.filter(({ name }) => name === REFRESH_COOKIE)).toEqual([]);
    const challenge = fragment?.replace('challenge=', '') ?? '';
    const payload = { challenge, code: '000000' };
    expectProblem(await api.app.inject({ method: 'POST', url: '/api/v1/auth/login/code', payload }), 403, 'CODE_WRONG');
  });

  it('is refused when the person says no there', async () => {
    const { url, kept } = await begin(api);
    expectRefused(await comeBack(api, await provider.visitAndRefuse(url), kept), 'PROVIDER_REFUSED');
  });

  it('takes an answer once, from the browser that asked and to what it asked', async () => {
    const person = { subject: 'ada', claims: verified(ada.email) };
    const [one, two] = [await begin(api), await begin(api)];
    const answer = await provider.visit(one.url, person);
    expectRefused(await comeBack(api, answer, undefined), 'CHALLENGE_INVALID');
    expectRefused(await comeBack(api, answer, 'nonsense'), 'CHALLENGE_INVALID');
    expectRefused(await comeBack(api, answer, two.kept), 'PROVIDER_ANSWER_INVALID');
    const changed = (name: string, value: string | null) => {
      const url = new URL(answer);
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
      return comeBack(api, url, one.kept);
    };
    expectRefused(await changed('state', 'another'), 'PROVIDER_ANSWER_INVALID');
    expectRefused(await changed('state', null), 'PROVIDER_ANSWER_INVALID');
    expectRefused(await changed('iss', 'https://evil.test'), 'PROVIDER_ANSWER_INVALID');
    expectRefused(await changed('iss', null), 'PROVIDER_ANSWER_INVALID');
    expectRefused(await changed('code', 'another'), 'PROVIDER_ANSWER_INVALID');
    expectRefused(await changed('code', null), 'PROVIDER_ANSWER_INVALID');
    expect((await whoIs(await comeBack(api, answer, one.kept))).id).toBe(ada.id);
    expectRefused(await comeBack(api, answer, one.kept), 'PROVIDER_ANSWER_INVALID');
    // An error that nobody asked for says nothing of the person.
    const unasked = `${PUBLIC_URL}${OPEN_ID_CALLBACK_PATH}?error=access_denied&state=x`;
    expectRefused(await comeBack(api, unasked, two.kept), 'PROVIDER_ANSWER_INVALID');
  });

  describe('for somebody who is signed in', () => {
    const link = (person: TestPerson, password = TEST_PASSWORD) =>
      person.call({ method: 'POST', url: '/api/v1/me/identities', payload: { password, returnTo: '/account' } });
    async function finish(begun: LightMyRequestResponse, subject: string, claims: TestClaims) {
      const url = await provider.visit(begun.json<{ url: string }>().url, { subject, claims });
      return comeBack(api, url, begun.cookies[0]?.value);
    }

    it('links the identity, whatever its address, by the password only', async () => {
      expectProblem(await link(ada, 'not the password'), 403, 'PASSWORD_WRONG');
      const linked = await finish(await link(ada), 'ada at work', { email: 'work@x.test' });
      expect([linked.statusCode, linked.headers.location, linked.cookies.length]).toEqual([303, '/account', 1]);
      expect((await whoIs(await enter('ada at work', {}))).id).toBe(ada.id);
    });

    it('links no identity of somebody else, and none once the session has ended', async () => {
      await enter('eve', verified(eve.email));
      expectRefused(await finish(await link(ada), 'eve', verified(eve.email)), 'IDENTITY_TAKEN');
      const begun = await link(ada);
      await api.database.query('update sessions set ended_at = now() where user_id = $1', [ada.id]);
      expectRefused(await finish(begun, 'ada at work', {}), 'SESSION_ENDED');
      await api.database.query('update sessions set ended_at = null where user_id = $1', [ada.id]);
      expect(await identities(ada)).toEqual([]);
    });

    it('unlinks their own and no other', async () => {
      await enter('eve', verified(eve.email));
      const [identity] = await identities(eve);
      const unlink = (person: TestPerson) =>
        person.call({ method: 'DELETE', url: `/api/v1/me/identities/${identity?.id ?? ''}` });
      expectProblem(await unlink(ada), 404, 'IDENTITY_NOT_FOUND');
      expect((await unlink(eve)).statusCode).toBe(204);
      expectProblem(await unlink(eve), 404, 'IDENTITY_NOT_FOUND');
      expect(await identities(eve)).toEqual([]);
    });
  });
});

describe('a provider whose answers are forged', () => {
  let api: TestApi;
  let provider: ForgingProvider;
  let ada: TestPerson;
  beforeAll(async () => {
    provider = await startForgingProvider();
    api = await startTestApi(openIdVariables(provider.issuer));
    ada = (await api.plant('Acme', ['owner'])).people.owner;
  });
  afterAll(async () => {
    await api.close();
    await provider.close();
  });

  async function enter(forgery: Forgery): Promise<LightMyRequestResponse> {
    const { url, kept } = await begin(api);
    provider.forge(url, { subject: 'ada', claims: { email: ada.email, email_verified: true } }, forgery);
    const query = new URLSearchParams({ code: 'any', state: new URL(url).searchParams.get('state') ?? '' });
    return comeBack(api, `${PUBLIC_URL}${OPEN_ID_CALLBACK_PATH}?${query.toString()}`, kept);
  }

  it('signs in while nothing is wrong', async () => {
    expect((await enter({})).headers.location).toMatch(/#signed-in$/);
  });

  it.each<[string, Forgery]>([
    ['has another nonce', { claims: { nonce: 'another' } }],
    ['has no nonce', { claims: { nonce: undefined } }],
    ['is of another issuer', { claims: { iss: 'https://evil.test' } }],
    ['is for another client', { claims: { aud: 'another' } }],
    ['is for several clients and not made for this one', { claims: { aud: [TEST_CLIENT.id, 'b'], azp: 'b' } }],
    ['has expired', { claims: { exp: 1 } }],
    ['names nobody', { claims: { sub: undefined } }],
    ['is not signed (alg none)', { header: { alg: 'none' }, signedBy: 'none' }],
    ['is not signed', { signedBy: 'none' }],
    ['is signed by a key that is not published', { signedBy: 'other' }],
    ['says that it is signed by another algorithm', { header: { alg: 'PS256' } }],
    ['says that it is signed by the secret of the client', { header: { alg: 'HS256' } }],
  ])('signs nobody in by an ID token that %s', async (_name, forgery) => {
    expectRefused(await enter(forgery), 'PROVIDER_ANSWER_INVALID');
  });
});

describe('a provider that is away or not set up', () => {
  it('is answered as a problem, and signing in goes on without it', async () => {
    const api = await startTestApi(openIdVariables('http://127.0.0.1:9'));
    try {
      expectProblem(await api.app.inject({ url: '/api/v1/auth/openid/start' }), 503, 'PROVIDER_AWAY');
      const { people } = await api.plant('Acme', ['owner']);
      expect(people.owner.accessToken).not.toBe('');
    } finally {
      await api.close();
    }
  });

  it('is nothing that the api knows', async () => {
    const api = await startTestApi();
    try {
      expect((await api.app.inject({ url: '/api/v1/auth/methods' })).json()).toEqual({ provider: null });
      expectProblem(await api.app.inject({ url: '/api/v1/auth/openid/start' }), 404, 'NOT_FOUND');
      expectRefused(await comeBack(api, `${PUBLIC_URL}${OPEN_ID_CALLBACK_PATH}?code=x&state=y`, 'z'), 'NOT_FOUND');
    } finally {
      await api.close();
    }
  });
});
