import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Artifact, Manifest } from '@hortus/contracts/artifact';
import type { Receipt } from '@hortus/contracts/receipt-api';
import { variantKey } from '@hortus/contracts/object-key';
import { TEST_SERVICE_KEY, startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { makeJpeg } from '../../../tools/test/fixtures/pictures.ts';

const placeholder = { thumbhash: 'AAAA', dominantColor: '#aabbcc' };

describe('what the gardener records', () => {
  let api: TestApi;
  let ada: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    ada = (await api.plant('Garden', ['owner'])).people.owner;
  }, 30_000);
  afterAll(() => api.close());

  async function uploadPicture(): Promise<Artifact> {
    const { id } = await ada.createArtifact({ name: 'A picture' });
    return (await ada.upload(id, await makeJpeg(40, 30))).json<Artifact>();
  }

  const url = (id: string, what: string, version = 1, workspaceId = ada.workspaceId) =>
    `/internal/v1/workspaces/${workspaceId}/artifacts/${id}/versions/${String(version)}/${what}`;

  async function putVariant(widthPx: number, format: 'webp' | 'avif' = 'webp') {
    const bytes = randomBytes(1000 + widthPx);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    await api.store.put(variantKey(ada.workspaceId, { hash, widthPx, format }), bytes);
    return {
      bytes,
      variant: {
        format,
        widthPx,
        heightPx: widthPx,
        sizeBytes: bytes.length,
        hash,
        quality: 80,
        score: 71.5,
        encodeMs: 3,
        tries: [],
      },
    };
  }

  const getManifest = async (id: string) =>
    (await ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}/manifest` })).json<Manifest>();

  it('shows what each variant has cost, and what is saved by them all', async () => {
    const { id } = await uploadPicture();
    const wide = await putVariant(640);
    const narrow = await putVariant(320);
    const tries = [
      { quality: 74, score: 68.25, sizeBytes: 900 },
      { quality: 77, score: 70.5, sizeBytes: 1000 },
    ];
    const scored = { ...wide.variant, quality: 77, score: 70.5, encodeMs: 40, tries };
    const payload = { variants: [scored, { ...narrow.variant, quality: null, score: null }], dropped: [] };
    const recorded = await api.asService({ method: 'POST', url: url(id, 'variants'), payload });
    expect(recorded.statusCode).toBe(204);
    const answer = await ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}/receipt` });
    const receipt = answer.json<Receipt>();
    expect(receipt).toMatchObject({ artifactId: id, version: 1, encodings: 3, encodeMs: 43 });
    expect(receipt.savedBytes).toBe(receipt.originalSizeBytes - wide.bytes.length);
    expect(receipt.lines).toMatchObject([
      { widthPx: 320, quality: null, score: null, tries: [] },
      { widthPx: 640, quality: 77, score: 70.5, encodeMs: 40, tries },
    ]);
    expect((await getManifest(id)).variants).toMatchObject([{ score: null }, { quality: 77, score: 70.5 }]);
  });

  it('grows the manifest, and stays the same however often it is said', async () => {
    const { id } = await uploadPicture();
    const inspection = { widthPx: 40, heightPx: 30, placeholder, expectedVariants: 2 };
    const { variant } = await putVariant(320);
    const dropped = { format: 'avif', widthPx: 320, sizeBytes: 9999, reason: 'webp of the same width is not larger' };
    for (let times = 0; times < 2; times += 1) {
      const answers = [
        await api.asService({ method: 'PUT', url: url(id, 'inspection'), payload: inspection }),
        await api.asService({
          method: 'POST',
          url: url(id, 'variants'),
          payload: { variants: [variant], dropped: [dropped] },
        }),
        await api.asService({ method: 'PUT', url: url(id, 'outcome'), payload: { failure: null } }),
      ];
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204, 204]);
    }
    const manifest = await getManifest(id);
    expect(manifest).toMatchObject({
      status: 'ready',
      widthPx: 40,
      heightPx: 30,
      placeholder,
      expected: 2,
      dropped: [dropped],
    });
    expect(manifest.variants).toHaveLength(1);
    expect(manifest.srcsets).toEqual({ webp: `${manifest.variants[0]?.url ?? ''} 320w` });
    const artifact = (await ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}` })).json<Artifact>();
    expect(artifact.picture?.thumbnail?.src).toBe(manifest.variants[0]?.url);
  });

  it('is void for an original that was replaced', async () => {
    const { id, revision } = await uploadPicture();
    await ada.upload(id, await makeJpeg(50, 30), { 'if-match': `"r${String(revision)}"` });
    const answer = await api.asService({ method: 'PUT', url: url(id, 'outcome', 1), payload: { failure: null } });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'ARTIFACT_VERSION_STALE' });
    expect((await getManifest(id)).status).toBe('gardening');
  });

  it('is taken for an artifact in the trash, which is complete when it is restored', async () => {
    const { id } = await uploadPicture();
    const { variant } = await putVariant(320);
    await ada.call({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: { 'if-match': '*' } });
    const answers = [
      await api.asService({ method: 'POST', url: url(id, 'variants'), payload: { variants: [variant], dropped: [] } }),
      await api.asService({ method: 'PUT', url: url(id, 'outcome'), payload: { failure: null } }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204]);
    const restored = await ada.call({ method: 'POST', url: `/api/v1/artifacts/${id}/restore` });
    expect(restored.json()).toMatchObject({ status: 'ready' });
    expect((await getManifest(id)).variants).toHaveLength(1);
  });

  it('is void for an artifact that was deleted for good, and for a workspace that was', async () => {
    const { id } = await uploadPicture();
    const { variant } = await putVariant(320);
    const record = (workspaceId = ada.workspaceId) =>
      api.asService({
        method: 'POST',
        url: url(id, 'variants', 1, workspaceId),
        payload: { variants: [variant], dropped: [] },
      });
    await ada.call({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: { 'if-match': '*' } });
    await ada.call({ method: 'DELETE', url: `/api/v1/trash/${id}`, headers: { 'if-match': '*' } });
    expect((await record()).json()).toMatchObject({ status: 404, code: 'ARTIFACT_NOT_FOUND' });
    const gone = await api.plant('Gone', []);
    await api.database.query('delete from workspaces where id = $1', [gone.id]);
    expect((await record(gone.id)).json()).toMatchObject({ status: 404, code: 'ARTIFACT_NOT_FOUND' });
    expect(await api.database.query('select 1 from variants where artifact_id = $1', [id])).toEqual([]);
    // The object that was made in vain is found again.
    const keys = await api.database.query(`select key from loose_objects where key like '%/variants/%'`);
    expect(keys).toContainEqual({ key: variantKey(ada.workspaceId, variant) });
  });

  it('is to be said again when a variant is not in the object store', async () => {
    const { id } = await uploadPicture();
    const { variant } = await putVariant(320);
    await api.store.delete(variantKey(ada.workspaceId, variant));
    const payload = { variants: [variant], dropped: [] };
    const answer = await api.asService({ method: 'POST', url: url(id, 'variants'), payload });
    expect(answer.json()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect((await getManifest(id)).variants).toEqual([]);
  });

  it('needs the workspace that the artifact is in', async () => {
    const { id } = await uploadPicture();
    const other = await api.plant('Other garden', []);
    const answer = await api.asService({
      method: 'PUT',
      url: url(id, 'outcome', 1, other.id),
      payload: { failure: null },
    });
    expect(answer.statusCode).toBe(404);
  });

  it('needs the service key, which no person has', async () => {
    const { id } = await uploadPicture();
    for (const authorization of ['Bearer wrong-key-wrong-key-wrong-key-wrong-key', `Bearer ${ada.accessToken}`, '']) {
      const answer = await api.app.inject({
        method: 'PUT',
        url: url(id, 'outcome'),
        headers: { authorization },
        payload: { failure: null },
      });
      expect(answer.json()).toMatchObject({ status: 401, code: 'SERVICE_KEY_WRONG' });
    }
  });

  it('tells why a picture failed, with a code and a sentence', async () => {
    const { id } = await uploadPicture();
    const failure = { code: 'PICTURE_TRUNCATED', detail: 'The bytes end before the picture does. Upload it again.' };
    await api.asService({ method: 'PUT', url: url(id, 'outcome'), payload: { failure } });
    expect(await getManifest(id)).toMatchObject({ status: 'failed', failure });
  });

  describe('and is delivered by a signed address', () => {
    async function deliverable(): Promise<{ address: string; bytes: Buffer }> {
      const { id } = await uploadPicture();
      const { variant, bytes } = await putVariant(640);
      await api.asService({ method: 'POST', url: url(id, 'variants'), payload: { variants: [variant], dropped: [] } });
      const manifest = await getManifest(id);
      return { address: manifest.variants[0]?.url ?? '', bytes };
    }

    it('to whoever has the address, whole, for ever', async () => {
      const { address, bytes } = await deliverable();
      const answer = await api.app.inject({ method: 'GET', url: address });
      expect(answer.statusCode).toBe(200);
      expect(answer.rawPayload.equals(bytes)).toBe(true);
      expect(answer.headers).toMatchObject({
        'content-type': 'image/webp',
        'cache-control': 'private, max-age=31536000, immutable',
        'accept-ranges': 'bytes',
        'content-length': String(bytes.length),
      });
      const known = await api.app.inject({
        method: 'GET',
        url: address,
        headers: { 'if-none-match': String(answer.headers.etag) },
      });
      expect(known.statusCode).toBe(304);
      const head = await api.app.inject({ method: 'HEAD', url: address });
      expect([head.statusCode, head.rawPayload.length, head.headers['content-length']]).toEqual([
        200,
        0,
        String(bytes.length),
      ]);
    });

    it('in ranges', async () => {
      const { address, bytes } = await deliverable();
      const get = (range: string) => api.app.inject({ method: 'GET', url: address, headers: { range } });
      const middle = await get('bytes=10-19');
      expect(middle.statusCode).toBe(206);
      expect(middle.headers['content-range']).toBe(`bytes 10-19/${String(bytes.length)}`);
      expect(middle.rawPayload.equals(bytes.subarray(10, 20))).toBe(true);
      expect((await get('bytes=-5')).rawPayload.equals(bytes.subarray(-5))).toBe(true);
      const behind = await get(`bytes=${String(bytes.length)}-`);
      expect([behind.statusCode, behind.headers['content-range']]).toEqual([416, `bytes */${String(bytes.length)}`]);
    });

    it('and by no other', async () => {
      const { address } = await deliverable();
      const { pathname, searchParams } = new URL(address, 'http://localhost');
      const expires = searchParams.get('expires') ?? '';
      const signature = searchParams.get('signature') ?? '';
      const tampered = [
        `${pathname}?expires=${expires}&signature=${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`,
        `${pathname}?expires=${String(Number(expires) + 86_400)}&signature=${signature}`,
        `${pathname.replace('-640.', '-320.')}?expires=${expires}&signature=${signature}`,
        `${pathname}?expires=${expires}&signature=`,
      ];
      for (const url of tampered) {
        expect((await api.app.inject({ method: 'GET', url })).json()).toMatchObject({
          status: 403,
          code: 'ADDRESS_NOT_SIGNED',
        });
      }
      expect((await api.app.inject({ method: 'GET', url: pathname })).statusCode).toBe(400);
    });

    it('and its signature, like the service key, stands in no log', async () => {
      const { address } = await deliverable();
      await api.app.inject({ method: 'GET', url: address });
      const log = api.logged.join('');
      expect(log).toContain(address.split('?', 1)[0]);
      const secrets = [
        new URL(address, 'http://localhost').searchParams.get('signature'),
        TEST_SERVICE_KEY,
        ada.accessToken,
      ];
      expect(secrets.filter((secret) => log.includes(String(secret)))).toEqual([]);
    });
  });
});
