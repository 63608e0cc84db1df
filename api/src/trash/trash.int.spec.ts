import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Artifact } from '@hortus/contracts/artifact';
import type { AuditEntry } from '@hortus/contracts/audit-api';
import { originalKey, variantKey } from '@hortus/contracts/object-key';
import type { TrashedArtifact } from '@hortus/contracts/trash-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { withWorkspace } from '../db/scope.ts';
import { holdLoose } from './loose-object-repo.ts';

const any = { 'if-match': '*' };

describe('the trash', () => {
  let api: TestApi;
  let ada: TestPerson;
  let member: TestPerson;
  let stranger: TestPerson;
  beforeAll(async () => {
    api = await startTestApi({ HORTUS_TRASH_KEPT_DAYS: '30' });
    const { people } = await api.plant('Acme', ['owner', 'member']);
    ({ owner: ada, member } = people);
    stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
  }, 60_000);
  afterAll(() => api.close());

  const trash = (id: string, person = ada) =>
    person.call({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: any });
  const restore = (id: string, person = ada) => person.call({ method: 'POST', url: `/api/v1/artifacts/${id}/restore` });
  const purge = (id: string, person = ada, headers: Record<string, string> = any) =>
    person.call({ method: 'DELETE', url: `/api/v1/trash/${id}`, headers });
  async function list(query = '', person = ada): Promise<{ items: TrashedArtifact[]; nextCursor: string | null }> {
    return (await person.call({ method: 'GET', url: `/api/v1/trash?${query}` })).json();
  }
  async function actionsOn(id: string): Promise<string[]> {
    const answer = await ada.call({ method: 'GET', url: `/api/v1/audit?artifact=${id}` });
    return answer
      .json<{ items: AuditEntry[] }>()
      .items.map(({ action }) => action)
      .reverse();
  }
  async function plantFile(bytes: Buffer, name = 'A file'): Promise<Artifact> {
    const { id } = await ada.createArtifact({ name });
    return (await ada.upload(id, bytes)).json();
  }
  /** As the schedule does, until nothing is left. */
  async function purgeAll(): Promise<{ artifacts: number; objects: number }> {
    const sum = { artifacts: 0, objects: 0 };
    for (let after: string | null = null, isDone = false; !isDone;) {
      const answer = await api.asService({ method: 'POST', url: '/internal/v1/trash/purge', payload: { after } });
      expect(answer.statusCode).toBe(200);
      const part = answer.json<{ after: string | null; isDone: boolean; artifacts: number; objects: number }>();
      ({ after, isDone } = part);
      sum.artifacts += part.artifacts;
      sum.objects += part.objects;
    }
    return sum;
  }
  const age = (ids: string[], days: number) =>
    api.database.query('update artifacts set deleted_at = now() - make_interval(days => $2) where id = any($1)', [
      ids,
      days,
    ]);
  const ageObjects = () => api.database.query(`update loose_objects set since = now() - interval '61 minutes'`);
  const stored = async (sha256 = '') => (await api.store.stat(originalKey(ada.workspaceId, sha256))) !== null;

  it('keeps an artifact as it was, and gives it back', async () => {
    const file = await plantFile(Buffer.from('bytes of a file'), 'Sycamore');
    expect((await trash(file.id, member)).statusCode).toBe(204);
    expect((await ada.call({ method: 'GET', url: `/api/v1/artifacts/${file.id}` })).statusCode).toBe(404);
    const [trashed] = (await list()).items;
    expect(trashed).toMatchObject({ id: file.id, name: 'Sycamore', revision: file.revision + 1 });
    const keptMs = Date.parse(trashed?.keptUntil ?? '') - Date.parse(trashed?.deletedAt ?? '');
    expect(keptMs).toBe(30 * 24 * 60 * 60 * 1000);
    const restored = await restore(file.id, member);
    expect(restored.headers.etag).toBe(`"r${String(file.revision + 2)}"`);
    expect(restored.json()).toEqual({ ...file, revision: file.revision + 2, updatedAt: expect.any(String) });
    expect((await list()).items).toEqual([]);
    // Once more changes nothing.
    expect((await restore(file.id)).json<Artifact>().revision).toBe(file.revision + 2);
    expect(await actionsOn(file.id)).toEqual([
      'artifact.created', 'original.uploaded', 'artifact.trashed', 'artifact.restored',
    ]); // prettier-ignore
  });

  it('is listed in pages, those deleted last first, even in the same moment', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.push((await ada.createArtifact()).id);
    await ada.call({
      method: 'POST',
      url: '/api/v1/artifacts/bulk/trash',
      payload: { items: ids.map((id) => ({ id })) },
    });
    const last = (await ada.createArtifact()).id;
    await trash(last);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list(`limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([last, ...ids.sort().reverse()]);
    expect((await list('', stranger)).items).toEqual([]);
    const { nextCursor } = await list('limit=2');
    const foreign = await stranger.call({ method: 'GET', url: `/api/v1/trash?cursor=${String(nextCursor)}` });
    expect(foreign.json()).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
    for (const id of seen) await purge(id);
  });

  it('is emptied for good by owners and admins, at the revision that they saw', async () => {
    const { id } = await ada.createArtifact({ name: 'Elm' });
    expect((await purge(id)).json()).toMatchObject({ status: 404, code: 'ARTIFACT_NOT_FOUND' });
    await trash(id);
    expect((await purge(id, member)).json()).toMatchObject({ status: 403, code: 'ROLE_TOO_LOW' });
    expect((await purge(id, ada, {})).json()).toMatchObject({ status: 428 });
    expect((await purge(id, ada, { 'if-match': '"r1"' })).json()).toMatchObject({
      status: 412,
      current: { id, revision: 2 },
    });
    expect((await purge(id, ada, { 'if-match': '"r2"' })).statusCode).toBe(204);
    expect((await purge(id)).statusCode).toBe(404);
    expect((await restore(id)).statusCode).toBe(404);
    expect(await actionsOn(id)).toEqual(['artifact.created', 'artifact.trashed', 'artifact.purged']);
    expect(await api.database.query('select 1 from artifacts where id = $1', [id])).toEqual([]);
  });

  it('is emptied at once by owners and admins, and asked twice with one key only once', async () => {
    const ids: string[] = [];
    for (const name of ['Ash', 'Birch', 'Cedar']) ids.push((await ada.createArtifact({ name })).id);
    const [kept = '', ...gone] = ids;
    for (const id of gone) await trash(id);
    const empty = (person: TestPerson, headers = {}) =>
      person.call({ method: 'POST', url: '/api/v1/trash/empty', headers });
    expect((await empty(member)).json()).toMatchObject({ status: 403, code: 'ROLE_TOO_LOW' });
    await empty(stranger);
    expect((await list()).items.map(({ id }) => id).sort()).toEqual(gone.toSorted());
    const key = { 'idempotency-key': 'empty-1' };
    expect((await empty(ada, key)).json()).toEqual({ deleted: 2, isEmpty: true });
    expect((await list()).items).toEqual([]);
    await trash(kept);
    expect((await empty(ada, key)).json()).toEqual({ deleted: 2, isEmpty: true });
    expect((await list()).items.map(({ id }) => id)).toEqual([kept]);
    expect(await actionsOn(gone[0] ?? '')).toEqual(['artifact.created', 'artifact.trashed', 'artifact.purged']);
    await purge(kept);
  });

  it('of another workspace answers as if there had never been such an artifact', async () => {
    const { id } = await stranger.createArtifact();
    await trash(id, stranger);
    for (const ask of [restore, purge]) {
      const [theirs, never] = [await ask(id), await ask(randomUUID())];
      expect([theirs.statusCode, never.statusCode]).toEqual([404, 404]);
      expect({ ...theirs.json<object>(), requestId: '' }).toEqual({ ...never.json<object>(), requestId: '' });
    }
    expect((await list('', stranger)).items.map((item) => item.id)).toEqual([id]);
    await purge(id, stranger);
  });

  it('is purged of what it has kept for long enough, in every workspace, and of nothing else', async () => {
    const old = [await ada.createArtifact({ name: 'Old' }), await stranger.createArtifact({ name: 'Their old' })];
    const young = await ada.createArtifact();
    const live = await ada.createArtifact();
    await trash(old[0]?.id ?? '');
    await trash(old[1]?.id ?? '', stranger);
    await trash(young.id);
    await age(
      old.map(({ id }) => id),
      31,
    );
    await age([young.id], 29);
    expect(await purgeAll()).toMatchObject({ artifacts: 2 });
    expect(await purgeAll()).toMatchObject({ artifacts: 0 });
    const left = await api.database.query<{ id: string }>('select id from artifacts where id = any($1) order by id', [
      [...old, young, live].map(({ id }) => id),
    ]);
    expect(left.map(({ id }) => id)).toEqual([young.id, live.id].sort());
    const [purged] = await api.database.query('select * from audit_log where artifact_id = $1 and action = $2', [
      old[0]?.id,
      'artifact.purged',
    ]);
    expect(purged).toMatchObject({ user_id: null, session_id: null, before: { name: 'Old' }, after: null });
  });

  it('is purged in bounded parts, however much there is', async () => {
    await api.database.query(
      `insert into artifacts (workspace_id, name, deleted_at)
       select $1, 'Many', now() - interval '31 days' from generate_series(1, 730)`,
      [ada.workspaceId],
    );
    const first = await api.asService({ method: 'POST', url: '/internal/v1/trash/purge', payload: { after: null } });
    expect(first.json()).toMatchObject({ isDone: false, artifacts: 500 });
    expect(await purgeAll()).toMatchObject({ artifacts: 230 });
  });

  describe('lets go of objects', () => {
    it('that no artifact has any more, an hour later, and keeps those that another has', async () => {
      const shared = randomBytes(500);
      const [one, two, alone] = [await plantFile(shared), await plantFile(shared), await plantFile(randomBytes(500))];
      for (const { id } of [one, alone]) {
        await trash(id);
        await purge(id);
      }
      await purgeAll();
      expect([await stored(two.original?.sha256), await stored(alone.original?.sha256)]).toEqual([true, true]);
      await ageObjects();
      await purgeAll();
      expect([await stored(two.original?.sha256), await stored(alone.original?.sha256)]).toEqual([true, false]);
      expect((await ada.call({ method: 'GET', url: `/api/v1/artifacts/${two.id}/original` })).rawPayload).toEqual(
        shared,
      );
    });

    it('originals of every version, and variants', async () => {
      const { id } = await plantFile(Buffer.from('GIF89a first'));
      const second = (await ada.upload(id, Buffer.from('GIF89a second'), any)).json<Artifact>();
      const hash = 'ab'.repeat(16);
      const variant = { hash, widthPx: 320, format: 'webp', heightPx: 1, sizeBytes: 3 } as const;
      await api.store.put(variantKey(ada.workspaceId, variant), Buffer.from('abc'));
      const recorded = await api.asService({
        method: 'POST',
        url: `/internal/v1/workspaces/${ada.workspaceId}/artifacts/${id}/versions/2/variants`,
        payload: { variants: [variant], dropped: [] },
      });
      expect(recorded.statusCode).toBe(204);
      await ageObjects();
      await purgeAll();
      expect(await stored(second.original?.sha256)).toBe(true);
      await trash(id);
      await purge(id);
      await ageObjects();
      expect(await purgeAll()).toMatchObject({ objects: 3 });
      expect(await api.store.stat(variantKey(ada.workspaceId, variant))).toBeNull();
      expect(await api.database.query('select 1 from loose_objects')).toEqual([]);
    });

    it('of an upload that was refused behind its last byte', async () => {
      const { id } = await plantFile(Buffer.from('the original'));
      const bytes = Buffer.from('a stale original');
      const body = ada.upload(id, bytes, { 'if-match': '"r2"' });
      await ada.call({ method: 'PATCH', url: `/api/v1/artifacts/${id}`, headers: any, payload: { name: 'Changed' } });
      await body;
      await ageObjects();
      await purgeAll();
      const keys = await api.database.query<{ sha256: string }>('select sha256 from versions where artifact_id = $1', [
        id,
      ]);
      for (const { sha256 } of keys) expect(await stored(sha256)).toBe(true);
    });

    it('but never of one that is being uploaded again meanwhile', async () => {
      const bytes = randomBytes(500);
      const gone = await plantFile(bytes);
      await trash(gone.id);
      await purge(gone.id);
      await ageObjects();
      const { id } = await ada.createArtifact();
      let upload: Promise<unknown> | undefined;
      await withWorkspace(api.knex, ada.workspaceId, async (tx) => {
        const held = await holdLoose(tx, { minutes: 60, limit: 10 });
        expect(held).toEqual([{ key: originalKey(ada.workspaceId, gone.original?.sha256 ?? ''), isNamed: false }]);
        upload = ada.upload(id, bytes);
        // It waits for this transaction, and puts its bytes when the purge is done with the object.
        await api.store.delete(held[0]?.key ?? '');
      });
      await upload;
      await purgeAll();
      expect((await ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}/original` })).rawPayload).toEqual(bytes);
    });
  });
});
