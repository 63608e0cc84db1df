import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { Problem } from '@hortus/contracts/errors';
import type { ApiToken, CreatedApiToken } from '@hortus/contracts/token-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson, TestRequest } from '../../../tools/test/fixtures/people.ts';
import { makeApiToken } from './api-token.ts';

describe('API tokens', () => {
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
  /** Each test begins with the same three, and without tokens. */
  beforeEach(async () => {
    await api.database.query('delete from memberships where workspace_id = $1', [ada.workspaceId]);
    for (const { id, role } of [ada, admin, member]) {
      await api.database.query('insert into memberships (workspace_id, user_id, role) values ($1, $2, $3)', [
        ada.workspaceId,
        id,
        role,
      ]);
    }
  });

  const url = (path = '', person = ada) => `/api/v1/workspaces/${person.workspaceId}/tokens${path}`;
  const ask = (by: TestPerson, payload: object = {}) =>
    by.call({
      method: 'POST',
      url: url('', ada),
      payload: { name: 'Build', scopes: ['read', 'write'], expiresInDays: 30, ...payload },
    });
  async function make(by: TestPerson, payload: object = {}): Promise<CreatedApiToken> {
    const answer = await ask(by, payload);
    expect(answer.statusCode).toBe(201);
    return answer.json<CreatedApiToken>();
  }
  const revoke = (by: TestPerson, id: string) => by.call({ method: 'DELETE', url: url(`/${id}`) });
  const list = async (by: TestPerson) =>
    (await by.call({ method: 'GET', url: url() })).json<{ items: ApiToken[] }>().items;
  const by = (token: string, { headers, ...request }: TestRequest) =>
    api.app.inject({ ...request, headers: { authorization: `Bearer ${token}`, ...headers } });
  const read = (token: string, headers = {}) => by(token, { method: 'GET', url: '/api/v1/artifacts', headers });
  const write = (token: string) =>
    by(token, { method: 'POST', url: '/api/v1/artifacts', payload: { name: 'By token' } });
  const codeOf = (response: LightMyRequestResponse) =>
    response.statusCode < 300 ? response.statusCode : response.json<Problem>().code;

  it('are told once, and kept as a hash', async () => {
    const answer = await ask(ada, { name: ' CI · قراءة ', scopes: ['read'] });
    expect(answer.headers['cache-control']).toBe('no-store');
    const { token, apiToken } = answer.json<CreatedApiToken>();
    expect(token).toMatch(/^hortus_[\w-]{64}$/);
    expect(apiToken).toEqual({
      id: expect.any(String),
      userId: ada.id,
      name: 'CI · قراءة',
      scopes: ['read'],
      prefix: token.slice(0, 13),
      createdAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
      lastUsedAt: null,
    });
    expect(Date.parse(apiToken.expiresAt) - Date.parse(apiToken.createdAt)).toBe(30 * 24 * 60 * 60 * 1000);
    const kept = JSON.stringify(await api.database.query('select * from api_tokens'));
    const listed = await ada.call({ method: 'GET', url: url() });
    for (const text of [kept, listed.body, api.logged.join('')]) expect(text).not.toContain(token.slice(13));
  });

  it('act as their maker in their workspace, as far as their scopes go', async () => {
    const { token: all } = await make(ada);
    const { token: reading } = await make(ada, { scopes: ['read'] });
    const { token: writing } = await make(ada, { scopes: ['write'] });
    expect([await write(all), await read(all), await write(writing), await read(reading)].map(codeOf)).toEqual([
      201, 200, 201, 200,
    ]);
    expect([await write(reading), await read(writing)].map(codeOf)).toEqual(['SCOPE_MISSING', 'SCOPE_MISSING']);
    expect((await read(all)).json()).toMatchObject({ items: [{ name: 'By token' }, { name: 'By token' }] });
    expect(codeOf(await read(all, { 'hortus-workspace': ada.workspaceId.toUpperCase() }))).toBe(200);
    expect(codeOf(await read(all, { 'hortus-workspace': stranger.workspaceId }))).toBe('WORKSPACE_NOT_FOUND');
  });

  it('open nothing that is for people: accounts, members, tokens', async () => {
    const { token } = await make(ada);
    for (const path of [
      '/api/v1/me',
      '/api/v1/workspaces',
      '/api/v1/me/invitations',
      url(),
      url().replace('tokens', 'members'),
    ]) {
      expect([path, codeOf(await by(token, { method: 'GET', url: path }))]).toEqual([path, 'TOKEN_INVALID']);
    }
    expect(codeOf(await by(token, { method: 'POST', url: url(), payload: {} }))).toBe('TOKEN_INVALID');
  });

  it.each([
    ['an expired one', () => api.database.query('update api_tokens set expires_at = now()')],
    [
      'one of a removed member',
      () => ada.call({ method: 'DELETE', url: url().replace('tokens', `members/${admin.id}`) }),
    ],
    ['one of a member who left', () => admin.call({ method: 'POST', url: url().replace('tokens', 'leave') })],
    ['a revoked one', async () => revoke(admin, (await list(admin))[0]?.id ?? '')],
  ])('do nothing more as %s', async (_case, end) => {
    const { token } = await make(admin);
    expect(codeOf(await read(token))).toBe(200);
    await end();
    expect(codeOf(await read(token))).toBe('TOKEN_INVALID');
    expect(codeOf(await write(token))).toBe('TOKEN_INVALID');
  });

  it('do not come back when their maker does', async () => {
    const { token } = await make(admin);
    await admin.call({ method: 'POST', url: url().replace('tokens', 'leave') });
    await api.database.query(`insert into memberships (workspace_id, user_id, role) values ($1, $2, 'admin')`, [
      ada.workspaceId,
      admin.id,
    ]);
    expect(codeOf(await read(token))).toBe('TOKEN_INVALID');
  });

  it('that were made up have the same answer as one that ended', async () => {
    const { token } = await make(ada);
    const forged = makeApiToken(ada.workspaceId).text;
    const moved = `${token.slice(0, -22)}${makeApiToken(stranger.workspaceId).text.slice(-22)}`;
    const problems = new Set<string>();
    for (const text of [forged, moved, `${token}A`, token.slice(0, -1), 'hortus_', makeApiToken(randomUUID()).text]) {
      const problem = { ...(await read(text)).json<Problem>(), requestId: '' };
      problems.add(JSON.stringify(problem));
    }
    expect([...problems]).toEqual([expect.stringContaining('TOKEN_INVALID')]);
  });

  it('follow the present role of their maker', async () => {
    const { token } = await make(admin);
    const audit = () => by(token, { method: 'GET', url: '/api/v1/audit' });
    expect(codeOf(await audit())).toBe(200);
    await ada.call({
      method: 'PATCH',
      url: url().replace('tokens', `members/${admin.id}`),
      payload: { role: 'member' },
    });
    expect(codeOf(await audit())).toBe('ROLE_TOO_LOW');
    expect(codeOf(await read(token))).toBe(200);
  });

  it('are made by owners and admins, and are seen and revoked as the policy says', async () => {
    expect(codeOf(await ask(member))).toBe('ROLE_TOO_LOW');
    expect(codeOf(await ask(stranger))).toBe('WORKSPACE_NOT_FOUND');
    const own = (await make(ada)).apiToken;
    const theirs = (await make(admin)).apiToken;
    expect((await list(admin)).map(({ id }) => id)).toEqual([theirs.id, own.id]);
    expect(await list(member)).toEqual([]);
    expect(codeOf(await revoke(admin, own.id))).toBe('ROLE_TOO_LOW');
    expect(codeOf(await revoke(member, own.id))).toBe('API_TOKEN_NOT_FOUND');
    expect(codeOf(await revoke(ada, randomUUID()))).toBe('API_TOKEN_NOT_FOUND');
    const elsewhere = url(`/${own.id}`, stranger);
    expect(codeOf(await stranger.call({ method: 'DELETE', url: elsewhere }))).toBe('API_TOKEN_NOT_FOUND');
    // A member who was an admin still has theirs, and may end them.
    await ada.call({
      method: 'PATCH',
      url: url().replace('tokens', `members/${admin.id}`),
      payload: { role: 'member' },
    });
    expect((await list(admin)).map(({ id }) => id)).toEqual([theirs.id]);
    expect(codeOf(await revoke(admin, theirs.id))).toBe(204);
    expect(codeOf(await revoke(ada, own.id))).toBe(204);
    expect(codeOf(await revoke(ada, own.id))).toBe('API_TOKEN_NOT_FOUND');
    const log = await ada.call({ method: 'GET', url: '/api/v1/audit?limit=1' });
    expect(log.json()).toMatchObject({
      items: [{ action: 'api_token.revoked', before: { id: own.id, name: 'Build' } }],
    });
  });

  it.each([
    [{ name: '' }],
    [{ name: 'a\u0000b' }],
    [{ name: '\u200b' }],
    [{ scopes: [] }],
    [{ scopes: ['read', 'read'] }],
    [{ scopes: ['admin'] }],
    [{ expiresInDays: 0 }],
    [{ expiresInDays: 367 }],
    [{ expiresInDays: 1.5 }],
    [{ expiresInDays: '7' }],
    [{ role: 'owner' }],
  ])('are not made of %j', async (payload) => {
    expect(codeOf(await ask(stranger, payload))).toBe('WORKSPACE_NOT_FOUND');
    expect(codeOf(await ask(admin, payload))).toBe('REQUEST_INVALID');
  });

  it('are listed page by page', async () => {
    for (const name of ['a', 'b', 'c']) {
      await api.database.query(
        `insert into api_tokens (workspace_id, user_id, name, scopes, prefix, sha256, expires_at)
         values ($1, $2, $3, '{read}', 'p', $3, now())`,
        [ada.workspaceId, ada.id, name],
      );
    }
    const first = await ada.call({ method: 'GET', url: url('?limit=2') });
    const { items, nextCursor } = first.json<{ items: ApiToken[]; nextCursor: string }>();
    expect(items.map(({ name }) => name)).toEqual(['c', 'b']);
    const second = await ada.call({ method: 'GET', url: url(`?limit=2&cursor=${nextCursor}`) });
    expect(second.json()).toMatchObject({ items: [{ name: 'a' }], nextCursor: null });
    expect(codeOf(await admin.call({ method: 'GET', url: url(`?cursor=${nextCursor}`) }))).toBe('CURSOR_INVALID');
  });

  it('are a limited number in a workspace', async () => {
    await api.database.query(
      `insert into api_tokens (workspace_id, user_id, name, scopes, prefix, sha256, expires_at)
       select $1, $2, 'T', '{read}', 'p', n, now() from generate_series(1, 100) n`,
      [ada.workspaceId, ada.id],
    );
    const refused = await ask(ada);
    expect([refused.statusCode, codeOf(refused)]).toEqual([409, 'LIMIT_REACHED']);
    await api.database.query(`delete from api_tokens where sha256 = '7'`);
    const answers = await Promise.all([ask(ada), ask(admin)]);
    expect(answers.map(codeOf).sort()).toEqual([201, 'LIMIT_REACHED']);
  });

  it('tell when they were last used, at most once a minute', async () => {
    const { token, apiToken } = await make(ada);
    const lastUse = async () => (await list(ada)).find(({ id }) => id === apiToken.id)?.lastUsedAt ?? null;
    expect(await lastUse()).toBeNull();
    await Promise.all([read(token), read(token), read(token)]);
    const first = await lastUse();
    expect(first).not.toBeNull();
    await read(token);
    expect(await lastUse()).toBe(first);
    await api.database.query(`update api_tokens set last_used_at = last_used_at - interval '61 seconds'`);
    const before = await lastUse();
    await read(token);
    expect(Date.parse(String(await lastUse()))).toBeGreaterThan(Date.parse(String(before)) + 60_000);
  });
});
