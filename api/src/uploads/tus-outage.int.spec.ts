import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Upload, type UploadOptions } from 'tus-js-client';
import type { Artifact } from '@hortus/contracts/artifact';
import type { Problem } from '@hortus/contracts/errors';
import { UPLOADED_ARTIFACT_HEADER } from '@hortus/contracts/upload-api';
import { TEST_SECRET_KEY, TEST_SERVICE_KEY, startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { startTestProgram, type TestProgram } from '../../../tools/test/fixtures/programs.ts';
import { chooseFreePort } from '../../../tools/processes/free-port.ts';
import { startVersitygw, type S3Server } from '../../../tools/servers/versitygw.ts';

const MIB = 1024 * 1024;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Real processes of the api, which are killed; people are planted by one that shares their database. */
describe('a resumable upload survives', () => {
  let planted: TestApi;
  let ada: TestPerson;
  const programs: TestProgram[] = [];
  beforeAll(async () => {
    planted = await startTestApi();
    ada = (await planted.plant('Acme', ['owner'])).people.owner;
  }, 60_000);
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.kill()));
    await planted.close();
  });

  async function startApi(port: number, store: Record<string, string>): Promise<TestProgram> {
    const program = await startTestProgram('api/src/main.ts', {
      HORTUS_PORT: String(port),
      HORTUS_DATABASE_URL: planted.database.apiUrl,
      HORTUS_DATABASE_POOL_MAX: '5',
      HORTUS_SECRET_KEY: TEST_SECRET_KEY,
      HORTUS_SERVICE_KEY: TEST_SERVICE_KEY,
      ...store,
    });
    programs.push(program);
    return program;
  }
  const headers = () => ({ authorization: `Bearer ${ada.accessToken}`, 'hortus-workspace': ada.workspaceId });
  const call = (port: number, path: string, init: { method?: string; headers?: Record<string, string>; body?: Buffer } = {}) =>
    fetch(`http://127.0.0.1:${String(port)}${path}`, {
      ...init,
      body: init.body === undefined ? null : new Uint8Array(init.body),
      headers: { ...headers(), 'tus-resumable': '1.0.0', ...init.headers },
    }); // prettier-ignore
  const append = (port: number, url: string, offset: number, body: Buffer) =>
    call(port, url, {
      method: 'PATCH',
      body,
      headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
    });
  const offsetOf = async (port: number, url: string) =>
    Number((await call(port, url, { method: 'HEAD' })).headers.get('upload-offset'));

  it('the death of the api in the middle: tus-js-client goes on where the last flushed byte is', async () => {
    const port = await chooseFreePort();
    const store = { HORTUS_OBJECTS_FOLDER: dirname(planted.store.localPath('a')) };
    const api = await startApi(port, store);
    const bytes = randomBytes(30 * MIB);
    let restarted: Promise<unknown> | undefined;
    const asked: string[] = [];
    const id = await new Promise<string>((resolve, reject) => {
      const options: UploadOptions = {
        endpoint: `http://127.0.0.1:${String(port)}/api/v1/uploads`,
        headers: headers(),
        metadata: { filename: 'survivor.bin' },
        chunkSize: 10 * MIB,
        retryDelays: Array.from({ length: 100 }, () => 200),
        onBeforeRequest: (request) => void asked.push(request.getMethod()),
        onChunkComplete: () => {
          restarted ??= api.kill().then(() => startApi(port, store));
        },
        onSuccess: ({ lastResponse }) => {
          resolve(lastResponse.getHeader(UPLOADED_ARTIFACT_HEADER) ?? '');
        },
        onError: reject,
      };
      new Upload(bytes, options).start();
    });
    await restarted;
    const artifact = (await (await call(port, `/api/v1/artifacts/${id}`)).json()) as Artifact;
    expect(artifact).toMatchObject({ name: 'survivor.bin', original: { version: 1, sha256: sha256(bytes) } });
    expect(asked.filter((method) => method === 'POST')).toHaveLength(1);
    expect(asked).toContain('HEAD');
  }, 120_000);

  describe('with its bytes in S3', () => {
    let server: S3Server;
    let folder: string;
    let ports: [number, number];
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'hortus-s3-'));
      server = await startVersitygw(folder);
      const store = {
        HORTUS_S3_BUCKET: server.bucket,
        HORTUS_S3_ENDPOINT: server.endpoint,
        HORTUS_S3_PATH_STYLE: 'true',
        HORTUS_S3_ACCESS_KEY_ID: server.accessKeyId,
        HORTUS_S3_SECRET_ACCESS_KEY: server.secretAccessKey,
      };
      ports = [await chooseFreePort(), await chooseFreePort()];
      await Promise.all(ports.map((port) => startApi(port, store)));
    }, 600_000);
    afterAll(async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    });

    async function create(bytes: Buffer): Promise<string> {
      const answer = await call(ports[0], '/api/v1/uploads', {
        method: 'POST',
        headers: { 'upload-length': String(bytes.length) },
      });
      return answer.headers.get('location') ?? '';
    }
    async function download(answer: Response): Promise<Buffer> {
      const id = answer.headers.get(UPLOADED_ARTIFACT_HEADER) ?? '';
      return Buffer.from(await (await call(ports[1], `/api/v1/artifacts/${id}/original`)).arrayBuffer());
    }

    it('a change of replicas from piece to piece', async () => {
      const bytes = randomBytes(13 * MIB);
      const url = await create(bytes);
      expect((await append(ports[0], url, 0, bytes.subarray(0, 6 * MIB))).status).toBe(204);
      expect(await offsetOf(ports[1], url)).toBe(6 * MIB);
      const last = await append(ports[1], url, 6 * MIB, bytes.subarray(6 * MIB));
      expect(last.headers.get('upload-offset')).toBe(String(bytes.length));
      expect(sha256(await download(last))).toBe(sha256(bytes));
    }, 60_000);

    it('an S3 server that is away: 503 until it is back, and nothing that was acknowledged is lost', async () => {
      const bytes = randomBytes(10 * MIB);
      const url = await create(bytes);
      expect((await append(ports[0], url, 0, bytes.subarray(0, 5 * MIB))).status).toBe(204);
      await server.kill();
      const refused = await append(ports[0], url, 5 * MIB, bytes.subarray(5 * MIB));
      const { code } = (await refused.json()) as Problem;
      expect([refused.status, code, refused.headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '2']);
      const artifact = await ada.createArtifact();
      const put = await call(ports[0], `/api/v1/artifacts/${artifact.id}/original`, { method: 'PUT', body: bytes });
      expect(put.status).toBe(503);
      expect(await offsetOf(ports[0], url)).toBe(5 * MIB);
      await server.start();
      const last = await append(ports[0], url, 5 * MIB, bytes.subarray(5 * MIB));
      expect(last.status).toBe(204);
      expect(sha256(await download(last))).toBe(sha256(bytes));
      expect((await call(ports[0], `/api/v1/artifacts/${artifact.id}`)).status).toBe(200);
    }, 60_000);
  });
});
