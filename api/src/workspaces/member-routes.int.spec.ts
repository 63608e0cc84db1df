import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { Problem } from '@hortus/contracts/errors';
import type { Member, Role } from '@hortus/contracts/workspace';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';

describe('members', () => {
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
  /** Each test begins with the same three. */
  beforeEach(async () => {
    await api.database.query('delete from memberships where workspace_id = $1', [ada.workspaceId]);
    for (const person of [ada, admin, member]) await join(person, person.role);
  });

  const join = (person: TestPerson, role: Role) =>
    api.database.query('insert into memberships (workspace_id, user_id, role) values ($1, $2, $3)', [
      ada.workspaceId,
      person.id,
      role,
    ]);
  const roles = async () =>
    Object.fromEntries(
      (
        await api.database.query<{ user_id: string; role: Role }>(
          'select user_id, role from memberships where workspace_id = $1',
          [ada.workspaceId],
        )
      ).map(({ user_id, role }) => [user_id, role]),
    );
  const url = (path: string) => `/api/v1/workspaces/${ada.workspaceId}${path}`;
  const giveRole = (by: TestPerson, to: string, role: string) =>
    by.call({ method: 'PATCH', url: url(`/members/${to}`), payload: { role } });
  const remove = (by: TestPerson, who: string) => by.call({ method: 'DELETE', url: url(`/members/${who}`) });
  const leave = (who: TestPerson) => who.call({ method: 'POST', url: url('/leave') });
  const transfer = (by: TestPerson, userId: string) =>
    by.call({ method: 'POST', url: url('/transfer'), payload: { userId } });
  const codeOf = (response: LightMyRequestResponse) =>
    response.statusCode < 300 ? response.statusCode : response.json<Problem>().code;

  it('see who else is one, page by page, without anything secret of an account', async () => {
    const seen: Member[] = [];
    let cursor = '';
    do {
      const answer = await member.call({ method: 'GET', url: url(`/members?limit=2${cursor}`) });
      expect(answer.headers['cache-control']).toBe('no-store');
      const { items, nextCursor } = answer.json<{ items: Member[]; nextCursor: string | null }>();
      seen.push(...items);
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(
      [ada, admin, member]
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, email, role }) => ({
          userId: id,
          email,
          displayName: `The ${role}`,
          role,
          joinedAt: expect.stringMatching(/Z$/),
        })),
    );
    expect(codeOf(await stranger.call({ method: 'GET', url: url('/members') }))).toBe('WORKSPACE_NOT_FOUND');
    expect(codeOf(await api.app.inject({ method: 'GET', url: url('/members') }))).toBe('SIGN_IN_REQUIRED');
  });

  it('get another role as the policy says, which holds at once', async () => {
    expect(codeOf(await giveRole(admin, member.id, 'admin'))).toBe(200);
    expect(codeOf(await member.call({ method: 'GET', url: url('/invitations') }))).toBe(200);
    expect((await giveRole(ada, member.id, 'member')).json()).toMatchObject({ userId: member.id, role: 'member' });
    expect(codeOf(await member.call({ method: 'GET', url: url('/invitations') }))).toBe('ROLE_TOO_LOW');
  });

  it.each([
    ['an admin', 'themselves an owner', () => giveRole(admin, admin.id, 'owner'), 'ROLE_TOO_LOW'],
    ['an admin', 'an owner a member', () => giveRole(admin, ada.id, 'member'), 'ROLE_TOO_LOW'],
    ['a member', 'themselves an admin', () => giveRole(member, member.id, 'admin'), 'ROLE_TOO_LOW'],
    ['an owner', 'a stranger an admin', () => giveRole(ada, stranger.id, 'admin'), 'MEMBER_NOT_FOUND'],
    ['an owner', 'nobody an admin', () => giveRole(ada, randomUUID(), 'admin'), 'MEMBER_NOT_FOUND'],
    ['an owner', 'somebody a king', () => giveRole(ada, member.id, 'king'), 'REQUEST_INVALID'],
    ['a stranger', 'a member an owner', () => giveRole(stranger, member.id, 'owner'), 'WORKSPACE_NOT_FOUND'],
    ['the last owner', 'themselves an admin', () => giveRole(ada, ada.id, 'admin'), 'LAST_OWNER'],
  ])('%s can not make %s', async (_who, _what, ask, code) => {
    const before = await roles();
    expect(codeOf(await ask())).toBe(code);
    expect(await roles()).toEqual(before);
  });

  it('leave, and are removed, as the policy says', async () => {
    expect(codeOf(await remove(member, admin.id))).toBe('ROLE_TOO_LOW');
    expect(codeOf(await remove(admin, ada.id))).toBe('ROLE_TOO_LOW');
    expect(codeOf(await remove(ada, stranger.id))).toBe('MEMBER_NOT_FOUND');
    expect(codeOf(await remove(stranger, member.id))).toBe('WORKSPACE_NOT_FOUND');
    expect(codeOf(await remove(admin, member.id))).toBe(204);
    expect(codeOf(await member.call({ method: 'GET', url: '/api/v1/artifacts' }))).toBe('WORKSPACE_NOT_FOUND');
    expect(codeOf(await remove(admin, member.id))).toBe('MEMBER_NOT_FOUND');
    expect(codeOf(await leave(admin))).toBe(204);
    expect(codeOf(await leave(admin))).toBe('WORKSPACE_NOT_FOUND');
    expect(await roles()).toEqual({ [ada.id]: 'owner' });
  });

  it('keep an owner: the last one neither leaves nor is removed', async () => {
    expect(codeOf(await leave(ada))).toBe('LAST_OWNER');
    expect(codeOf(await remove(ada, ada.id))).toBe('LAST_OWNER');
    await giveRole(ada, member.id, 'owner');
    expect(codeOf(await leave(ada))).toBe(204);
    expect(codeOf(await leave(member))).toBe('LAST_OWNER');
  });

  it('get the ownership handed over in one step', async () => {
    expect(codeOf(await transfer(admin, admin.id))).toBe('ROLE_TOO_LOW');
    expect(codeOf(await transfer(ada, ada.id))).toBe('REQUEST_INVALID');
    expect(codeOf(await transfer(ada, stranger.id))).toBe('MEMBER_NOT_FOUND');
    const answer = await transfer(ada, member.id);
    expect(answer.json()).toMatchObject({ id: ada.workspaceId, role: 'admin' });
    expect(await roles()).toEqual({ [ada.id]: 'admin', [admin.id]: 'admin', [member.id]: 'owner' });
    expect(codeOf(await transfer(ada, admin.id))).toBe('ROLE_TOO_LOW');
  });

  describe('who do things at once', () => {
    const owners = async () => Object.values(await roles()).filter((role) => role === 'owner').length;
    const ROUNDS = 8;

    it('never leave the workspace without an owner: two demote each other', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await giveRole(ada, member.id, 'owner');
        const answers = await Promise.all([giveRole(ada, member.id, 'member'), giveRole(member, ada.id, 'member')]);
        expect(answers.map(codeOf)).toEqual(expect.arrayContaining([200, 'ROLE_TOO_LOW']));
        expect(await owners()).toBe(1);
        await api.database.query(`update memberships set role = 'owner' where user_id = $1`, [ada.id]);
      }
    });

    it('never leave the workspace without an owner: both leave, or one hands over to the one who leaves', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await giveRole(ada, member.id, 'owner');
        const answers = await Promise.all([leave(ada), leave(member)]);
        expect(answers.map(codeOf).sort()).toEqual([204, 'LAST_OWNER']);
        expect(await owners()).toBe(1);
        await api.database.query('delete from memberships where workspace_id = $1', [ada.workspaceId]);
        for (const person of [ada, admin, member]) await join(person, person.role);
        await Promise.all([transfer(ada, member.id), leave(member)]);
        expect(await owners()).toBe(1);
        await api.database.query('delete from memberships where workspace_id = $1', [ada.workspaceId]);
        for (const person of [ada, admin, member]) await join(person, person.role);
      }
    }, 30_000);

    it('never act by a role that they lose at that moment', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [, promoted] = await Promise.all([
          giveRole(ada, admin.id, 'member'),
          giveRole(admin, member.id, 'admin'),
        ]);
        const now = await roles();
        expect(now[admin.id]).toBe('member');
        expect(now[member.id]).toBe(codeOf(promoted) === 200 ? 'admin' : 'member');
        await giveRole(ada, admin.id, 'admin');
        await giveRole(ada, member.id, 'member');
      }
    });
  });

  it('tell in the audit log who they were and became', async () => {
    await giveRole(ada, member.id, 'member');
    await giveRole(ada, member.id, 'admin');
    await transfer(ada, admin.id);
    await remove(admin, member.id);
    const log = await admin.call({ method: 'GET', url: '/api/v1/audit?limit=3' });
    const { items } = log.json<{ items: { action: string; before: unknown; after: unknown; actor: object }[] }>();
    expect(items.map(({ action, before, after }) => [action, before, after])).toEqual([
      ['member.removed', { userId: member.id, role: 'admin' }, null],
      ['ownership.transferred', { userId: ada.id }, { userId: admin.id }],
      ['member.updated', { userId: member.id, role: 'member' }, { userId: member.id, role: 'admin' }],
    ]);
    expect(items[0]?.actor).toMatchObject({ userId: admin.id, displayName: 'The admin' });
  });
});
