import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Artifact } from '@hortus/contracts/artifact';
import type { AuditEntry } from '@hortus/contracts/audit-api';
import type { Problem } from '@hortus/contracts/errors';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson, TestRequest } from '../../../tools/test/fixtures/people.ts';

const NUL = '\u0000';
const LONE_SURROGATE = '\ud800';

describe('artifacts', () => {
  let api: TestApi;
  let ada: TestPerson;
  let stranger: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    ada = (await api.plant('Acme', ['owner'])).people.owner;
    stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
  });
  afterAll(() => api.close());

  const create = (payload: object | string, headers = {}) =>
    ada.call({ method: 'POST', url: '/api/v1/artifacts', payload, headers });
  const patch = (id: string, payload: object, ifMatch = '*') =>
    ada.call({ method: 'PATCH', url: `/api/v1/artifacts/${id}`, payload, headers: { 'if-match': ifMatch } });
  const get = (id: string) => ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}` });
  async function expectProblem(
    request: Promise<{ statusCode: number; json: () => unknown; headers: Record<string, unknown> }>,
    status: number,
    code: string,
  ): Promise<Problem> {
    const response = await request;
    const problem = response.json() as Problem;
    expect([response.statusCode, problem.code]).toEqual([status, code]);
    expect(response.headers['content-type']).toBe('application/problem+json');
    return problem;
  }

  it('keeps what a person says of an artifact, and gives it back', async () => {
    const said = {
      name: 'Sycamore 🌳 ﷽',
      description: 'A description with "quotes", \\ and ?',
      tags: ['tree', "bird's"],
      metadata: { height: 1.5, 'is old': true, 'by ?': "O'Neill", $1: '' },
    };
    const created = await create(said);
    const artifact = created.json<Artifact>();
    expect(created.statusCode).toBe(201);
    expect(created.headers).toMatchObject({
      location: `/api/v1/artifacts/${artifact.id}`,
      etag: '"r1"',
      'cache-control': 'no-store',
    });
    expect(artifact).toEqual({
      ...said,
      id: expect.any(String),
      kind: null,
      status: 'empty',
      failure: null,
      original: null,
      picture: null,
      revision: 1,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: artifact.createdAt,
    });
    const read = await get(artifact.id);
    expect(read.headers.etag).toBe('"r1"');
    expect(read.json()).toEqual(artifact);
  });

  it('leaves what a patch does not name, and clears what it sets to null', async () => {
    const said = { name: 'Oak', description: 'tall', tags: ['tree'], metadata: { age: 300 } };
    const { id } = await ada.createArtifact(said);
    const renamed = await patch(id, { name: 'Beech' });
    expect(renamed.json()).toMatchObject({ ...said, name: 'Beech', revision: 2 });
    expect(renamed.headers.etag).toBe('"r2"');
    const cleared = await patch(id, { description: null, tags: null, metadata: null });
    expect(cleared.json()).toMatchObject({ name: 'Beech', description: '', tags: [], metadata: {}, revision: 3 });
    expect((await get(id)).json()).toEqual(cleared.json());
  });

  it('is said anew by PUT, which clears what it does not name', async () => {
    const { id } = await ada.createArtifact({
      name: 'Oak',
      description: 'tall',
      tags: ['tree'],
      metadata: { age: 300 },
    });
    const put = (payload: object, headers: Record<string, string>) =>
      ada.call({ method: 'PUT', url: `/api/v1/artifacts/${id}`, payload, headers });
    await expectProblem(put({ name: 'Elm' }, {}), 428, 'IF_MATCH_REQUIRED');
    await expectProblem(put({ tags: ['x'] }, { 'if-match': '*' }), 400, 'REQUEST_INVALID');
    await expectProblem(put({ name: 'Elm', description: null }, { 'if-match': '*' }), 400, 'REQUEST_INVALID');
    const replaced = await put({ name: 'Elm', tags: ['wood'] }, { 'if-match': '"r1"' });
    expect(replaced.headers.etag).toBe('"r2"');
    expect(replaced.json()).toMatchObject({ name: 'Elm', description: '', tags: ['wood'], metadata: {}, revision: 2 });
    const stale = await expectProblem(put({ name: 'Ash' }, { 'if-match': '"r1"' }), 412, 'REVISION_STALE');
    expect(stale.current).toEqual(replaced.json());
  });

  it('tells the audit log what was said before and after, and no more than what changed', async () => {
    const { id } = await ada.createArtifact({ name: 'Oak', tags: ['tree'], metadata: { b: 1, a: 2 } });
    await patch(id, { description: 'tall', tags: ['tree'], metadata: { a: 2, b: 1 } });
    await patch(id, { tags: null, metadata: { a: 3 } });
    const log = await ada.call({ method: 'GET', url: `/api/v1/audit?artifact=${id}` });
    const entries = log.json<{ items: AuditEntry[] }>().items.reverse();
    expect(entries.map(({ action, before, after }) => ({ action, before, after }))).toEqual([
      { action: 'artifact.created', before: null, after: { name: 'Oak', tags: ['tree'], metadata: { a: 2, b: 1 } } },
      { action: 'artifact.updated', before: { description: '' }, after: { description: 'tall' } },
      {
        action: 'artifact.updated',
        before: { tags: ['tree'], metadata: { a: 2, b: 1 } },
        after: { tags: [], metadata: { a: 3 } },
      },
    ]);
    expect(entries[0]?.actor).toMatchObject({ kind: 'session', userId: ada.id, displayName: 'The owner' });
  });

  it('refuses a body of another form and changes nothing', async () => {
    const { id } = await ada.createArtifact({ name: 'Elm' });
    const longest = { name: 'n'.repeat(200), description: 'd'.repeat(10_000), tags: ['t'.repeat(50)] };
    const manyFacts = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`fact ${String(index)}`, 'v']));
    const refused: Record<string, object> = {
      'unknown field': { name: 'x', colour: 'green' },
      'name of the wrong type': { name: 7 },
      'empty name': { name: '' },
      'name too long': { name: `${longest.name}n` },
      'description too long': { name: 'x', description: `${longest.description}d` },
      'tag too long': { name: 'x', tags: ['t'.repeat(51)] },
      'tag twice': { name: 'x', tags: ['a', 'a'] },
      'two hundred tags': { name: 'x', tags: Array.from({ length: 200 }, (_, index) => String(index)) },
      'tag of 64 kB': { name: 'x', tags: ['t'.repeat(65_536)] },
      'too many tags': { name: 'x', tags: Array.from({ length: 21 }, (_, index) => String(index)) },
      'tags of the wrong type': { name: 'x', tags: 'a' },
      'too many facts': { name: 'x', metadata: { ...manyFacts, more: 'v' } },
      'fact without a name': { name: 'x', metadata: { '': 'v' } },
      'name of a fact too long': { name: 'x', metadata: { ['k'.repeat(51)]: 'v' } },
      'fact too long': { name: 'x', metadata: { a: 'v'.repeat(1001) } },
      'fact of the wrong type': { name: 'x', metadata: { a: { b: 1 } } },
      'fact that is null': { name: 'x', metadata: { a: null } },
      'NUL in a name': { name: `a${NUL}b` },
      'NUL in a description': { name: 'x', description: NUL },
      'NUL in a tag': { name: 'x', tags: [NUL] },
      'NUL in the name of a fact': { name: 'x', metadata: { [`a${NUL}`]: 'v' } },
      'NUL in a fact': { name: 'x', metadata: { a: NUL } },
      'half a character in a name': { name: LONE_SURROGATE },
      'half a character in a tag': { name: 'x', tags: [LONE_SURROGATE] },
      'half a character in the name of a fact': { name: 'x', metadata: { [LONE_SURROGATE]: 'v' } },
      'half a character in a fact': { name: 'x', metadata: { a: LONE_SURROGATE } },
    };
    const answers: Record<string, unknown> = {};
    for (const [name, body] of Object.entries(refused)) {
      for (const answer of [await create(body), await patch(id, body)]) {
        const { code } = answer.json<Problem>();
        if (answer.statusCode !== 400 || code !== 'REQUEST_INVALID') answers[name] = [answer.statusCode, code];
      }
    }
    expect(answers).toEqual({});
    await expectProblem(create('{"name":"x","metadata":{"a":1e999}}', { 'content-type': 'application/json' }), 400, 'REQUEST_INVALID'); // prettier-ignore
    await expectProblem(create('{"name":', { 'content-type': 'application/json' }), 400, 'BODY_NOT_JSON');
    await expectProblem(create('{"name":"x","__proto__":{}}', { 'content-type': 'application/json' }), 400, 'BODY_NOT_JSON'); // prettier-ignore
    await expectProblem(create('name=x', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'MEDIA_TYPE_UNSUPPORTED'); // prettier-ignore
    await expectProblem(patch(id, {}), 400, 'REQUEST_INVALID');
    expect((await get(id)).json()).toMatchObject({ name: 'Elm', revision: 1 });

    expect((await create({ ...longest, metadata: manyFacts })).statusCode).toBe(201);
  });

  it('names the field that is wrong', async () => {
    const problem = await expectProblem(create({ name: 'x', colour: 'green' }), 400, 'REQUEST_INVALID');
    expect(problem.errors).toEqual([{ field: '/body/colour', message: 'is not a field of this operation' }]);
    const other = await expectProblem(create({ name: 'x', description: NUL }), 400, 'REQUEST_INVALID');
    expect(other.detail).toBe('/body/description must not contain the character NUL or half of a surrogate pair.');
  });

  it('refuses a body of 10 MB by its length', async () => {
    await expectProblem(create({ name: 'x', description: 'd'.repeat(10_000_000) }), 413, 'BODY_TOO_LARGE');
  });

  it('takes every text that the contract allows, and gives it back unchanged', async () => {
    const text = (max: number, min = 0) => fc.string({ minLength: min, maxLength: max, unit: 'binary' });
    const clean = (value: string) => !value.includes(NUL) && value.isWellFormed();
    const said = fc.record({
      name: text(20, 1).filter(clean),
      description: text(100).filter(clean),
      tags: fc.uniqueArray(text(10, 1).filter(clean), { maxLength: 5 }),
      metadata: fc.dictionary(
        text(10, 1).filter((key) => clean(key) && key !== '__proto__'),
        fc.oneof(text(30).filter(clean), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
        { maxKeys: 5, noNullPrototype: true },
      ),
    });
    await fc.assert(
      fc.asyncProperty(said, async (artifact) => {
        const created = await create(artifact);
        expect(created.statusCode).toBe(201);
        expect(JSON.parse(created.body)).toMatchObject(JSON.parse(JSON.stringify(artifact)) as object);
      }),
      { numRuns: 60 },
    );
  });

  describe('a change', () => {
    const change = (id: string, method: 'PATCH' | 'DELETE', headers: Record<string, string>) =>
      ada.call({
        method,
        url: `/api/v1/artifacts/${id}`,
        headers,
        ...(method === 'PATCH' ? { payload: { name: 'Changed' } } : {}),
      });

    it.each(['PATCH', 'DELETE'] as const)('by %s must say which revision it changes', async (method) => {
      const { id } = await ada.createArtifact({ name: 'Ash' });
      await expectProblem(change(id, method, {}), 428, 'IF_MATCH_REQUIRED');
      for (const stale of ['"r2"', '"r0", "r2"', 'W/"r1"', '""']) {
        const problem = await expectProblem(change(id, method, { 'if-match': stale }), 412, 'REVISION_STALE');
        expect(problem.current).toEqual((await get(id)).json());
      }
      for (const malformed of ['r1', '"r1', '"r1";', '"r1" "r2"', ',', '*, "r1"']) {
        await expectProblem(change(id, method, { 'if-match': malformed }), 400, 'REQUEST_INVALID');
      }
      expect((await get(id)).json()).toMatchObject({ name: 'Ash', revision: 1 });
      const answer = await change(id, method, { 'if-match': 'W/"r1", "r7", "r1"' });
      expect(answer.statusCode).toBe(method === 'PATCH' ? 200 : 204);
    });

    it('by * goes through whatever the revision is', async () => {
      const { id } = await ada.createArtifact();
      await patch(id, { name: 'Second' });
      expect((await change(id, 'PATCH', { 'if-match': ' * ' })).json()).toMatchObject({ revision: 3 });
    });

    it('is done by one of two that saw the same revision, and the other is told', async () => {
      const { id } = await ada.createArtifact();
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) => patch(id, { name: `Name ${String(index)}` }, '"r1"')),
      );
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412, 412, 412, 412, 412]);
      expect((await get(id)).json<Artifact>().revision).toBe(2);
    });

    it('that deletes hides it everywhere but in the trash', async () => {
      const { id } = await ada.createArtifact({ name: 'Yew' });
      expect((await change(id, 'DELETE', { 'if-match': '"r1"' })).statusCode).toBe(204);
      await expectProblem(change(id, 'DELETE', { 'if-match': '*' }), 404, 'ARTIFACT_NOT_FOUND');
      await expectProblem(get(id), 404, 'ARTIFACT_NOT_FOUND');
      const list = await ada.call({ method: 'GET', url: '/api/v1/artifacts?limit=100' });
      expect(list.json<{ items: Artifact[] }>().items.map((item) => item.id)).not.toContain(id);
    });
  });

  describe('of another workspace', () => {
    /** Every route that names an artifact, with all that it asks for. */
    const routes: [string, (id: string) => TestRequest][] = [
      ['GET', (id) => ({ method: 'GET', url: `/api/v1/artifacts/${id}` })],
      ['PATCH', (id) => ({ method: 'PATCH', url: `/api/v1/artifacts/${id}`, payload: { name: 'Mine now' } })],
      ['PUT', (id) => ({ method: 'PUT', url: `/api/v1/artifacts/${id}`, payload: { name: 'Mine now' } })],
      ['DELETE', (id) => ({ method: 'DELETE', url: `/api/v1/artifacts/${id}` })],
      ['GET manifest of', (id) => ({ method: 'GET', url: `/api/v1/artifacts/${id}/manifest` })],
      ['GET original of', (id) => ({ method: 'GET', url: `/api/v1/artifacts/${id}/original` })],
      [
        'PUT original of',
        (id) => ({
          method: 'PUT',
          url: `/api/v1/artifacts/${id}/original`,
          payload: Buffer.from('bytes'),
          headers: { 'content-type': 'text/plain' },
        }),
      ],
    ];
    let foreign: Artifact;
    beforeAll(async () => {
      const { id } = await stranger.createArtifact({ name: 'A secret' });
      await stranger.upload(id, Buffer.from('secret bytes'));
      foreign = (await stranger.call({ method: 'GET', url: `/api/v1/artifacts/${id}` })).json<Artifact>();
    });

    it.each(routes)('%s answers as if there had never been one', async (_name, requestFor) => {
      const ask = async (id: string) => {
        const { headers, ...request } = requestFor(id);
        const answer = await ada.call({
          ...request,
          headers: { 'if-match': `"r${String(foreign.revision)}"`, ...headers },
        });
        const body: Partial<Problem> = answer.json<Problem>();
        delete body.requestId;
        const { 'content-type': type, etag, 'content-length': length } = answer.headers;
        return { status: answer.statusCode, body, type, etag, length };
      };
      const [theirs, never] = [await ask(foreign.id), await ask(randomUUID())];
      expect(theirs).toEqual(never);
      expect(theirs).toMatchObject({ status: 404, body: { code: 'ARTIFACT_NOT_FOUND' } });
      const now = await stranger.call({ method: 'GET', url: `/api/v1/artifacts/${foreign.id}` });
      expect(now.json()).toEqual(foreign);
    });

    it('appears in no list', async () => {
      const list = await ada.call({ method: 'GET', url: '/api/v1/artifacts?limit=100' });
      expect(list.body).not.toContain(foreign.id);
      expect(list.body).not.toContain('A secret');
    });
  });

  describe('the workspace of a request', () => {
    const list = (headers: Record<string, string>) =>
      api.app.inject({
        method: 'GET',
        url: '/api/v1/artifacts',
        headers: { authorization: `Bearer ${ada.accessToken}`, ...headers },
      });

    it('must be named by its id', async () => {
      await expectProblem(list({}), 400, 'WORKSPACE_REQUIRED');
      for (const malformed of ['', 'acme', `${ada.workspaceId}, ${ada.workspaceId}`, `'; drop table artifacts --`]) {
        await expectProblem(list({ 'hortus-workspace': malformed }), 400, 'REQUEST_INVALID');
      }
    });

    it('must have the person as a member, and a workspace that never was answers the same', async () => {
      const theirs = await expectProblem(
        list({ 'hortus-workspace': stranger.workspaceId }),
        404,
        'WORKSPACE_NOT_FOUND',
      );
      const never = await expectProblem(list({ 'hortus-workspace': randomUUID() }), 404, 'WORKSPACE_NOT_FOUND');
      expect({ ...theirs, requestId: '' }).toEqual({ ...never, requestId: '' });
    });

    it('is asked for after who asks', async () => {
      const url = '/api/v1/artifacts';
      await expectProblem(api.app.inject({ method: 'GET', url }), 401, 'SIGN_IN_REQUIRED');
      const headers = { authorization: 'Bearer nonsense' };
      await expectProblem(api.app.inject({ method: 'GET', url, headers }), 401, 'TOKEN_INVALID');
    });
  });

  describe('a list', () => {
    let lister: TestPerson;
    beforeAll(async () => {
      lister = (await api.plant('Lister', ['member'])).people.member;
    });
    const page = async (query: string) => {
      const answer = await lister.call({ method: 'GET', url: `/api/v1/artifacts?${query}` });
      expect(answer.statusCode).toBe(200);
      return answer.json<{ items: Artifact[]; nextCursor: string | null }>();
    };

    it('visits every artifact once by pages of any size, newest first, while others are made and deleted', async () => {
      const names = Array.from({ length: 23 }, (_, index) => `Artifact ${String(index)}`);
      const standing: string[] = [];
      for (const name of names) standing.unshift((await lister.createArtifact({ name })).id);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ limit: fc.integer({ min: 1, max: 12 }), isDisturbed: fc.boolean() }), { minLength: 1, maxLength: 5 }), // prettier-ignore
          async (steps) => {
            const seen: string[] = [];
            let cursor: string | null = '';
            for (let step = 0; cursor !== null; step += 1) {
              const { limit, isDisturbed } = steps[step % steps.length] ?? { limit: 1, isDisturbed: false };
              const got = await page(`limit=${String(limit)}${cursor === '' ? '' : `&cursor=${cursor}`}`);
              expect(got.items.length).toBeLessThanOrEqual(limit);
              seen.push(...got.items.map(({ id }) => id));
              cursor = got.nextCursor;
              if (isDisturbed) {
                const { id } = await lister.createArtifact({ name: 'In between' });
                await lister.call({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: { 'if-match': '*' } });
              }
            }
            expect(seen).toEqual(standing);
          },
        ),
        { numRuns: 12 },
      );
    });

    it('has 20 items by default, and at most 100', async () => {
      expect((await page('')).items).toHaveLength(20);
      for (const limit of ['0', '-1', '101', '1.5', 'ten', '', '1&limit=2']) {
        await expectProblem(
          lister.call({ method: 'GET', url: `/api/v1/artifacts?limit=${limit}` }),
          400,
          'REQUEST_INVALID',
        );
      }
      await expectProblem(
        lister.call({ method: 'GET', url: '/api/v1/artifacts?colour=green' }),
        400,
        'REQUEST_INVALID',
      );
    });

    it('refuses a cursor that no list gave', async () => {
      const { nextCursor } = await page('limit=1');
      const id = randomUUID();
      const bad = [
        'x',
        id,
        `${String(nextCursor)}A`,
        Buffer.from(id).toString('base64url'),
        '',
        '%00',
        `${String(nextCursor)}=`,
      ];
      for (const cursor of bad) {
        await expectProblem(
          lister.call({ method: 'GET', url: `/api/v1/artifacts?cursor=${cursor}` }),
          400,
          'CURSOR_INVALID',
        );
      }
      await expectProblem(
        lister.call({ method: 'GET', url: `/api/v1/artifacts?cursor=${'x'.repeat(2001)}` }),
        400,
        'REQUEST_INVALID',
      );
    });
  });

  it('logs no secret, whatever was asked', () => {
    const log = api.logged.join('');
    expect(log).toContain(ada.workspaceId === '' ? 'never' : 'request');
    for (const person of [ada, stranger]) {
      expect(log).not.toContain(person.accessToken);
      expect(log).not.toContain(person.refreshCookie);
    }
  });
});
