import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { REFRESH_COOKIE } from '@hortus/contracts/auth-api';
import type { Problem } from '@hortus/contracts/errors';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { readWaitingMails, tokenIn } from '../../../tools/test/fixtures/mails.ts';
import { TEST_PASSWORD, refreshCookieOf, signIn, type TestPerson } from '../../../tools/test/fixtures/people.ts';
import { countWork } from '../../../tools/test/fixtures/work.ts';

const NEW_PASSWORD = 'correct sycamore stapler';

describe('a forgotten password', () => {
  let api: TestApi;
  let place = 0;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  const post = (path: string, payload: object) => {
    place += 1;
    const remoteAddress = `10.9.${String(place)}.1`;
    return api.app.inject({ method: 'POST', url: `/api/v1/auth/${path}`, payload, remoteAddress });
  };
  const plant = async (name: string): Promise<TestPerson> => (await api.plant(name, ['owner'])).people.owner;
  const reset = (token: string, newPassword = NEW_PASSWORD) => post('reset-password', { token, newPassword });
  const subjects = async ({ email }: TestPerson) =>
    (await readWaitingMails(api.database, email)).map(({ subject }) => subject);
  async function askForLink({ email }: TestPerson): Promise<string> {
    expect((await post('forgot-password', { email })).statusCode).toBe(202);
    const mails = await readWaitingMails(api.database, email);
    return tokenIn(mails.filter(({ text }) => text.includes('reset-password')).at(-1) ?? { subject: '', text: '', html: '' }); // prettier-ignore
  }
  function expectProblem(response: LightMyRequestResponse, status: number, code: string): void {
    expect([response.statusCode, response.json<Problem>().code]).toEqual([status, code]);
  }

  it('is replaced by a link, once; every session ends at once and nobody is signed in by it', async () => {
    const ada = await plant('Ada');
    const token = await askForLink(ada);
    const answer = await reset(token);
    expect([answer.statusCode, answer.body, answer.cookies]).toEqual([204, '', []]);
    expectProblem(await ada.call({ method: 'GET', url: '/api/v1/artifacts' }), 401, 'SESSION_ENDED');
    const cookies = { [REFRESH_COOKIE]: ada.refreshCookie };
    expectProblem(await api.app.inject({ method: 'POST', url: '/api/v1/auth/refresh', cookies }), 401, 'SESSION_ENDED');
    expectProblem(await signIn(api.app, ada.email, TEST_PASSWORD), 401, 'CREDENTIALS_WRONG');
    expect(refreshCookieOf(await signIn(api.app, ada.email, NEW_PASSWORD))).not.toBe('');
    expectProblem(await reset(token, 'yet another sycamore'), 410, 'LINK_INVALID');
    expect(await subjects(ada)).toEqual(['Choose a new password for Hortus', 'Your Hortus password was changed']);
  });

  it('has the same answer, after as much work, whether or not the address has an account', async () => {
    const { email } = await plant('Known');
    const known = await countWork(api, () => post('forgot-password', { email: email.toUpperCase() }));
    const unknown = await countWork(api, () => post('forgot-password', { email: 'nobody@nowhere.test' }));
    expect(unknown).toEqual(known);
    expect(known).toMatchObject({ status: 202, body: null, hashes: 0, compares: 0 });
    expect(known.queries).toBeGreaterThan(3);
    expect(await readWaitingMails(api.database, 'nobody@nowhere.test')).toEqual([]);
  });

  it('is not changed by asking: the old one holds, and every link that was sent works until one is used', async () => {
    const ada = await plant('Patient');
    const links = [await askForLink(ada), await askForLink(ada), await askForLink(ada)];
    expect(new Set(links).size).toBe(3);
    expect((await signIn(api.app, ada.email, TEST_PASSWORD)).statusCode).toBe(200);
    expect((await reset(links[0] ?? '')).statusCode).toBe(204);
    expectProblem(await reset(links[1] ?? '', 'yet another sycamore'), 410, 'LINK_INVALID');
    expectProblem(await reset(links[2] ?? '', 'yet another sycamore'), 410, 'LINK_INVALID');
  });

  it('is replaced once, though the link is followed several times at the same time', async () => {
    const ada = await plant('Twice');
    const token = await askForLink(ada);
    const answers = await Promise.all([0, 1, 2].map((index) => reset(token, `sycamore stapler ${String(index)}`)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 410, 410]);
  });

  it('is not replaced by one that is easy to guess, too short or too long; the link is still good then', async () => {
    const ada = await plant('Careless');
    const token = await askForLink(ada);
    expectProblem(await reset(token, 'password123'), 400, 'PASSWORD_TOO_COMMON');
    expectProblem(await reset(token, ada.email), 400, 'PASSWORD_TOO_COMMON');
    expectProblem(await reset(token, 'short'), 400, 'REQUEST_INVALID');
    expectProblem(await reset(token, 'ab '.repeat(43)), 400, 'REQUEST_INVALID');
    expectProblem(await reset(token, `${NEW_PASSWORD}\u0000`), 400, 'REQUEST_INVALID');
    expect((await reset(token)).statusCode).toBe(204);
  });

  it('is not replaced by a link that has expired, is another person’s with a changed id, or is of another kind', async () => {
    const [ada, bob] = [await plant('Late'), await plant('Foreign')];
    const [own, foreign] = [await askForLink(ada), await askForLink(bob)];
    expectProblem(await reset(own.slice(0, 21) + foreign.slice(21)), 410, 'LINK_INVALID');
    expectProblem(await post('confirm-email', { token: own }), 410, 'LINK_INVALID');
    expectProblem(await post('verify-email', { token: own, password: NEW_PASSWORD }), 410, 'LINK_INVALID');
    const [link] = await api.database.query<{ minutes: number }>(
      `select extract(epoch from expires_at - created_at)::int / 60 as minutes from email_links where email = $1`,
      [ada.email],
    );
    expect(link?.minutes).toBe(30);
    await api.database.query(`update email_links set expires_at = now() where email = $1`, [ada.email]);
    expectProblem(await reset(own), 410, 'LINK_INVALID');
    expect((await signIn(api.app, ada.email, TEST_PASSWORD)).statusCode).toBe(200);
  });

  it('leaves no link in the log', async () => {
    const token = await askForLink(await plant('Logged'));
    await reset(token);
    expect(api.logged.join('')).toContain('LINK_INVALID');
    expect(api.logged.join('')).not.toContain(token);
    expect(api.logged.join('')).not.toContain(NEW_PASSWORD);
  });
});
