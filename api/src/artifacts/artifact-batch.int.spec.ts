import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Artifact } from '@hortus/contracts/artifact';
import type { BatchResult } from '@hortus/contracts/artifact-batch-api';
import type { AuditEntry } from '@hortus/contracts/audit-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';

const NUL = '\u0000';

describe('many artifacts at once', () => {
  let api: TestApi;
  let ada: TestPerson;
  let stranger: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    ada = (await api.plant('Acme', ['owner'])).people.owner;
    stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
  }, 60_000);
  afterAll(() => api.close());

  const post = (what: 'tag' | 'trash' | 'restore', payload: object, headers = {}) =>
    ada.call({ method: 'POST', url: `/api/v1/artifacts/bulk/${what}`, payload, headers });
  async function outcomes(what: 'tag' | 'trash' | 'restore', payload: object): Promise<BatchResult[]> {
    const answer = await post(what, payload);
    expect(answer.statusCode).toBe(200);
    return answer.json<{ items: BatchResult[] }>().items;
  }
  const get = async (id: string) =>
    (await ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}` })).json<Artifact>();

  it('get and lose tags, each with an outcome of its own', async () => {
    const oak = await ada.createArtifact({ name: 'Oak', tags: ['tree', 'old'] });
    const elm = await ada.createArtifact({ name: 'Elm', tags: ['wood'] });
    const full = await ada.createArtifact({
      name: 'Full',
      tags: Array.from({ length: 20 }, (_, index) => String(index)),
    });
    const stale = await ada.createArtifact({ name: 'Stale' });
    const trashed = await ada.createArtifact({ name: 'Trashed' });
    await post('trash', { items: [{ id: trashed.id }] });
    const foreign = await stranger.createArtifact({ name: 'Foreign' });
    const never = randomUUID();
    const items = [
      { id: oak.id, revision: 1 },
      { id: elm.id.toUpperCase() },
      { id: full.id },
      { id: stale.id, revision: 7 },
      { id: trashed.id },
      { id: foreign.id },
      { id: never },
      { id: oak.id, revision: 9 },
    ];
    const done = await outcomes('tag', { items, add: ['wood', '樹'], remove: ['old', 'wood', 'nothing'] });
    expect(done.map(({ id, outcome, revision }) => [id, outcome, revision])).toEqual([
      [oak.id, 'done', 2],
      [elm.id, 'done', 2],
      [full.id, 'too_many_tags', 1],
      [stale.id, 'stale', 1],
      [trashed.id, 'not_found', null],
      [foreign.id, 'not_found', null],
      [never, 'not_found', null],
      [oak.id, 'done', 2],
    ]);
    expect([(await get(oak.id)).tags, (await get(elm.id)).tags]).toEqual([
      ['tree', 'wood', '樹'],
      ['wood', '樹'],
    ]);
    expect(await get(full.id)).toEqual(full);
    const again = await outcomes('tag', { items: [{ id: oak.id }], add: ['樹'], remove: ['old'] });
    expect(again).toEqual([{ id: oak.id, outcome: 'unchanged', revision: 2 }]);
    const theirs = await stranger.call({ method: 'GET', url: `/api/v1/artifacts/${foreign.id}` });
    expect(theirs.json()).toEqual(foreign);
    const found = await ada.call({ method: 'GET', url: `/api/v1/artifacts?tag=${encodeURIComponent('樹')}` });
    expect(
      found
        .json<{ items: Artifact[] }>()
        .items.map(({ id }) => id)
        .sort(),
    ).toEqual([oak.id, elm.id].sort());
    const log = await ada.call({ method: 'GET', url: `/api/v1/audit?artifact=${oak.id}&limit=1` });
    expect(log.json<{ items: AuditEntry[] }>().items[0]).toMatchObject({
      action: 'artifact.updated',
      before: { tags: ['tree', 'old'] },
      after: { tags: ['tree', 'wood', '樹'] },
    });
  });

  it('go into the trash and out of it, with an event and an entry for each', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.push((await ada.createArtifact()).id);
    const items = ids.map((id) => ({ id }));
    const before = await api.database.query('select 1 from events');
    expect((await outcomes('trash', { items })).map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    expect((await outcomes('trash', { items })).map(({ outcome }) => outcome)).toEqual(ids.map(() => 'not_found'));
    expect(await outcomes('restore', { items: [{ id: ids[0], revision: 2 }, { id: ids[1] }, { id: ids[2], revision: 1 }] })).toEqual([
      { id: ids[0], outcome: 'done', revision: 3 },
      { id: ids[1], outcome: 'done', revision: 3 },
      { id: ids[2], outcome: 'stale', revision: 2 },
    ]); // prettier-ignore
    expect((await outcomes('restore', { items })).map(({ outcome }) => outcome)).toEqual([
      'unchanged', 'unchanged', 'done',
    ]); // prettier-ignore
    const events = await api.database.query<{ type: string }>('select type from events order by id');
    expect(events.slice(before.length).map(({ type }) => type)).toEqual([
      ...ids.map(() => 'artifact.deleted'),
      ...ids.map(() => 'artifact.changed'),
    ]);
    const entries = await api.database.query(`select 1 from audit_log where artifact_id = any($1)`, [ids]);
    expect(entries).toHaveLength(9);
  });

  it('are changed once for each key, and two requests about the same ones wait for each other', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 20; index += 1) ids.push((await ada.createArtifact()).id);
    const key = { 'idempotency-key': randomUUID() };
    const payload = { items: ids.map((id) => ({ id })), add: ['a'] };
    const [first, again] = [await post('tag', payload, key), await post('tag', payload, key)];
    expect([again.statusCode, again.body]).toEqual([200, first.body]);
    const other = await post('trash', { items: payload.items }, key);
    expect(other.json()).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });

    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        post('tag', {
          items: (index % 2 === 0 ? ids : ids.toReversed()).map((id) => ({ id })),
          add: [`tag ${String(index)}`],
        }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    expect((await get(ids[7] ?? '')).tags.sort()).toEqual(['a', 'tag 0', 'tag 1', 'tag 2', 'tag 3']);
  });

  it('refuses what is malformed, and changes nothing', async () => {
    const { id } = await ada.createArtifact();
    const items = [{ id }];
    const many = (length: number) => Array.from({ length }, () => ({ id: randomUUID() }));
    const refused = [
      { items: [], add: ['a'] },
      { items: many(501), add: ['a'] },
      { items, add: Array.from({ length: 200 }, (_, index) => String(index)) },
      { items, add: ['x'.repeat(65_536)] },
      { items, add: [NUL] },
      { items, add: ['\ud800'] },
      { items, add: ['a', 'a'] },
      { items: [{ id: 'nobody' }], add: ['a'] },
      { items: [{ id, revision: 0 }], add: ['a'] },
      { items: [{ id, colour: 'green' }], add: ['a'] },
    ];
    for (const payload of refused) {
      expect((await post('tag', payload)).json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    }
    const odd = ['\u202eevil', '\u200b', '﷽'];
    expect((await outcomes('tag', { items: [...items, ...many(499)], add: odd }))[0]).toMatchObject({
      outcome: 'done',
    });
    expect((await get(id)).tags).toEqual(odd);
  });
});
