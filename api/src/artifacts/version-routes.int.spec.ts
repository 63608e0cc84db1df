import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Artifact, Manifest } from '@hortus/contracts/artifact';
import type { AuditEntry } from '@hortus/contracts/audit-api';
import { variantKey } from '@hortus/contracts/object-key';
import type { Version } from '@hortus/contracts/version-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';

const any = { 'if-match': '*' };
const gif = (text: string) => Buffer.from(`GIF89a ${text}`);

describe('the versions of an original', () => {
  let api: TestApi;
  let ada: TestPerson;
  let member: TestPerson;
  let stranger: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    const { people } = await api.plant('Acme', ['owner', 'member']);
    ({ owner: ada, member } = people);
    stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
  }, 60_000);
  afterAll(() => api.close());

  const url = (id: string, rest = '') => `/api/v1/artifacts/${id}/versions${rest}`;
  async function list(id: string, query = ''): Promise<{ items: Version[]; nextCursor: string | null }> {
    return (await ada.call({ method: 'GET', url: url(id, query) })).json();
  }
  const restore = (id: string, version: number, headers: Record<string, string> = {}, person = ada) =>
    person.call({ method: 'POST', url: url(id, `/${String(version)}/restore`), headers });
  async function upload(id: string, bytes: Buffer, person = ada): Promise<Artifact> {
    return (await person.upload(id, bytes, any)).json();
  }
  async function finishGardening(id: string, version: number): Promise<void> {
    const internal = `/internal/v1/workspaces/${ada.workspaceId}/artifacts/${id}/versions/${String(version)}`;
    const hash = String(version).repeat(32);
    const variant = { hash, widthPx: 320, heightPx: 200, format: 'webp', sizeBytes: 3 } as const;
    await api.store.put(variantKey(ada.workspaceId, variant), Buffer.from('abc'));
    const placeholder = { thumbhash: 'AAAA', dominantColor: '#aabbcc' };
    const inspection = { widthPx: 400, heightPx: 250 + version, placeholder, expectedVariants: 1 };
    await api.asService({ method: 'PUT', url: `${internal}/inspection`, payload: inspection });
    await api.asService({
      method: 'POST',
      url: `${internal}/variants`,
      payload: { variants: [variant], dropped: [] },
    });
    await api.asService({ method: 'PUT', url: `${internal}/outcome`, payload: { failure: null } });
  }
  const manifestOf = async (id: string) =>
    (await ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}/manifest` })).json<Manifest>();
  const intentsOf = (id: string) =>
    api.database.query<{ version: number }>(
      `select (input ->> 'version')::int as version from outbox where input ->> 'artifactId' = $1 order by id`,
      [id],
    );

  it('are all kept, listed newest first, and downloaded', async () => {
    const { id } = await ada.createArtifact({ name: '../../Oak\r\nx: y' });
    expect(await list(id)).toEqual({ items: [], nextCursor: null });
    await upload(id, gif('one'));
    await upload(id, Buffer.from('two, a text'), member);
    await upload(id, gif('three'));
    const { items } = await list(id);
    expect(items.map(({ version, isCurrent, kind, uploadedBy }) => [version, isCurrent, kind, uploadedBy])).toEqual([
      [3, true, 'picture', ada.id],
      [2, false, 'file', member.id],
      [1, false, 'picture', ada.id],
    ]);
    const pages = [await list(id, '?limit=2')];
    pages.push(await list(id, `?limit=2&cursor=${String(pages[0]?.nextCursor)}`));
    expect(pages.flatMap((page) => page.items)).toEqual(items);

    const bytes = await ada.call({ method: 'GET', url: url(id, '/1/original') });
    expect(bytes.rawPayload).toEqual(gif('one'));
    expect(bytes.headers).toMatchObject({
      'content-type': 'image/gif',
      'content-disposition': 'attachment; filename="Oak x y.gif"',
      'content-security-policy': "sandbox; default-src 'none'",
    });
    const range = await ada.call({ method: 'GET', url: url(id, '/2/original'), headers: { range: 'bytes=0-2' } });
    expect([range.statusCode, range.body]).toEqual([206, 'two']);
    for (const version of [0, 4]) {
      const answer = await ada.call({ method: 'GET', url: url(id, `/${String(version)}/original`) });
      expect(answer.statusCode).toBe(version === 0 ? 400 : 404);
    }
  });

  it('are brought back as a new one, with the variants that stand, at once', async () => {
    const { id } = await ada.createArtifact();
    await upload(id, gif('first'));
    await finishGardening(id, 1);
    const first = await manifestOf(id);
    const second = await upload(id, gif('second'));
    expect((await list(id)).items[1]?.picture).toMatchObject({ heightPx: 251, thumbnail: { src: expect.any(String) } });
    const restored = await restore(id, 1);
    expect(restored.json()).toMatchObject({
      status: 'ready',
      revision: second.revision + 1,
      original: { version: 3, contentType: 'image/gif' },
      picture: { heightPx: 251 },
    });
    expect(restored.headers.etag).toBe(`"r${String(second.revision + 1)}"`);
    const manifest = await manifestOf(id);
    expect(manifest).toEqual({ ...first, version: 3, runUrl: manifest.runUrl });
    expect(await intentsOf(id)).toEqual([{ version: 1 }, { version: 2 }]);
    expect((await list(id)).items.map(({ version, isCurrent }) => [version, isCurrent])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ]);
    const log = await ada.call({ method: 'GET', url: `/api/v1/audit?artifact=${id}&limit=1` });
    expect(log.json<{ items: AuditEntry[] }>().items[0]).toMatchObject({
      action: 'original.restored',
      before: { version: 2 },
      after: { version: 3, of: 1 },
    });
  });

  it('are gardened anew where the gardener was not done with them', async () => {
    const { id } = await ada.createArtifact();
    await upload(id, gif('half done'));
    await upload(id, Buffer.from('a text'));
    expect((await restore(id, 1)).json()).toMatchObject({ status: 'gardening', kind: 'picture', picture: null });
    expect(await intentsOf(id)).toEqual([{ version: 1 }, { version: 3 }]);
    expect((await restore(id, 2)).json()).toMatchObject({ status: 'ready', kind: 'file' });
  });

  it('are left as they are when the one that is asked for is the original already', async () => {
    const { id } = await ada.createArtifact();
    const one = await upload(id, Buffer.from('a text'));
    expect((await restore(id, 1)).json()).toEqual(one);
  });

  it('are brought back once for each key, and by If-Match where it is sent', async () => {
    const { id } = await ada.createArtifact();
    await upload(id, Buffer.from('one'));
    const two = await upload(id, Buffer.from('two'));
    expect((await restore(id, 1, { 'if-match': '"r1"' })).json()).toMatchObject({
      status: 412,
      current: { revision: two.revision },
    });
    const headers = { 'if-match': `"r${String(two.revision)}"`, 'idempotency-key': randomUUID() };
    const answers = [await restore(id, 1, headers), await restore(id, 1, headers)];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(answers[1]?.body).toBe(answers[0]?.body);
    expect((await list(id)).items).toHaveLength(3);
  });

  it('of another workspace answer as if there had never been such an artifact', async () => {
    const { id } = await stranger.createArtifact();
    await stranger.upload(id, Buffer.from('secret'));
    for (const ask of [
      (one: string) => ada.call({ method: 'GET', url: url(one) }),
      (one: string) => ada.call({ method: 'GET', url: url(one, '/1/original') }),
      (one: string) => restore(one, 1),
    ]) {
      const [theirs, never] = [await ask(id), await ask(randomUUID())];
      expect([theirs.statusCode, { ...theirs.json<object>(), requestId: '' }]).toEqual([
        404,
        { ...never.json<object>(), requestId: '' },
      ]);
    }
  });
});
