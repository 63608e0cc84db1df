import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { REFRESH_COOKIE, type Me } from '@hortus/contracts/auth-api';
import type { Problem } from '@hortus/contracts/errors';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { readWaitingMails, tokenIn } from '../../../tools/test/fixtures/mails.ts';
import { TEST_PASSWORD, refreshCookieOf, signIn, type TestPerson } from '../../../tools/test/fixtures/people.ts';
import { countWork } from '../../../tools/test/fixtures/work.ts';
import { PAIR_RULE } from './guess-policy.ts';
import { createPasswordHasher } from './password.ts';

const NEW_PASSWORD = 'correct sycamore stapler';

describe('an account', () => {
  let api: TestApi;
  beforeAll(async () => {
    // The clock of guesses stands still: how long a check of a password takes is the machine's affair.
    api = await startTestApi({}, { guessClock: () => 0 });
  });
  afterAll(() => api.close());

  const plant = async (name: string): Promise<TestPerson> => (await api.plant(name, ['owner'])).people.owner;
  const newestMail = async (email: string) =>
    (await readWaitingMails(api.database, email)).at(-1) ?? { subject: '', text: '', html: '' };
  const confirm = (token: string) =>
    api.app.inject({ method: 'POST', url: '/api/v1/auth/confirm-email', payload: { token } });
  const getMe = async (person: TestPerson) => (await person.call({ method: 'GET', url: '/api/v1/me' })).json<Me>();
  function expectProblem(response: LightMyRequestResponse, status: number, code: string): Problem {
    const problem = response.json<Problem>();
    expect([response.statusCode, problem.code]).toEqual([status, code]);
    return problem;
  }

  describe('its name', () => {
    let named: TestPerson;
    beforeAll(async () => {
      named = await plant('Names');
    });

    it('is changed by its person, and seen from then on; a change of nothing changes nothing', async () => {
      const ada = named;
      const patch = (payload: object) => ada.call({ method: 'PATCH', url: '/api/v1/me', payload });
      const changed = await patch({ displayName: 'Ada „A“ Lovelace 🌿' });
      const person = { id: ada.id, email: ada.email, displayName: 'Ada „A“ Lovelace 🌿' };
      expect([changed.statusCode, changed.json()]).toEqual([200, person]);
      expect((await patch({})).json()).toEqual(person);
      expect((await getMe(ada)).user).toEqual(person);
    });

    it.each([
      ['is empty', { displayName: '' }],
      ['is blank', { displayName: '\u2003 ' }],
      ['has a line break', { displayName: 'Ada\r\nLovelace' }],
      ['has NUL', { displayName: 'Ada\u0000' }],
      ['has 101 characters', { displayName: 'A'.repeat(101) }],
      ['is null', { displayName: null }],
      ['comes with something else', { displayName: 'Ada', email: 'eve@acme.test' }],
    ])('is refused when it %s', async (_name, payload) => {
      expectProblem(await named.call({ method: 'PATCH', url: '/api/v1/me', payload }), 400, 'REQUEST_INVALID');
    });
  });

  describe('its password', () => {
    const change = (person: TestPerson, currentPassword: string, newPassword: string) =>
      person.call({ method: 'POST', url: '/api/v1/me/password', payload: { currentPassword, newPassword } });

    it('is changed by who knows it; all other sessions end at once, and links that could change it', async () => {
      const ada = await plant('Changes');
      const other = refreshCookieOf(await signIn(api.app, ada.email, TEST_PASSWORD));
      await api.app.inject({ method: 'POST', url: '/api/v1/auth/forgot-password', payload: { email: ada.email } });
      const token = tokenIn(await newestMail(ada.email));
      expect((await change(ada, TEST_PASSWORD, NEW_PASSWORD)).statusCode).toBe(204);
      const cookies = { [REFRESH_COOKIE]: other };
      const refreshed = await api.app.inject({ method: 'POST', url: '/api/v1/auth/refresh', cookies });
      expectProblem(refreshed, 401, 'SESSION_ENDED');
      expect((await getMe(ada)).user.id).toBe(ada.id);
      expectProblem(await signIn(api.app, ada.email, TEST_PASSWORD), 401, 'CREDENTIALS_WRONG');
      expect((await signIn(api.app, ada.email, NEW_PASSWORD)).statusCode).toBe(200);
      const payload = { token, newPassword: 'yet another sycamore' };
      const reset = await api.app.inject({ method: 'POST', url: '/api/v1/auth/reset-password', payload });
      expectProblem(reset, 410, 'LINK_INVALID');
      expect((await newestMail(ada.email)).subject).toBe('Your Hortus password was changed');
    });

    it('stays when the present one is wrong, or the new one is easy to guess or out of bounds', async () => {
      const ada = await plant('Stays');
      expectProblem(await change(ada, 'not the password', NEW_PASSWORD), 403, 'PASSWORD_WRONG');
      expectProblem(await change(ada, TEST_PASSWORD, 'password123'), 400, 'PASSWORD_TOO_COMMON');
      expectProblem(await change(ada, TEST_PASSWORD, 'ab '.repeat(43)), 400, 'REQUEST_INVALID');
      expectProblem(await change(ada, TEST_PASSWORD, '7 chars'), 400, 'REQUEST_INVALID');
      expectProblem(await change(ada, TEST_PASSWORD, `${NEW_PASSWORD}\u0000`), 400, 'REQUEST_INVALID');
      expect((await signIn(api.app, ada.email, TEST_PASSWORD)).statusCode).toBe(200);
    });

    it('is changed once by two who change it at the same time', async () => {
      const ada = await plant('Races');
      const answers = await Promise.all([0, 1].map((index) => change(ada, TEST_PASSWORD, `sycamore stapler ${String(index)}`))); // prettier-ignore
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 403]);
    });

    it('is asked for five times a minute at the most', async () => {
      const ada = await plant('Guesses');
      const deletion = () =>
        ada.call({ method: 'POST', url: '/api/v1/me/deletion', payload: { currentPassword: 'a guess' } });
      for (let count = 0; count < 5; count += 1) expectProblem(await deletion(), 403, 'PASSWORD_WRONG');
      expectProblem(await deletion(), 429, 'RATE_LIMITED');
    });
  });

  describe('its address', () => {
    const change = (person: TestPerson, email: string, currentPassword = TEST_PASSWORD) =>
      person.call({ method: 'POST', url: '/api/v1/me/email', payload: { email, currentPassword } });

    it('is another one when the new one is confirmed, once; the old one is told', async () => {
      const ada = await plant('Moves');
      expectProblem(await change(ada, 'ada@moved.test', 'not the password'), 403, 'PASSWORD_WRONG');
      expect((await change(ada, 'Ada@Moved.test')).statusCode).toBe(202);
      expect((await getMe(ada)).user.email).toBe(ada.email);
      const token = tokenIn(await newestMail('ada@moved.test'));
      expect((await confirm(token)).statusCode).toBe(204);
      expectProblem(await confirm(token), 410, 'LINK_INVALID');
      expect((await getMe(ada)).user.email).toBe('ada@moved.test');
      expect((await signIn(api.app, 'ada@moved.test', TEST_PASSWORD)).statusCode).toBe(200);
      expectProblem(await signIn(api.app, ada.email, TEST_PASSWORD), 401, 'CREDENTIALS_WRONG');
      expect((await newestMail(ada.email)).text).toContain('ada@moved.test');
    });

    it('is not told from one that somebody has: the answer and the work are the same, and no mail is sent', async () => {
      const [ada, bob] = [await plant('Asks'), await plant('Has')];
      const taken = await countWork(api, () => change(ada, bob.email));
      const free = await countWork(api, () => change(ada, 'free@asks.test'));
      expect(taken).toEqual(free);
      expect(free).toMatchObject({ status: 202, body: null, compares: 1 });
      expect(await readWaitingMails(api.database, bob.email)).toEqual([]);
    });

    it('stays when somebody else has got the new one in the meantime, or the link is old', async () => {
      const ada = await plant('Slow');
      await change(ada, 'both@slow.test');
      const token = tokenIn(await newestMail('both@slow.test'));
      await api.database.query(
        `insert into users (email, display_name, password_hash) values ('both@slow.test', 'Somebody', 'x')`,
      );
      expectProblem(await confirm(token), 410, 'LINK_INVALID');
      await api.database.query(`delete from users where email = 'both@slow.test'`);
      await api.database.query(`update email_links set expires_at = now() where email = 'both@slow.test'`);
      expectProblem(await confirm(token), 410, 'LINK_INVALID');
      expect((await getMe(ada)).user.email).toBe(ada.email);
    });
  });

  describe('its end', () => {
    const end = (person: TestPerson, currentPassword = TEST_PASSWORD) =>
      person.call({ method: 'POST', url: '/api/v1/me/deletion', payload: { currentPassword } });

    it('takes sessions and memberships with it, and leaves what was made in workspaces', async () => {
      const { people } = await api.plant('Leaves', ['owner', 'member']);
      const { id } = await people.member.createArtifact({ name: 'Stays' });
      expectProblem(await end(people.member, 'not the password'), 403, 'PASSWORD_WRONG');
      expect((await end(people.member)).statusCode).toBe(204);
      expectProblem(await people.member.call({ method: 'GET', url: '/api/v1/me' }), 401, 'SESSION_ENDED');
      expectProblem(await signIn(api.app, people.member.email, TEST_PASSWORD), 401, 'CREDENTIALS_WRONG');
      const artifact = await people.owner.call({ method: 'GET', url: `/api/v1/artifacts/${id}` });
      expect(artifact.statusCode).toBe(200);
      const tables = ['users where id', 'sessions where user_id', 'memberships where user_id'];
      for (const table of tables) {
        expect(await api.database.query(`select 1 from ${table} = $1`, [people.member.id])).toEqual([]);
      }
    });

    it('is refused to the last owner of a workspace, and nothing is left then', async () => {
      const ada = await plant('Orphan');
      expect(expectProblem(await end(ada), 409, 'LAST_OWNER').detail).toContain('Orphan');
      expect((await getMe(ada)).workspaces).toHaveLength(1);
    });
  });

  describe('guessed at', () => {
    const attempt = (email: string, password: string, remoteAddress: string) =>
      api.app.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { email, password }, remoteAddress });

    it('is closed to the guesser, who learns nothing any more, and open to its person', async () => {
      const ada = await plant('Guessed');
      for (let count = 0; count < PAIR_RULE.freeGuesses; count += 1) {
        expectProblem(await attempt(ada.email, 'a guess', '198.51.100.1'), 401, 'CREDENTIALS_WRONG');
      }
      expectProblem(await attempt(ada.email, TEST_PASSWORD, '198.51.100.2'), 429, 'RATE_LIMITED');
      expect((await attempt(ada.email, TEST_PASSWORD, '203.0.113.5')).statusCode).toBe(200);
    });

    it('from where its person is at home lets the person in, and the guesser not', async () => {
      const ada = await plant('Neighbour');
      expect((await attempt(ada.email, TEST_PASSWORD, '192.0.2.10')).statusCode).toBe(200);
      for (let count = 0; count < PAIR_RULE.freeGuesses; count += 1) {
        expectProblem(await attempt(ada.email, 'a guess', '192.0.2.99'), 401, 'CREDENTIALS_WRONG');
      }
      expectProblem(await attempt(ada.email, 'a guess', '192.0.2.99'), 429, 'RATE_LIMITED');
      expect((await attempt(ada.email, TEST_PASSWORD, '192.0.2.10')).statusCode).toBe(200);
    });

    it('in a burst leaves room for everything else: requests that need no password are answered in between', async () => {
      // Hashes as slow as they are out there.
      const slow = await startTestApi({}, { hasher: createPasswordHasher() });
      try {
        const { owner: ada } = (await slow.plant('Burst', ['owner'])).people;
        let unanswered = 12;
        const burst = Array.from({ length: unanswered }, (_, index) => {
          const payload = { email: `${String(index)}@burst.test`, password: 'a guess' };
          return slow.app
            .inject({ method: 'POST', url: '/api/v1/auth/login', payload, remoteAddress: `198.18.${String(index)}.1` })
            .finally(() => {
              unanswered -= 1;
            });
        });
        const artifact = await ada.createArtifact({ name: 'In between' });
        // Writes a file, which needs the threads that bcrypt runs on.
        expect((await ada.upload(artifact.id, Buffer.from('some bytes'))).statusCode).toBe(200);
        expect((await ada.call({ method: 'GET', url: '/api/v1/artifacts' })).statusCode).toBe(200);
        expect(unanswered).toBeGreaterThan(0);
        const answers = await Promise.all(burst);
        expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([401]));
      } finally {
        await slow.close();
      }
    });
  });
});
