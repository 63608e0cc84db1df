import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '@hortus/contracts/errors';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { withScope } from '../db/scope.ts';
import { pruneAnswers, tryHoldKey } from './idempotency-repo.ts';

describe('a request with an Idempotency-Key', () => {
  let api: TestApi;
  let ada: TestPerson;
  let colleague: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    const { people } = await api.plant('Acme', ['owner', 'member']);
    ada = people.owner;
    colleague = people.member;
  }, 30_000);
  afterAll(() => api.close());

  const create = (key: string, payload: object, person = ada) =>
    person.call({ method: 'POST', url: '/api/v1/artifacts', payload, headers: { 'idempotency-key': key } });
  async function codeOf(request: ReturnType<typeof create>): Promise<[number, string]> {
    const answer = await request;
    return [answer.statusCode, answer.json<Problem>().code];
  }
  const count = async (name: string) =>
    (await api.database.query('select 1 from artifacts where name = $1', [name])).length;

  it('is done once, and answered again as it was, even after the artifact has changed', async () => {
    const first = await create('key-1', { name: 'Once', metadata: { b: 1, a: 'x' } });
    expect([first.statusCode, first.headers['idempotency-replayed']]).toEqual([201, undefined]);
    const { location, etag } = first.headers;
    await ada.call({
      method: 'PATCH',
      url: String(location),
      payload: { name: 'Twice' },
      headers: { 'if-match': '*' },
    });
    const again = await create('key-1', { metadata: { a: 'x', b: 1 }, name: 'Once' });
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
    expect(again.headers).toMatchObject({ location, etag, 'idempotency-replayed': 'true' });
    expect([await count('Once'), await count('Twice')]).toEqual([0, 1]);
  });

  it('of another body is refused, and nothing is done', async () => {
    await create('key-2', { name: 'Elm' });
    expect(await codeOf(create('key-2', { name: 'Other elm' }))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await count('Other elm')).toBe(0);
  });

  it('is refused while the first is under way, and done once however often it comes at once', async () => {
    const owner = { workspaceId: ada.workspaceId, userId: ada.id, key: 'key-3' };
    await withScope(api.knex, { workspaceId: ada.workspaceId }, async (tx) => {
      expect(await tryHoldKey(tx, owner)).toBe(true);
      expect(await codeOf(create('key-3', { name: 'At once' }))).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE']);
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('key-3', { name: 'At once' })));
    expect(answers.filter(({ statusCode }) => statusCode !== 201 && statusCode !== 409)).toEqual([]);
    expect(await count('At once')).toBe(1);
  });

  it('makes one workspace, one invitation and one API token, and shows its secret again', async () => {
    const things = [
      ['/api/v1/workspaces', { name: 'Once only' }],
      [`/api/v1/workspaces/${ada.workspaceId}/invitations`, { email: 'eve@once.test', role: 'member' }],
      [`/api/v1/workspaces/${ada.workspaceId}/tokens`, { name: 'Once', scopes: ['read'], expiresInDays: 1 }],
    ] as const;
    for (const [url, payload] of things) {
      const headers = { 'idempotency-key': `key-4 ${url}`.replaceAll(' ', '-') };
      const ask = (body: object) => ada.call({ method: 'POST', url, payload: body, headers });
      const first = await ask(payload);
      const again = await ask(payload);
      expect([url, first.statusCode, again.statusCode, again.body]).toEqual([url, 201, 201, first.body]);
      expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
      expect(await codeOf(ask({ ...payload, name: 'Another' }))).toEqual(
        'email' in payload ? [400, 'REQUEST_INVALID'] : [422, 'IDEMPOTENCY_KEY_REUSED'],
      );
    }
    const count = async (sql: string) => (await api.database.query(sql)).length;
    expect([
      await count(`select 1 from workspaces where name = 'Once only'`),
      await count(`select 1 from invitations where email = 'eve@once.test'`),
      await count(`select 1 from api_tokens where name = 'Once'`),
    ]).toEqual([1, 1, 1]);
  });

  it('of a workspace belongs to its person, and is refused with a clear word once its answer is forgotten', async () => {
    const headers = { 'idempotency-key': 'key-5' };
    const ask = (person: TestPerson) =>
      person.call({ method: 'POST', url: '/api/v1/workspaces', payload: { name: 'Alike' }, headers });
    const [mine, theirs] = [await ask(ada), await ask(colleague)];
    expect(mine.json<{ id: string }>().id).not.toBe(theirs.json<{ id: string }>().id);
    await api.database.query(`delete from idempotency_keys where key = 'key-5'`);
    expect(await codeOf(ask(ada))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('belongs to one operation on one thing', async () => {
    const one = await ada.createArtifact();
    const two = await ada.createArtifact();
    for (const { id } of [one, two]) {
      await ada.call({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: { 'if-match': '*' } });
    }
    const restore = (id: string) =>
      ada.call({ method: 'POST', url: `/api/v1/artifacts/${id}/restore`, headers: { 'idempotency-key': 'key-9' } });
    expect((await restore(one.id)).statusCode).toBe(200);
    expect(await codeOf(restore(two.id))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await codeOf(create('key-9', {}))).toEqual([400, 'REQUEST_INVALID']);
    expect(await codeOf(create('key-9', { name: 'Another' }))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('is answered to its person alone: neither a colleague nor another workspace sees what is kept', async () => {
    await create('key-10', { name: 'Kept' });
    const seenBy = (scope: object) =>
      withScope(api.knex, scope, (tx) => tx('idempotencyKeys').where({ key: 'key-10' }).select('key'));
    const { workspaceId, id: userId } = ada;
    expect(await seenBy({ workspaceId, userId })).toHaveLength(1);
    for (const scope of [{ workspaceId }, { userId }, { workspaceId, userId: colleague.id }, {}]) {
      expect(await seenBy(scope)).toEqual([]);
    }
    const kept = await api.database.query<{ answer: Buffer }>('select sealed_answer as answer from idempotency_keys');
    expect(kept.filter(({ answer }) => answer.toString('latin1').includes('Kept'))).toEqual([]);
  });

  it('belongs to one person, is not kept where it failed, and has a key of 1 to 200 visible characters', async () => {
    expect((await create('key-1', { name: 'Of a colleague' }, colleague)).statusCode).toBe(201);
    expect(await codeOf(create('key-6', { name: '' }))).toEqual([400, 'REQUEST_INVALID']);
    expect((await create('key-6', { name: 'Right' })).statusCode).toBe(201);
    for (const key of ['', 'with space', 'k'.repeat(201)]) {
      expect([key, await codeOf(create(key, { name: 'Never' }))]).toEqual([key, [400, 'REQUEST_INVALID']]);
    }
  });

  it('is forgotten after 24 hours', async () => {
    await create('key-7', { name: 'Old' });
    await create('key-8', { name: 'Young' });
    await api.database.query(
      `update idempotency_keys set created_at = now() - interval '25 hours' where key = 'key-7'`,
    );
    await withScope(api.knex, { instance: true }, (tx) => pruneAnswers(tx, 24));
    const rows = await api.database.query(`select key from idempotency_keys where key in ('key-7', 'key-8')`);
    expect(rows).toEqual([{ key: 'key-8' }]);
  });
});
