import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { connect, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { Upload, type UploadOptions } from 'tus-js-client';
import type { Artifact } from '@hortus/contracts/artifact';
import type { Problem } from '@hortus/contracts/errors';
import { UPLOADED_ARTIFACT_HEADER } from '@hortus/contracts/upload-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { makeJpeg } from '../../../tools/test/fixtures/pictures.ts';
import type { TestPerson, TestRequest } from '../../../tools/test/fixtures/people.ts';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { sweepUploads } from './upload-sweep.ts';

const LIMIT_BYTES = 20 * 1024 * 1024;
const PATIENCE_MS = 30_000;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a resumable upload', () => {
  let api: TestApi;
  let ada: TestPerson;
  let bob: TestPerson;
  let stranger: TestPerson;
  let origin: string;
  let jpeg: Buffer;
  beforeAll(async () => {
    api = await startTestApi({ HORTUS_UPLOAD_MAX_BYTES: String(LIMIT_BYTES) });
    const { people } = await api.plant('Acme', ['owner', 'member']);
    ada = people.owner;
    bob = people.member;
    stranger = (await api.plant('Globex', ['owner'])).people.owner;
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    origin = `http://127.0.0.1:${String((api.app.server.address() as AddressInfo).port)}`;
    jpeg = await makeJpeg(64, 48);
  }, 60_000);
  afterAll(() => api.close());

  const tus = (person: TestPerson, { headers, ...request }: TestRequest) =>
    person.call({ ...request, headers: { 'tus-resumable': '1.0.0', ...headers } });
  const create = (headers: Record<string, string>, person = ada) =>
    tus(person, { method: 'POST', url: '/api/v1/uploads', headers });
  const head = (url: string, person = ada) => tus(person, { method: 'HEAD', url });
  const append = (url: string, offset: number | string, bytes: Buffer, person = ada) =>
    tus(person, {
      method: 'PATCH',
      url,
      payload: bytes,
      headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
    });
  async function begin(sizeBytes: number, metadata = `filename ${base64('a.bin')}`): Promise<string> {
    const created = await create({ 'upload-length': String(sizeBytes), 'upload-metadata': metadata });
    expect(created.statusCode).toBe(201);
    return String(created.headers.location);
  }
  function expectProblem(response: LightMyRequestResponse, status: number, code: string): Problem {
    const problem = response.json<Problem>();
    expect([response.statusCode, problem.code, response.headers['tus-resumable']]).toEqual([status, code, '1.0.0']);
    return problem;
  }
  const artifactOf = async (answer: { headers: Record<string, unknown> }) =>
    (await ada.call({ method: 'GET', url: `/api/v1/artifacts/${String(answer.headers[UPLOADED_ARTIFACT_HEADER])}` })).json<Artifact>(); // prettier-ignore
  async function storedParts(): Promise<number> {
    let count = 0;
    for await (const one of api.store.list(`${ada.workspaceId}/uploads`)) count += one.sizeBytes > 0 ? 1 : 0;
    return count;
  }

  /** Runs tus-js-client as a browser would. @returns the artifact's id */
  function upload(source: Buffer | Readable, options: Partial<UploadOptions>): Promise<string> {
    return new Promise((resolve, reject) => {
      new Upload(source, {
        endpoint: `${origin}/api/v1/uploads`,
        headers: { authorization: `Bearer ${ada.accessToken}`, 'hortus-workspace': ada.workspaceId },
        retryDelays: null,
        onSuccess: ({ lastResponse }) => {
          resolve(lastResponse.getHeader(UPLOADED_ARTIFACT_HEADER) ?? '');
        },
        onError: reject,
        ...options,
      }).start();
    });
  }
  const get = async (id: string) =>
    (await ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}` })).json<Artifact>();

  describe('by tus-js-client', () => {
    it.each<[string, Partial<UploadOptions>]>([
      ['in one piece', {}],
      ['in chunks', { chunkSize: 3_000_000 }],
      ['with the first bytes at once', { uploadDataDuringCreation: true, chunkSize: 3_000_000 }],
      ['of a stream of unknown length', { uploadLengthDeferred: true, chunkSize: 3_000_000 }],
    ])('becomes an artifact that is called like the file, byte for byte (%s)', async (_how, options) => {
      const bytes = randomBytes(10_000_000);
      const isStream = options.uploadLengthDeferred === true;
      const id = await upload(isStream ? Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]) : bytes, {
        metadata: { filename: 'C:\\fakepath\\Ünïcode.bin', filetype: 'application/octet-stream' },
        ...options,
      });
      expect(await get(id)).toMatchObject({
        name: 'Ünïcode.bin',
        kind: 'file',
        status: 'ready',
        original: { version: 1, sizeBytes: bytes.length, sha256: sha256(bytes) },
      });
      const download = await ada.call({ method: 'GET', url: `/api/v1/artifacts/${id}/original` });
      expect(sha256(download.rawPayload)).toBe(sha256(bytes));
      expect(await storedParts()).toBe(0);
    });

    it('of a picture hands it to the gardener once', async () => {
      const id = await upload(jpeg, { metadata: { filename: 'a.jpg' } });
      expect(await get(id)).toMatchObject({ kind: 'picture', status: 'gardening' });
      const intents = await api.database.query(`select 1 from outbox where input->>'artifactId' = $1`, [id]);
      expect(intents).toHaveLength(1);
    });

    it('becomes the original of an artifact that it names, by the rules of every original', async () => {
      const { id } = await ada.createArtifact({ name: 'Named' });
      expect(await upload(jpeg, { metadata: { artifactId: id } })).toBe(id);
      expect(await get(id)).toMatchObject({ name: 'Named', revision: 2, original: { version: 1 } });
      const headers = { authorization: `Bearer ${ada.accessToken}`, 'hortus-workspace': ada.workspaceId };
      const statusOf = (error: unknown) =>
        (error as { originalResponse: { getStatus(): number } }).originalResponse.getStatus();
      await expect(upload(Buffer.from('x'), { metadata: { artifactId: id } }).catch(statusOf)).resolves.toBe(428);
      await expect(
        upload(Buffer.from('x'), { metadata: { artifactId: id }, headers: { ...headers, 'if-match': '"r1"' } }).catch(statusOf), // prettier-ignore
      ).resolves.toBe(412);
      await upload(Buffer.from('x'), { metadata: { artifactId: id }, headers: { ...headers, 'if-match': '"r2"' } });
      expect(await get(id)).toMatchObject({ revision: 3, original: { version: 2, sizeBytes: 1 } });
    });
  });

  it('says what it speaks to anybody', async () => {
    const answer = await api.app.inject({ method: 'OPTIONS', url: '/api/v1/uploads' });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,creation-defer-length,expiration,termination',
      'tus-max-size': String(LIMIT_BYTES),
    });
  });

  it('goes on where it was, and a repeated last piece changes nothing', async () => {
    const bytes = randomBytes(1000);
    const url = await begin(1000, `filename ${base64('x')},odd ${Buffer.from([0xff, 0, 0xfe]).toString('base64')}`);
    expect((await append(url, 0, bytes.subarray(0, 400))).headers['upload-offset']).toBe('400');
    const before = await head(url);
    expect(before.headers).toMatchObject({
      'upload-offset': '400',
      'upload-length': '1000',
      'upload-metadata': `filename ${base64('x')},odd ${Buffer.from([0xff, 0, 0xfe]).toString('base64')}`,
      'cache-control': 'no-store',
    });
    expect(before.headers['hortus-artifact']).toBeUndefined();
    const last = await append(url, 400, bytes.subarray(400));
    expect([last.statusCode, last.headers['upload-offset']]).toEqual([204, '1000']);
    const artifact = await artifactOf(last);
    expect(artifact.original?.sha256).toBe(sha256(bytes));
    expectProblem(await append(url, 400, bytes.subarray(400)), 409, 'UPLOAD_OFFSET_WRONG');
    const again = await append(url, 1000, Buffer.alloc(0));
    expect([again.statusCode, again.headers['upload-offset']]).toEqual([204, '1000']);
    expect(await artifactOf(await head(url))).toEqual(artifact);
  });

  it('with another offset than it has is refused, and keeps what it has', async () => {
    const url = await begin(1000);
    await append(url, 0, randomBytes(100));
    for (const offset of [0, 99, 101, 1000]) {
      const problem = await append(url, offset, Buffer.alloc(0));
      expectProblem(problem, 409, 'UPLOAD_OFFSET_WRONG');
    }
    for (const offset of ['-1', '1.5', 'x', '1e2', '99999999999999999999']) {
      const { statusCode } = await append(url, offset, randomBytes(1));
      expect([offset, statusCode]).toEqual([offset, 400]);
    }
    expect((await head(url)).headers['upload-offset']).toBe('100');
  });

  it('takes the bytes of one of many that append at once', async () => {
    const url = await begin(1000);
    const answers = await Promise.all([1, 2, 3, 4].map((fill) => append(url, 0, Buffer.alloc(100, fill))));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 409, 409, 409]);
    expect((await head(url)).headers['upload-offset']).toBe('100');
    expect(await storedParts()).toBe(2);
    const rest = await Promise.all([1, 2, 3].map((fill) => append(url, 100, Buffer.alloc(900, fill))));
    expect(rest.map(({ statusCode }) => statusCode).sort()).toEqual([204, 409, 409]);
    const { original } = await artifactOf(await head(url));
    expect(original).toMatchObject({ version: 1, sizeBytes: 1000 });
  });

  it('of somebody else is as one that never was', async () => {
    const url = await begin(1000);
    for (const person of [bob, stranger]) {
      const asked = await head(url, person);
      expect([asked.statusCode, asked.headers['upload-offset']]).toEqual([404, undefined]);
      expectProblem(await append(url, 0, randomBytes(10), person), 404, 'UPLOAD_NOT_FOUND');
      expectProblem(await tus(person, { method: 'DELETE', url }), 404, 'UPLOAD_NOT_FOUND');
    }
    const never = `/api/v1/uploads/${randomUUID()}`;
    const problemOf = async (at: string) => ({ ...(await append(at, 0, randomBytes(10), bob)).json<Problem>(), requestId: '' }); // prettier-ignore
    expect(await problemOf(url)).toEqual(await problemOf(never));
    expect((await head(url)).headers['upload-offset']).toBe('0');
    const foreign = await stranger.createArtifact();
    const metadata = { 'upload-length': '1', 'upload-metadata': `artifactId ${base64(foreign.id)}` };
    expectProblem(await create(metadata), 404, 'ARTIFACT_NOT_FOUND');
  });

  it('that is too large is refused: where it says so, where it turns out, and where it is more than it said', async () => {
    expectProblem(await create({ 'upload-length': String(LIMIT_BYTES + 1) }), 413, 'BODY_TOO_LARGE');
    const url = await begin(100);
    expectProblem(await append(url, 0, randomBytes(101)), 413, 'BODY_TOO_LARGE');
    const chunked = (at: string, bytes: Buffer) =>
      tus(ada, {
        method: 'PATCH',
        url: at,
        payload: Readable.from([bytes]),
        headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
      });
    expectProblem(await chunked(url, randomBytes(101)), 413, 'BODY_TOO_LARGE');
    expect((await head(url)).headers['upload-offset']).toBe('0');
    const deferred = String((await create({ 'upload-defer-length': '1' })).headers.location);
    expectProblem(await chunked(deferred, Buffer.alloc(LIMIT_BYTES + 1)), 413, 'BODY_TOO_LARGE');
    expect((await tus(ada, { method: 'DELETE', url: deferred })).statusCode).toBe(204);
    expect((await append(url, 0, Buffer.alloc(100))).statusCode).toBe(204);
  });

  it('that is not what tus says is refused in words', async () => {
    const no = { method: 'POST', url: '/api/v1/uploads', headers: { 'upload-length': '1' } } as const;
    expectProblem(await ada.call(no), 412, 'TUS_VERSION_UNSUPPORTED');
    expectProblem(await create({ 'upload-length': '1', 'tus-resumable': '0.2.2' }), 412, 'TUS_VERSION_UNSUPPORTED');
    expectProblem(await create({}), 400, 'REQUEST_INVALID');
    expectProblem(await create({ 'upload-length': '0' }), 400, 'ORIGINAL_EMPTY');
    for (const length of ['-1', '1.5', 'x', '1e3']) {
      expectProblem(await create({ 'upload-length': length }), 400, 'REQUEST_INVALID');
    }
    for (const metadata of ['filename %%%', 'a b c', 'a YQ==,a YQ==', 'ü YQ==', `artifactId ${base64('../x')}`]) {
      expectProblem(await create({ 'upload-length': '1', 'upload-metadata': metadata }), 400, 'REQUEST_INVALID');
    }
    const url = await begin(10);
    const wrong = await tus(ada, { method: 'PATCH', url, payload: 'x', headers: { 'content-type': 'text/plain', 'upload-offset': '0' } }); // prettier-ignore
    expectProblem(wrong, 415, 'MEDIA_TYPE_UNSUPPORTED');
    expectProblem(await create({ 'upload-length': '1', 'upload-concat': 'partial' }), 400, 'REQUEST_INVALID');
  });

  it('is gone with its bytes when it is given up', async () => {
    const url = await begin(1000);
    await append(url, 0, randomBytes(100));
    const before = await storedParts();
    expect((await tus(ada, { method: 'DELETE', url })).statusCode).toBe(204);
    expect(await storedParts()).toBe(before - 1);
    expectProblem(await append(url, 100, randomBytes(1)), 404, 'UPLOAD_NOT_FOUND');
  });

  it('that has expired is told so; its bytes are swept, and later that it was there', async () => {
    const url = await begin(1000);
    const id = url.split('/').at(-1);
    const expires = (await append(url, 0, randomBytes(100))).headers['upload-expires'];
    expect(Math.abs(Date.parse(String(expires)) - Date.now() - 24 * 60 * 60 * 1000)).toBeLessThan(60_000);
    const age = (days: number) =>
      api.database.query(`update uploads set expires_at = now() - make_interval(days => $2) where id = $1`, [id, days]);
    await age(1);
    expect((await head(url)).statusCode).toBe(410);
    expectProblem(await append(url, 100, randomBytes(1)), 410, 'UPLOAD_EXPIRED');
    const before = await storedParts();
    await sweepUploads(api);
    expect(await storedParts()).toBe(before - 1);
    expect(await sweepUploads(api)).toBe(0);
    expect((await head(url)).statusCode).toBe(410);
    await age(8);
    expect(await sweepUploads(api)).toBe(1);
    expect((await head(url)).statusCode).toBe(404);
  });

  it('whose connection is cut keeps what has come', async () => {
    const bytes = randomBytes(9_000_000);
    const url = await begin(bytes.length, `filename ${base64('cut.bin')}`);
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const lines = [
      `PATCH ${url} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${ada.accessToken}`,
      `Hortus-Workspace: ${ada.workspaceId}`,
      'Tus-Resumable: 1.0.0',
      'Content-Type: application/offset+octet-stream',
      'Upload-Offset: 0',
      `Content-Length: ${String(bytes.length)}`,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    socket.write(bytes.subarray(0, 6_000_000));
    const offset = async () => Number((await head(url)).headers['upload-offset']);
    expect(await waitUntil(async () => (await offset()) > 0, PATIENCE_MS)).toBe(true);
    const begun = await offset();
    socket.destroy();
    expect(await waitUntil(async () => (await offset()) > begun, PATIENCE_MS)).toBe(true);
    const kept = await offset();
    const last = await append(url, kept, bytes.subarray(kept));
    expect((await artifactOf(last)).original?.sha256).toBe(sha256(bytes));
  });
});
