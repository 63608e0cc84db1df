import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { Artifact } from '@hortus/contracts/artifact';
import type { Problem } from '@hortus/contracts/errors';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { makeJpeg } from '../../../tools/test/fixtures/pictures.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { waitUntil } from '../../../tools/processes/wait-until.ts';

const LIMIT_BYTES = 200_000;
const PATIENCE_MS = 20_000;

function mountTiny(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
}
function unmount(folder: string): void {
  spawnSync('umount', [folder]);
}
/** Only root may fill a disk of its own. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'hortus-mount-'));
  const can = mountTiny(folder);
  if (can) unmount(folder);
  rmdirSync(folder);
  return can;
}

describe('an upload', () => {
  let api: TestApi;
  let ada: TestPerson;
  let port: number;
  let jpeg: Buffer;
  beforeAll(async () => {
    api = await startTestApi({ HORTUS_UPLOAD_MAX_BYTES: String(LIMIT_BYTES) });
    ada = (await api.plant('Acme', ['member'])).people.member;
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = api.app.server.address() as AddressInfo);
    jpeg = await makeJpeg(64, 48);
  });
  afterAll(() => api.close());

  const get = async (id: string) =>
    (await ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}` })).json<Artifact>();
  const download = (id: string, headers: Record<string, string> = {}) =>
    ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}/original`, headers });
  const staging = () => readdir(join(dirname(api.store.localPath('a')), '.staging'));
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  function expectProblem(response: LightMyRequestResponse, status: number, code: string): Problem {
    const problem = response.json<Problem>();
    expect([response.statusCode, problem.code]).toEqual([status, code]);
    return problem;
  }
  const countIntents = async (artifactId: string) =>
    (await api.database.query(`select 1 from outbox where input->>'artifactId' = $1`, [artifactId])).length;

  /** Speaks HTTP by hand, so that a body can be held back, be endless or break off. */
  async function open(
    id: string,
    headers: string[],
  ): Promise<{ socket: Socket; received: () => string; closed: () => boolean }> {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let isClosed = false;
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => (isClosed = true));
    const head = [
      `PUT /api/v1/artifacts/${id}/original HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${ada.accessToken}`,
      `Hortus-Workspace: ${ada.workspaceId}`,
      'Content-Type: application/octet-stream',
      ...headers,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    return { socket, received: () => text, closed: () => isClosed };
  }

  it('comes back byte for byte, as a download that no browser runs', async () => {
    const { id } = await ada.createArtifact({ name: 'Noise' });
    const bytes = randomBytes(150_000);
    const stored = await ada.upload(id, bytes);
    expect(stored.statusCode).toBe(200);
    expect(stored.headers.etag).toBe('"r2"');
    expect(stored.json<Artifact>()).toMatchObject({
      kind: 'file',
      status: 'ready',
      failure: null,
      picture: null,
      revision: 2,
      original: { version: 1, contentType: 'application/octet-stream', sizeBytes: 150_000, sha256: sha256(bytes) },
    });
    const response = await download(id);
    expect(response.rawPayload.equals(bytes)).toBe(true);
    expect(response.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '150000',
      'content-disposition': expect.stringMatching(/^attachment; filename=/),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
      etag: `"${sha256(bytes)}"`,
    });

    const part = await download(id, { range: 'bytes=10-19' });
    expect([part.statusCode, part.headers['content-range']]).toEqual([206, 'bytes 10-19/150000']);
    expect(part.rawPayload.equals(bytes.subarray(10, 20))).toBe(true);
    expect(expectProblem(await download(id, { range: 'bytes=150000-' }), 416, 'RANGE_NOT_SATISFIABLE').detail).toContain('150000'); // prettier-ignore
    const known = await download(id, { 'if-none-match': `"other", W/"${sha256(bytes)}"` });
    expect([known.statusCode, known.body]).toEqual([304, '']);
    expect(await countIntents(id)).toBe(0);
  });

  it('of a picture hands it to the gardener in the same transaction', async () => {
    const { id } = await ada.createArtifact({ name: 'A picture' });
    expect((await ada.upload(id, jpeg)).json<Artifact>()).toMatchObject({
      kind: 'picture',
      status: 'gardening',
      original: { contentType: 'image/jpeg' },
    });
    const intents = await api.database.query(`select workflow, input from outbox where input->>'artifactId' = $1`, [
      id,
    ]);
    expect(intents).toEqual([
      {
        workflow: 'gardenArtifact',
        input: {
          workspaceId: ada.workspaceId,
          artifactId: id,
          version: 1,
          original: { sha256: sha256(jpeg), sizeBytes: jpeg.length },
          priorityKey: 2,
        },
      },
    ]);
  });

  it('is judged by its bytes, against what its name and type say', async () => {
    const text = Buffer.from('just text');
    const outcome = async (name: string, type: string, bytes: Buffer) => {
      const { id } = await ada.createArtifact({ name });
      const { kind, status, failure, original } = (
        await ada.upload(id, bytes, { 'content-type': type })
      ).json<Artifact>();
      return { kind, status, code: failure?.code, detail: failure?.detail, type: original?.contentType };
    };
    const notPicture = { kind: 'file', status: 'failed', code: 'NOT_A_PICTURE', detail: expect.stringContaining('Upload the picture itself') }; // prettier-ignore
    expect(await outcome('x.jpg', 'application/octet-stream', text)).toMatchObject(notPicture);
    expect(await outcome('x', 'image/jpeg', text)).toMatchObject(notPicture);
    expect(await outcome('x.txt', 'text/plain', text)).toMatchObject({ kind: 'file', status: 'ready' });
    expect(await outcome('x.txt', 'text/plain', jpeg)).toMatchObject({ kind: 'picture', type: 'image/jpeg' });
    expect(await outcome('x.html', 'text/html', Buffer.from('<script>'))).toMatchObject({ type: 'application/octet-stream' }); // prettier-ignore
  });

  it('is taken as bytes even where they say that they are JSON or a form', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const { id } = await ada.createArtifact();
      const bytes = Buffer.from('{"not": json');
      expect((await ada.upload(id, bytes, { 'content-type': type })).statusCode).toBe(200);
      expect((await download(id)).rawPayload.equals(bytes)).toBe(true);
    }
  });

  it('without bytes is refused, and changes nothing', async () => {
    const artifact = await ada.createArtifact();
    const url = `/api/v1/artifacts/${artifact.id}/original`;
    const request = { method: 'PUT' as const, url };
    const answers = [
      await ada.call(request),
      await ada.call({ ...request, headers: { 'content-length': '0' } }),
      await ada.call({ ...request, headers: { 'content-length': '0', 'content-type': 'image/jpeg' } }),
      await ada.call({ ...request, headers: { 'content-type': 'image/jpeg' } }),
      await ada.call({ ...request, payload: Buffer.alloc(0), headers: { 'content-type': 'image/jpeg' } }),
      await ada.call({ ...request, payload: Readable.from([]), headers: { 'content-type': 'image/jpeg' } }),
    ];
    for (const answer of answers) expectProblem(answer, 400, 'ORIGINAL_EMPTY');
    const { socket, received } = await open(artifact.id, ['Transfer-Encoding: chunked']);
    socket.write('0\r\n\r\n');
    expect(await waitUntil(() => received().includes('ORIGINAL_EMPTY'), PATIENCE_MS)).toBe(true);
    socket.destroy();
    expect(await get(artifact.id)).toEqual(artifact);
    expectProblem(await download(artifact.id), 404, 'ORIGINAL_NOT_FOUND');
    expect(await staging()).toEqual([]);
  });

  it('that says that it is too large is refused before a byte of it is read', async () => {
    const artifact = await ada.createArtifact();
    const { socket, received, closed } = await open(artifact.id, [`Content-Length: ${String(LIMIT_BYTES + 1)}`]);
    // Not a byte of the body was sent, and the server does not wait for one.
    expect(await waitUntil(() => received().includes('BODY_TOO_LARGE'), PATIENCE_MS)).toBe(true);
    expect(received()).toMatch(/^HTTP\/1\.1 413 /);
    expect(await waitUntil(closed, PATIENCE_MS)).toBe(true);
    socket.destroy();
    expect(await get(artifact.id)).toEqual(artifact);
  });

  it('that turns out to be too large is cut off, and leaves nothing', async () => {
    const artifact = await ada.createArtifact();
    const { socket, received, closed } = await open(artifact.id, ['Transfer-Encoding: chunked']);
    const chunk = Buffer.concat([Buffer.from('4000\r\n'), Buffer.alloc(0x4000), Buffer.from('\r\n')]);
    // It never ends by itself: only the answer ends it, and that must arrive although the client goes on sending.
    let sent = 0;
    while (!closed() && sent < 100 * LIMIT_BYTES) {
      socket.write(chunk);
      sent += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await waitUntil(() => received().includes('BODY_TOO_LARGE'), PATIENCE_MS)).toBe(true);
    expect(received()).toMatch(/^HTTP\/1\.1 413 /);
    expect(await waitUntil(closed, PATIENCE_MS)).toBe(true);
    socket.destroy();
    expect(await staging()).toEqual([]);
    expect(await get(artifact.id)).toEqual(artifact);
  });

  it('of exactly the limit is taken', async () => {
    const { id } = await ada.createArtifact();
    expect((await ada.upload(id, Buffer.alloc(LIMIT_BYTES, 1))).statusCode).toBe(200);
  });

  it('that breaks off changes nothing, leaves nothing, and the api serves on', async () => {
    const artifact = await ada.createArtifact();
    for (const headers of [['Content-Length: 100000'], ['Transfer-Encoding: chunked']]) {
      const { socket } = await open(artifact.id, headers);
      socket.write('400\r\n');
      socket.write(Buffer.alloc(1024));
      expect(await waitUntil(async () => (await staging()).length === 1, PATIENCE_MS)).toBe(true);
      socket.destroy();
      expect(await waitUntil(async () => (await staging()).length === 0, PATIENCE_MS)).toBe(true);
    }
    expect(await get(artifact.id)).toEqual(artifact);
    expect((await ada.upload(artifact.id, jpeg)).statusCode).toBe(200);
    expect(api.logged.filter((line) => (JSON.parse(line) as { severity: string }).severity === 'error')).toEqual([]);
  });

  describe('that replaces another', () => {
    it('must say which revision it replaces, before its bytes are read', async () => {
      const { id } = await ada.createArtifact();
      const first = (await ada.upload(id, jpeg)).json<Artifact>();
      for (const [header, status, code] of [
        [[], 428, 'IF_MATCH_REQUIRED'],
        [['If-Match: "r1"'], 412, 'REVISION_STALE'],
        [['If-Match: W/"r2"'], 412, 'REVISION_STALE'],
      ] as const) {
        const { socket, received } = await open(id, ['Content-Length: 1000', ...header]);
        expect(await waitUntil(() => received().includes(code), PATIENCE_MS)).toBe(true);
        expect(received()).toContain(`HTTP/1.1 ${String(status)} `);
        socket.destroy();
      }
      const stale = expectProblem(
        await ada.upload(id, Buffer.from('new'), { 'if-match': '"r1"' }),
        412,
        'REVISION_STALE',
      );
      expect(stale.current).toEqual(first);
      expect(await get(id)).toEqual(first);
    });

    it('makes the next version, and forgets what was made of the one before', async () => {
      const { id } = await ada.createArtifact();
      await ada.upload(id, jpeg);
      const before = Buffer.from('hortus');
      const variant = { format: 'webp', widthPx: 320, heightPx: 240, sizeBytes: 6, hash: sha256(before).slice(0, 32) };
      await api.asService({
        method: 'POST',
        url: `/internal/v1/workspaces/${ada.workspaceId}/artifacts/${id}/versions/1/variants`,
        payload: { variants: [variant], dropped: [] },
      });
      const second = await ada.upload(id, Buffer.from('a file now'), { 'if-match': '"r2"' });
      expect(second.json<Artifact>()).toMatchObject({
        kind: 'file',
        status: 'ready',
        revision: 3,
        original: { version: 2 },
      });
      const manifest = await ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}/manifest` });
      expect(manifest.json()).toMatchObject({ version: 2, variants: [], srcsets: {} });
    });

    it('with the same bytes changes nothing, unless they had failed', async () => {
      const { id } = await ada.createArtifact();
      const first = (await ada.upload(id, jpeg)).json<Artifact>();
      expect((await ada.upload(id, jpeg, { 'if-match': '"r2"' })).json()).toEqual(first);
      expect(await countIntents(id)).toBe(1);
      await api.asService({
        method: 'PUT',
        url: `/internal/v1/workspaces/${ada.workspaceId}/artifacts/${id}/versions/1/outcome`,
        payload: { failure: { code: 'GARDENER_GAVE_UP', detail: 'Try again.' } },
      });
      const again = await ada.upload(id, jpeg, { 'if-match': '"r2"' });
      expect(again.json()).toMatchObject({ status: 'gardening', failure: null, revision: 3, original: { version: 2 } });
      expect(await countIntents(id)).toBe(2);
    });

    it('beside another at the same time is told that it is stale', async () => {
      const { id } = await ada.createArtifact();
      const answers = await Promise.all([1, 2, 3, 4].map((fill) => ada.upload(id, Buffer.alloc(1000, fill))));
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 428, 428, 428]);
      expect((await get(id)).original?.version).toBe(1);
    });
  });

  (canMount() ? it : it.skip)(
    'that fills the disk (where a small one can be mounted) is refused with 507',
    async () => {
      const artifact = await ada.createArtifact();
      const folder = join(dirname(api.store.localPath('a')), '.staging');
      mountTiny(folder);
      try {
        expectProblem(await ada.upload(artifact.id, Buffer.alloc(150_000, 1)), 507, 'STORAGE_FULL');
        expect(await staging()).toEqual([]);
      } finally {
        unmount(folder);
      }
      expect(await get(artifact.id)).toEqual(artifact);
      expect((await ada.upload(artifact.id, Buffer.alloc(150_000, 1))).statusCode).toBe(200);
    },
  );
});
