import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { Problem } from '@hortus/contracts/errors';
import type { Invitation, ReceivedInvitation } from '@hortus/contracts/invitation-api';
import type { Workspace } from '@hortus/contracts/workspace';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { readWaitingMails, tokenIn } from '../../../tools/test/fixtures/mails.ts';
import { signIn, type TestPerson } from '../../../tools/test/fixtures/people.ts';
import { makeWorkspaceSecret } from '../tokens/workspace-secret.ts';

const PASSWORD = 'a password that nobody guesses';
const NOBODYS_ID = '00000000-0000-7000-8000-000000000000';

describe('invitations', () => {
  let api: TestApi;
  let ada: TestPerson;
  let admin: TestPerson;
  let member: TestPerson;
  let stranger: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    ({ owner: ada, admin, member } = (await api.plant('Acme', ['owner', 'admin', 'member'])).people);
    stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
  }, 60_000);
  afterAll(() => api.close());
  beforeEach(async () => {
    await api.database.query('delete from invitations; delete from mails; update workspaces set mails_sent = 0');
    await api.database.query('delete from memberships where workspace_id = $1 and user_id = $2', [
      ada.workspaceId,
      stranger.id,
    ]);
  });

  const url = (path = '') => `/api/v1/workspaces/${ada.workspaceId}/invitations${path}`;
  const post = (path: string, payload: object) => api.app.inject({ method: 'POST', url: path, payload });
  const invite = (by: TestPerson, email: string, role = 'member') =>
    by.call({ method: 'POST', url: url(), payload: { email, role } });
  const resend = (by: TestPerson, id: string) => by.call({ method: 'POST', url: url(`/${id}/resend`) });
  const revoke = (by: TestPerson, id: string) => by.call({ method: 'DELETE', url: url(`/${id}`) });
  const find = (token: string) => post('/api/v1/invitations/find', { token });
  const accept = (by: TestPerson, token: string) =>
    by.call({ method: 'POST', url: '/api/v1/invitations/accept', payload: { token } });
  const register = (token: string, body: object = {}) =>
    post('/api/v1/invitations/register', { token, displayName: 'New Person', password: PASSWORD, ...body });
  const mine = async (person: TestPerson) =>
    (await person.call({ method: 'GET', url: '/api/v1/me/invitations' })).json<{ items: ReceivedInvitation[] }>().items;
  const codeOf = (response: LightMyRequestResponse) =>
    response.statusCode < 300 ? response.statusCode : response.json<Problem>().code;
  const lastToken = async (email: string) => {
    const mail = (await readWaitingMails(api.database, email)).at(-1);
    if (mail === undefined) throw new Error(`no mail waits for ${email}`);
    return tokenIn(mail);
  };
  /** Invites, and reads the mail. */
  async function offer(email: string, role = 'member', by = ada): Promise<{ invitation: Invitation; token: string }> {
    const answer = await invite(by, email, role);
    expect(answer.statusCode).toBe(201);
    return { invitation: answer.json<Invitation>(), token: await lastToken(email) };
  }
  const expire = (id: string) => api.database.query('update invitations set expires_at = now() where id = $1', [id]);
  const roleOf = async (userId: string) =>
    (
      await api.database.query<{ role: string }>(
        'select role from memberships where workspace_id = $1 and user_id = $2',
        [ada.workspaceId, userId],
      )
    )[0]?.role;

  describe('are sent', () => {
    it('by mail, with the workspace, the inviter and an address that the answer does not tell', async () => {
      const answer = await invite(ada, 'New@Person.Test', 'admin');
      expect(answer.statusCode).toBe(201);
      expect(answer.json()).toEqual({
        id: expect.any(String),
        email: 'new@person.test',
        role: 'admin',
        inviterName: 'The owner',
        sentAt: expect.stringMatching(/Z$/),
        expiresAt: expect.stringMatching(/Z$/),
      });
      const [mail] = await readWaitingMails(api.database, 'new@person.test');
      expect(mail?.subject).toBe('You are invited to Acme on Hortus');
      expect(mail?.text).toContain('The owner invites you');
      const token = await lastToken('new@person.test');
      expect(mail?.text).toContain(`${api.config.publicUrl}/invitations#token=${token}`);
      expect(answer.body).not.toContain(token);
      const [row] = await api.database.query('select * from invitations');
      expect(JSON.stringify(row)).not.toContain(token.slice(10));
      expect(api.logged.join('')).not.toContain(token);
    });

    it('in the same way to who has an account and who has none', async () => {
      const queries: string[][] = [];
      for (const email of [stranger.email, 'nobody@person.test']) {
        const seen: string[] = [];
        const note = ({ sql }: { sql: string }) => void seen.push(sql);
        api.knex.on('query', note);
        expect((await invite(ada, email)).statusCode).toBe(201);
        api.knex.off('query', note);
        queries.push(seen);
      }
      expect(queries[0]).toEqual(queries[1]);
    });

    it('by whom the policy lets, to whom is no member and has none, and to no other', async () => {
      expect(codeOf(await invite(member, 'a@person.test'))).toBe('ROLE_TOO_LOW');
      expect(codeOf(await invite(admin, 'a@person.test', 'owner'))).toBe('ROLE_TOO_LOW');
      expect(codeOf(await invite(stranger, 'a@person.test'))).toBe('WORKSPACE_NOT_FOUND');
      expect(codeOf(await invite(ada, member.email.toUpperCase()))).toBe('MEMBER_ALREADY');
      expect(codeOf(await invite(admin, 'a@person.test'))).toBe(201);
      expect(codeOf(await invite(ada, 'A@person.test', 'admin'))).toBe('INVITATION_OPEN');
    });

    it.each([
      '',
      'a',
      '@person.test',
      'a@',
      'a b@person.test',
      'a@person.test, b@person.test',
      'a@x\r\nbcc: b@x',
      '<a@x>',
    ])('never to the address %j', async (email) => {
      expect(codeOf(await invite(ada, email))).toBe('REQUEST_INVALID');
    });

    it('up to a number for each workspace that is open, and for each hour', async () => {
      await api.database.query(
        `insert into invitations (workspace_id, email, role, invited_by, inviter_name, sha256, expires_at)
         select $1, n || '@crowd.test', 'member', $2, 'A', n, now() + interval '1 day' from generate_series(1, 200) n`,
        [ada.workspaceId, ada.id],
      );
      expect(codeOf(await invite(ada, 'a@person.test'))).toBe('LIMIT_REACHED');
      const [{ id } = { id: '' }] = await api.database.query<{ id: string }>('select id from invitations limit 1');
      expect(codeOf(await revoke(ada, id))).toBe(204);
      expect(codeOf(await invite(ada, 'a@person.test'))).toBe(201);
      await api.database.query('delete from invitations');
      await api.database.query('update workspaces set mails_sent = 50 where id = $1', [ada.workspaceId]);
      expect(codeOf(await invite(ada, 'b@person.test'))).toBe('RATE_LIMITED');
      expect(await readWaitingMails(api.database, 'b@person.test')).toEqual([]);
      await api.database.query(`update workspaces set mail_hour = mail_hour - interval '1 hour'`);
      expect(codeOf(await invite(ada, 'b@person.test'))).toBe(201);
    });
  });

  describe('are listed, sent again and withdrawn', () => {
    it('by owners and admins; the address that was mailed before works no more', async () => {
      const { invitation, token } = await offer('new@person.test');
      const list = async (person: TestPerson) => person.call({ method: 'GET', url: url() });
      expect((await list(admin)).json()).toEqual({ items: [invitation], nextCursor: null });
      expect(codeOf(await list(member))).toBe('ROLE_TOO_LOW');
      expect(codeOf(await list(stranger))).toBe('WORKSPACE_NOT_FOUND');
      expect(codeOf(await resend(member, invitation.id))).toBe('ROLE_TOO_LOW');
      const again = await resend(admin, invitation.id);
      expect(again.json()).toMatchObject({ id: invitation.id, inviterName: 'The admin' });
      const second = await lastToken('new@person.test');
      expect(second).not.toBe(token);
      expect(codeOf(await find(token))).toBe('INVITATION_NOT_FOUND');
      expect((await find(second)).json()).toMatchObject({ id: invitation.id });
      expect(codeOf(await revoke(member, invitation.id))).toBe('ROLE_TOO_LOW');
      expect(codeOf(await revoke(admin, invitation.id))).toBe(204);
      for (const answer of [await revoke(admin, invitation.id), await resend(ada, invitation.id), await find(second)]) {
        expect(codeOf(answer)).toBe('INVITATION_NOT_FOUND');
      }
      expect((await list(ada)).json()).toEqual({ items: [], nextCursor: null });
    });

    it('only by those who could send them, and in their own workspace', async () => {
      const { invitation } = await offer('boss@person.test', 'owner');
      expect(codeOf(await resend(admin, invitation.id))).toBe('ROLE_TOO_LOW');
      expect(codeOf(await revoke(admin, invitation.id))).toBe('ROLE_TOO_LOW');
      const elsewhere = `/api/v1/workspaces/${stranger.workspaceId}/invitations/${invitation.id}`;
      for (const [method, path] of [
        ['DELETE', elsewhere],
        ['POST', `${elsewhere}/resend`],
      ] as const) {
        expect(codeOf(await stranger.call({ method, url: path }))).toBe('INVITATION_NOT_FOUND');
      }
      expect((await ada.call({ method: 'GET', url: url() })).json()).toMatchObject({ items: [{ id: invitation.id }] });
    });

    it('page by page', async () => {
      for (const name of ['a', 'b', 'c']) await offer(`${name}@person.test`);
      const first = await ada.call({ method: 'GET', url: url('?limit=2') });
      const { items, nextCursor } = first.json<{ items: Invitation[]; nextCursor: string }>();
      expect(items.map(({ email }) => email)).toEqual(['c@person.test', 'b@person.test']);
      const second = await ada.call({ method: 'GET', url: url(`?limit=2&cursor=${nextCursor}`) });
      expect(second.json()).toMatchObject({ items: [{ email: 'a@person.test' }], nextCursor: null });
      const foreign = `/api/v1/workspaces/${stranger.workspaceId}/invitations?cursor=${nextCursor}`;
      expect(codeOf(await stranger.call({ method: 'GET', url: foreign }))).toBe('CURSOR_INVALID');
    });

    it('again when they have expired, and by a new one in their place', async () => {
      const { invitation, token } = await offer('new@person.test');
      await expire(invitation.id);
      expect(codeOf(await find(token))).toBe('INVITATION_NOT_FOUND');
      expect(codeOf(await resend(ada, invitation.id))).toBe(200);
      expect(codeOf(await find(await lastToken('new@person.test')))).toBe(200);
      await expire(invitation.id);
      const { invitation: another } = await offer('new@person.test', 'admin');
      expect(another.id).not.toBe(invitation.id);
      expect((await ada.call({ method: 'GET', url: url() })).json()).toMatchObject({ items: [{ id: another.id }] });
    });
  });

  describe('are accepted by who has an account', () => {
    it('from the mail, once', async () => {
      const { token, invitation } = await offer(stranger.email, 'admin');
      expect((await find(token)).json()).toEqual({ ...invitation, workspaceName: 'Acme', hasAccount: true });
      const accepted = await accept(stranger, token);
      expect(accepted.json<Workspace>()).toMatchObject({ id: ada.workspaceId, name: 'Acme', role: 'admin' });
      expect(await roleOf(stranger.id)).toBe('admin');
      for (const answer of [await accept(stranger, token), await find(token), await register(token)]) {
        expect(codeOf(answer)).toBe('INVITATION_NOT_FOUND');
      }
      const list = await stranger.call({
        method: 'GET',
        url: '/api/v1/artifacts',
        headers: { 'hortus-workspace': ada.workspaceId },
      });
      expect(list.statusCode).toBe(200);
    });

    it('from their own list, or are declined', async () => {
      expect(await mine(stranger)).toEqual([]);
      const { invitation } = await offer(stranger.email);
      expect(await mine(stranger)).toEqual([{ ...invitation, workspaceName: 'Acme' }]);
      expect(await mine(member)).toEqual([]);
      const of = (person: TestPerson, id: string, method: 'POST' | 'DELETE') =>
        person.call({ method, url: `/api/v1/me/invitations/${id}${method === 'POST' ? '/accept' : ''}` });
      for (const method of ['POST', 'DELETE'] as const) {
        expect(codeOf(await of(member, invitation.id, method))).toBe('INVITATION_NOT_FOUND');
        expect(codeOf(await of(stranger, NOBODYS_ID, method))).toBe('INVITATION_NOT_FOUND');
      }
      expect(codeOf(await of(stranger, invitation.id, 'DELETE'))).toBe(204);
      expect(await mine(stranger)).toEqual([]);
      const { invitation: second } = await offer(stranger.email);
      await expire(second.id);
      expect(await mine(stranger)).toEqual([]);
      expect(codeOf(await of(stranger, second.id, 'POST'))).toBe('INVITATION_NOT_FOUND');
      await resend(ada, second.id);
      expect((await of(stranger, second.id, 'POST')).json()).toMatchObject({ id: ada.workspaceId, role: 'member' });
      expect(await roleOf(stranger.id)).toBe('member');
    });

    it('not as somebody else, who is told so', async () => {
      const { token } = await offer('new@person.test');
      const refused = await accept(stranger, token);
      expect(codeOf(refused)).toBe('INVITATION_FOR_ANOTHER');
      expect(refused.body).not.toContain('new@person.test');
      expect(await roleOf(stranger.id)).toBeUndefined();
      expect(codeOf(await find(token))).toBe(200);
    });

    it('once, when they do it twice at the same time', async () => {
      const { token } = await offer(stranger.email);
      const answers = await Promise.all([accept(stranger, token), accept(stranger, token)]);
      expect(answers.map(codeOf).sort()).toEqual([200, 'INVITATION_NOT_FOUND']);
    });

    it('or are withdrawn: one of the two, when both happen at once', async () => {
      for (let round = 0; round < 6; round += 1) {
        const { token, invitation } = await offer(stranger.email);
        const [accepted, revoked] = await Promise.all([accept(stranger, token), revoke(ada, invitation.id)]);
        const isMember = (await roleOf(stranger.id)) !== undefined;
        expect([codeOf(accepted), codeOf(revoked)]).toEqual(
          isMember ? [200, 'INVITATION_NOT_FOUND'] : ['INVITATION_NOT_FOUND', 204],
        );
        await api.database.query('delete from memberships where workspace_id = $1 and user_id = $2', [
          ada.workspaceId,
          stranger.id,
        ]);
      }
    });
  });

  describe('are accepted by who has none', () => {
    it('with a name and a password, which makes an account that can sign in', async () => {
      const email = `${randomUUID()}@person.test`;
      const { token } = await offer(email, 'admin');
      expect((await find(token)).json()).toMatchObject({ hasAccount: false, email });
      const made = await register(token, { displayName: ' Nadia Ruíz ' });
      expect(made.statusCode).toBe(201);
      expect(made.json()).toMatchObject({ id: ada.workspaceId, role: 'admin' });
      const session = await signIn(api.app, email, PASSWORD);
      expect(session.json()).toMatchObject({
        user: { email, displayName: 'Nadia Ruíz' },
        workspaces: [{ id: ada.workspaceId, role: 'admin' }],
      });
      expect(codeOf(await register(token))).toBe('INVITATION_NOT_FOUND');
    });

    it('not with a common password, an odd name, or an account that is there', async () => {
      const { token } = await offer('new@person.test');
      expect(codeOf(await register(token, { password: 'password1' }))).toBe('PASSWORD_TOO_COMMON');
      expect(codeOf(await register(token, { password: 'short' }))).toBe('REQUEST_INVALID');
      expect(codeOf(await register(token, { displayName: '\u202egnp.exe' }))).toBe('REQUEST_INVALID');
      expect(codeOf(await register(token, { email: 'other@person.test' }))).toBe('REQUEST_INVALID');
      const { token: known } = await offer(stranger.email);
      expect(codeOf(await register(known))).toBe('ACCOUNT_EXISTS');
      expect(codeOf(await find(known))).toBe(200);
    });

    it('once, when they do it twice at the same time', async () => {
      const email = `${randomUUID()}@person.test`;
      const { token } = await offer(email);
      const answers = await Promise.all([register(token), register(token)]);
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 404]);
      expect(await api.database.query('select 1 from users where email = $1', [email])).toHaveLength(1);
    });
  });

  it('have one answer for what was never sent, was cut off, or belongs to another workspace', async () => {
    const { token } = await offer(stranger.email);
    const forged = makeWorkspaceSecret('invite_', ada.workspaceId).text;
    const details = new Set<string>();
    for (const text of ['x', '', forged, token.slice(0, -1), `${token}x`, token.toUpperCase(), `${token}=`]) {
      const answers = [await find(text), await accept(stranger, text), await register(text)];
      for (const answer of answers) {
        if (text === '') {
          expect(codeOf(answer)).toBe('REQUEST_INVALID');
          continue;
        }
        const problem = { ...answer.json<Problem>(), requestId: '' };
        details.add(JSON.stringify(problem));
        expect([answer.statusCode, problem.code]).toEqual([404, 'INVITATION_NOT_FOUND']);
      }
    }
    expect(details.size).toBe(1);
  });

  it('end with the membership of who sent them, and with the role by which they could', async () => {
    const { token } = await offer('boss@person.test', 'owner');
    const { token: stays } = await offer('peer@person.test', 'member');
    await api.database.query(`update memberships set role = 'owner' where workspace_id = $1 and user_id = $2`, [
      ada.workspaceId,
      admin.id,
    ]);
    const members = `/api/v1/workspaces/${ada.workspaceId}/members`;
    await admin.call({ method: 'PATCH', url: `${members}/${ada.id}`, payload: { role: 'admin' } });
    expect(codeOf(await find(token))).toBe('INVITATION_NOT_FOUND');
    expect(codeOf(await find(stays))).toBe(200);
    await admin.call({ method: 'DELETE', url: `${members}/${ada.id}` });
    expect(codeOf(await find(stays))).toBe('INVITATION_NOT_FOUND');
    await api.database.query(`insert into memberships (workspace_id, user_id, role) values ($1, $2, 'owner')`, [
      ada.workspaceId,
      ada.id,
    ]);
    await api.database.query(`update memberships set role = 'admin' where workspace_id = $1 and user_id = $2`, [
      ada.workspaceId,
      admin.id,
    ]);
  });

  it('end with the workspace', async () => {
    const { token, invitation } = await offer(stranger.email);
    await api.database.query('update workspaces set deleted_at = now(), removed_from = now() where id = $1', [
      ada.workspaceId,
    ]);
    expect(await mine(stranger)).toEqual([]);
    const accepted = await stranger.call({ method: 'POST', url: `/api/v1/me/invitations/${invitation.id}/accept` });
    for (const answer of [await find(token), await accept(stranger, token), accepted]) {
      expect(codeOf(answer)).toBe('INVITATION_NOT_FOUND');
    }
    await api.database.query('update workspaces set deleted_at = null, removed_from = null where id = $1', [
      ada.workspaceId,
    ]);
  });

  it('tell in the audit log what became of them, without their secret', async () => {
    const { token, invitation } = await offer(stranger.email);
    await resend(ada, invitation.id);
    await accept(stranger, await lastToken(stranger.email));
    const log = await ada.call({ method: 'GET', url: '/api/v1/audit?limit=3' });
    expect(log.json<{ items: { action: string }[] }>().items.map(({ action }) => action)).toEqual([
      'invitation.accepted',
      'invitation.resent',
      'invitation.created',
    ]);
    expect(log.body).not.toContain(token);
  });

  it('need no mail server for who has an account', async () => {
    const offline = await startTestApi({ HORTUS_SMTP_URL: '' });
    try {
      const { owner } = (await offline.plant('Offline', ['owner'])).people;
      const other = (await offline.plant('Other', ['owner'])).people.owner;
      const payload = { email: other.email, role: 'member' };
      const path = `/api/v1/workspaces/${owner.workspaceId}/invitations`;
      expect((await owner.call({ method: 'POST', url: path, payload })).statusCode).toBe(201);
      expect(await readWaitingMails(offline.database, other.email)).toEqual([]);
      const [received] = await mine(other);
      const answer = await other.call({ method: 'POST', url: `/api/v1/me/invitations/${String(received?.id)}/accept` });
      expect(answer.json()).toMatchObject({ id: owner.workspaceId });
    } finally {
      await offline.close();
    }
  }, 60_000);
});
