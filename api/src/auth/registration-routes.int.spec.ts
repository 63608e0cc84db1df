import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { SignedIn } from '@hortus/contracts/auth-api';
import type { Problem } from '@hortus/contracts/errors';
import { createMetricsRegistry } from '@hortus/service/admin-server';
import { createLogger } from '@hortus/service/logger';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { readWaitingMails, tokenIn, waitForMails, type TestMail } from '../../../tools/test/fixtures/mails.ts';
import { signIn, type TestPerson } from '../../../tools/test/fixtures/people.ts';
import { readTestEnvironment } from '../../../tools/test/fixtures/test-environment.ts';
import { countWork } from '../../../tools/test/fixtures/work.ts';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { startListener } from '../db/listener.ts';
import { startMailRelay } from '../mail/mail-relay.ts';
import { MAIL_CHANNEL } from '../mail/mail-repo.ts';
import { createMailTransport } from '../mail/mail-transport.ts';
import { createApiMetrics } from '../metrics.ts';
import { LINKS_PER_HOUR_FROM_BLOCK } from './link-policy.ts';
import { createLinkToken } from './one-time-link.ts';

const PASSWORD = 'correct sycamore stapler';
const WAIT_MS = 20_000;

describe('registering', () => {
  let api: TestApi;
  let ada: TestPerson;
  let place = 0;
  beforeAll(async () => {
    api = await startTestApi();
    ada = (await api.plant('Acme', ['owner'])).people.owner;
  });
  afterAll(() => api.close());

  /** Each from an address block of its own, unless it is given. */
  function post(path: string, payload: object, remoteAddress?: string): Promise<LightMyRequestResponse> {
    place += 1;
    const own = `10.${String(place >> 8)}.${String(place & 255)}.1`;
    return api.app.inject({
      method: 'POST',
      url: `/api/v1/auth/${path}`,
      payload,
      remoteAddress: remoteAddress ?? own,
    });
  }
  const account = (email: string, more: object = {}) => ({ email, password: PASSWORD, displayName: 'New', ...more });
  const register = (email: string, more: object = {}) => post('register', account(email, more));
  const verify = (token: string, password = PASSWORD) => post('verify-email', { token, password });
  const mailsTo = (email: string) => readWaitingMails(api.database, email);
  async function newestMail(email: string): Promise<TestMail> {
    const mail = (await mailsTo(email)).at(-1);
    if (mail === undefined) throw new Error(`no mail waits for ${email}`);
    return mail;
  }
  function expectProblem(response: LightMyRequestResponse, status: number, code: string): Problem {
    const problem = response.json<Problem>();
    expect([response.statusCode, problem.code]).toEqual([status, code]);
    return problem;
  }

  it('sends a link; who has followed it signs in, and owns the workspace that was named', async () => {
    const email = 'bob@new.test';
    expect((await register('Bob@New.test', { displayName: 'Bob', workspaceName: 'Bob & Co.' })).statusCode).toBe(202);
    expectProblem(await signIn(api.app, email, PASSWORD), 401, 'CREDENTIALS_WRONG');
    const token = tokenIn(await newestMail(email));
    expectProblem(await verify(token, 'another password'), 403, 'PASSWORD_WRONG');
    const verified = await verify(token);
    expect([verified.statusCode, verified.body, verified.cookies]).toEqual([204, '', []]);
    const signedIn = (await signIn(api.app, email, PASSWORD)).json<SignedIn>();
    expect(signedIn.user).toMatchObject({ email, displayName: 'Bob' });
    expect(signedIn.workspaces).toMatchObject([{ name: 'Bob & Co.', slug: 'bob-co', role: 'owner' }]);
    expectProblem(await verify(token), 410, 'LINK_INVALID');
  });

  it('keeps neither the link nor the password, and logs neither', async () => {
    const email = 'kept@new.test';
    await register(email);
    const token = tokenIn(await newestMail(email));
    const rows = await api.database.query('select * from email_links where email = $1', [email]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(token.slice(24));
    const said = [JSON.stringify(rows), api.logged.join('')].join('');
    expect([token, PASSWORD].filter((secret) => said.includes(secret))).toEqual([]);
  });

  it('answers the same, after as much work, for an address that has an account; that one gets a mail that says so', async () => {
    const unknown = await countWork(api, () => register('nobody@new.test'));
    const known = await countWork(api, () => register(ada.email.toUpperCase()));
    expect(known).toEqual(unknown);
    expect(unknown).toMatchObject({ status: 202, body: null, hashes: 1, compares: 0 });
    expect(unknown.queries).toBeGreaterThan(3);
    const mail = await newestMail(ada.email);
    expect(mail.subject).toBe('You have a Hortus account already');
    expect(mail.text).not.toContain('token');
    expect(await api.database.query('select id from users where email = $1', [ada.email])).toEqual([{ id: ada.id }]);
  });

  it('sends the link again, in place of the one before; asked for nobody, the answer and the work are the same', async () => {
    const email = 'again@new.test';
    await register(email);
    const first = tokenIn(await newestMail(email));
    const pending = await countWork(api, () => post('resend-verification', { email }));
    const nobody = await countWork(api, () => post('resend-verification', { email: 'no-one@new.test' }));
    const person = await countWork(api, () => post('resend-verification', { email: ada.email }));
    expect(pending).toMatchObject({ status: 202, body: null, hashes: 0, compares: 0 });
    expect(nobody).toEqual(pending);
    expect(person).toEqual(pending);
    expect(await mailsTo('no-one@new.test')).toEqual([]);
    const second = tokenIn(await newestMail(email));
    expect(second).not.toBe(first);
    expectProblem(await verify(first), 410, 'LINK_INVALID');
    expect((await verify(second)).statusCode).toBe(204);
  });

  it('by a stranger for an address that is not theirs makes no account that the stranger could use', async () => {
    const email = 'victim@new.test';
    await register(email, { password: 'the password of a stranger' });
    const theirs = tokenIn(await newestMail(email));
    await register(email);
    const own = tokenIn(await newestMail(email));
    // The person follows the wrong one of two links that look alike.
    expectProblem(await verify(theirs), 403, 'PASSWORD_WRONG');
    expect((await verify(own)).statusCode).toBe(204);
    expectProblem(await verify(theirs, 'the password of a stranger'), 410, 'LINK_INVALID');
    expect((await signIn(api.app, email, PASSWORD)).statusCode).toBe(200);
  });

  it('is confirmed once, though the link is followed twice at the same time', async () => {
    const email = 'twice@new.test';
    await register(email, { workspaceName: 'Twice' });
    const token = tokenIn(await newestMail(email));
    const answers = await Promise.all([verify(token), verify(token), verify(token)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 410, 410]);
    expect(await api.database.query(`select 1 from workspaces where name = 'Twice'`)).toHaveLength(1);
  });

  it('takes no link that is used, expired, foreign, cut off or of another kind', async () => {
    const email = 'late@new.test';
    await register(email);
    const token = tokenIn(await newestMail(email));
    await post('forgot-password', { email: ada.email });
    const reset = tokenIn(await newestMail(ada.email));
    for (const text of [createLinkToken().text, 'nonsense', token.slice(0, -1), `${token}A`, `${token} `, reset]) {
      expectProblem(await verify(text), 410, 'LINK_INVALID');
    }
    // The id of one link with the secret of another.
    expectProblem(await verify(reset.slice(0, 21) + token.slice(21)), 410, 'LINK_INVALID');
    await api.database.query(`update email_links set expires_at = now() where email = $1`, [email]);
    expectProblem(await verify(token), 410, 'LINK_INVALID');
  });

  it('sends few mails to an address on the word of one place, and still sends on the word of another', async () => {
    const email = 'bombed@new.test';
    for (let count = 0; count < LINKS_PER_HOUR_FROM_BLOCK + 2; count += 1) {
      expect((await post('resend-verification', { email }, '198.51.100.7')).statusCode).toBe(202);
      expect((await post('forgot-password', { email: ada.email }, '198.51.100.8')).statusCode).toBe(202);
    }
    const resets = (await mailsTo(ada.email)).filter(({ subject }) => subject.startsWith('Choose a new password'));
    await post('forgot-password', { email: ada.email }, '203.0.113.9');
    const after = (await mailsTo(ada.email)).filter(({ subject }) => subject.startsWith('Choose a new password'));
    expect(after).toHaveLength(resets.length + 1);
    const [row] = await api.database.query<{ count: string }>(
      `select count(*) as count from email_links where email = $1`,
      [email],
    );
    expect(Number(row?.count)).toBe(LINKS_PER_HOUR_FROM_BLOCK);
  });

  it('is limited per place', async () => {
    const answers: number[] = [];
    for (let count = 0; count < 21; count += 1) {
      answers.push((await post('confirm-email', { token: 'x' }, '198.51.100.200')).statusCode);
    }
    expect(answers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 410));
    expectProblem(await post('confirm-email', { token: 'x' }, '198.51.100.201'), 429, 'RATE_LIMITED');
  });

  it.each<[string, object, string]>([
    ['an address without a domain', account('bob'), 'REQUEST_INVALID'],
    ['an address without a dot in its domain', account('bob@localhost'), 'REQUEST_INVALID'],
    ['an address of 320 characters', account(`${'a'.repeat(300)}@long.example.test`), 'REQUEST_INVALID'],
    ['a line break in the address', account('bob@new.test\r\nBcc: all@new.test'), 'REQUEST_INVALID'],
    ['two addresses', account('bob@new.test,eve@new.test'), 'REQUEST_INVALID'],
    ['a name and an address', account('Bob <bob@new.test>'), 'REQUEST_INVALID'],
    ['a blank in the address', account('bob smith@new.test'), 'REQUEST_INVALID'],
    ['NUL in the address', account('bob\u0000@new.test'), 'REQUEST_INVALID'],
    ['NUL in the password', account('bob@new.test', { password: `${PASSWORD}\u0000` }), 'REQUEST_INVALID'],
    ['a password of 7 characters', account('bob@new.test', { password: '7 chars' }), 'REQUEST_INVALID'],
    ['a password of 129 characters', account('bob@new.test', { password: 'ab '.repeat(43) }), 'REQUEST_INVALID'],
    ['a common password', account('bob@new.test', { password: 'password123' }), 'PASSWORD_TOO_COMMON'],
    ['a password that is the address', account('bob@new.test', { password: 'bob@new.test' }), 'PASSWORD_TOO_COMMON'],
    ['a line break in the name', account('bob@new.test', { displayName: 'Bob\r\nBcc: x' }), 'REQUEST_INVALID'],
    ['a name of blanks', account('bob@new.test', { displayName: ' \u3000 ' }), 'REQUEST_INVALID'],
    ['a name of 101 characters', account('bob@new.test', { displayName: 'B'.repeat(101) }), 'REQUEST_INVALID'],
    ['half of a surrogate pair', account('bob@new.test', { displayName: 'B\ud800' }), 'REQUEST_INVALID'],
    ['an unknown field', account('bob@new.test', { isInstanceAdmin: true }), 'REQUEST_INVALID'],
    ['nothing', {}, 'REQUEST_INVALID'],
  ])('is refused with %s', async (_name, payload, code) => {
    expectProblem(await post('register', payload), 400, code);
  });

  it('takes long whatever is sent as an address or a name no longer than to read it', async () => {
    const long = 'a'.repeat(400_000);
    for (const payload of [
      account(`${long}@`),
      account(`a@${'.'.repeat(400_000)}`),
      account('bob@new.test', { displayName: `${long}\n` }),
    ]) {
      // prettier-ignore
      expectProblem(await post('register', payload), 400, 'REQUEST_INVALID');
    }
  });

  it.each([
    ['a plus tag', 'bob+hortus@new.test'],
    ['letters of any script', 'björn@bücher.test'],
    ['a name in quotes no, but signs', "o'hara_{x}|y@new.test"],
    ['254 characters', `${'b'.repeat(200)}@${'c'.repeat(49)}.org`],
  ])('takes an address with %s', async (_name, email) => {
    expect((await register(email)).statusCode).toBe(202);
    expect((await verify(tokenIn(await newestMail(email)))).statusCode).toBe(204);
    expect((await signIn(api.app, email.toUpperCase(), PASSWORD)).statusCode).toBe(200);
  });

  it('answers as ever while the mail server is away; the mail waits, arrives then, and its link works', async () => {
    const email = 'patient@registering.test';
    const logger = createLogger({ service: 'api', level: 'silent' });
    const { databaseUrl } = api.config;
    const listener = startListener({ databaseUrl, channels: [MAIL_CHANNEL], logger });
    const startRelay = (smtpUrl: string) =>
      startMailRelay({
        knex: api.knex,
        transport: createMailTransport({ smtpUrl, from: 'noreply@hortus.test' }),
        listener,
        logger,
        metrics: createApiMetrics(createMetricsRegistry()),
      });
    const away = startRelay('smtp://127.0.0.1:1');
    expect((await register(email)).statusCode).toBe(202);
    const hasTried = async () =>
      (await api.database.query('select 1 from mails where recipient = $1 and attempts > 0', [email])).length > 0;
    expect(await waitUntil(hasTried, WAIT_MS)).toBe(true);
    await away.close();
    await api.database.query('update mails set available_at = now()');
    const relay = startRelay(readTestEnvironment().smtpUrl);
    try {
      const [mail] = await waitForMails(email);
      if (mail === undefined) throw new Error('no mail');
      expect((await verify(tokenIn(mail))).statusCode).toBe(204);
      expect(await waitUntil(async () => (await mailsTo(email)).length === 0, WAIT_MS)).toBe(true);
    } finally {
      await relay.close();
      await listener.close();
    }
  });
});

describe.each([
  ['open', {}, 202, undefined],
  ['invited', { HORTUS_REGISTRATION: 'invited' }, 403, 'REGISTRATION_CLOSED'],
  ['closed', { HORTUS_REGISTRATION: 'closed' }, 403, 'REGISTRATION_CLOSED'],
  ['open', { HORTUS_SMTP_URL: '' }, 503, 'MAIL_NOT_SET_UP'],
] as const)('registration that is %s, with %j', (registration, variables, status, code) => {
  it('says so, and is so for everybody', async () => {
    const api = await startTestApi(variables);
    try {
      const ada = (await api.plant('Acme', ['owner'])).people.owner;
      const said = await api.app.inject({ url: '/api/v1/auth/registration' });
      expect(said.json()).toEqual({ registration });
      const post = (path: string, payload: object) =>
        api.app.inject({ method: 'POST', url: `/api/v1/auth/${path}`, payload });
      for (const email of [ada.email, 'nobody@new.test']) {
        const registered = await post('register', { email, password: PASSWORD, displayName: 'New' });
        const resent = await post('resend-verification', { email });
        for (const answer of [registered, resent]) {
          expect(answer.statusCode).toBe(status);
          if (code !== undefined) expect(answer.json<Problem>().code).toBe(code);
        }
        // Whoever has an account gets back into it, whoever may register; but not without mail.
        const forgot = await post('forgot-password', { email });
        expect(forgot.statusCode).toBe(status === 503 ? 503 : 202);
      }
    } finally {
      await api.close();
    }
  });
});
