import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { Artifact } from '@hortus/contracts/artifact';
import type { Problem } from '@hortus/contracts/errors';
import type { Quota, Usage } from '@hortus/contracts/quota-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { withWorkspace } from '../db/scope.ts';

describe('what a workspace keeps', () => {
  let api: TestApi;
  let ada: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
  }, 60_000);
  afterAll(() => api.close());
  beforeEach(async () => {
    ada = (await api.plant('Acme', ['owner'])).people.owner;
  }, 30_000);

  const usageUrl = () => `/api/v1/workspaces/${ada.workspaceId}/usage`;
  const usage = async () => (await ada.call({ method: 'GET', url: usageUrl() })).json<Usage>();
  const setQuota = (quota: Quota, workspaceId = ada.workspaceId) =>
    api.asService({ method: 'PUT', url: `/internal/v1/workspaces/${workspaceId}/quota`, payload: quota });
  async function store(bytes: Buffer, artifactId?: string): Promise<LightMyRequestResponse> {
    return ada.upload(artifactId ?? (await ada.createArtifact()).id, bytes, { 'if-match': '*' });
  }
  const purge = (id: string) =>
    withWorkspace(api.knex, ada.workspaceId, (tx) => tx('artifacts').where({ id }).delete());
  function expectRefused(answer: LightMyRequestResponse, quota: Problem['quota']): void {
    const problem = answer.json<Problem>();
    expect([answer.statusCode, problem.code, problem.quota]).toEqual([413, 'QUOTA_EXCEEDED', quota]);
    expect(problem.detail).toContain(`${String(quota?.used)} of ${String(quota?.max)} ${String(quota?.resource)}`);
  }

  it('is counted exactly: each content once, all versions, until the last that has it is gone', async () => {
    const [a, b] = [randomBytes(1000), randomBytes(300)];
    const first = (await store(a)).json<Artifact>();
    const second = (await store(a)).json<Artifact>();
    expect(await usage()).toEqual({ bytes: 1000, uploadBytes: 0, artifacts: 2, bytesMax: null, artifactsMax: null });
    await store(b, first.id);
    expect(await usage()).toMatchObject({ bytes: 1300, artifacts: 2 });
    await purge(first.id);
    expect(await usage()).toMatchObject({ bytes: 1000, artifacts: 1 });
    await purge(second.id);
    expect(await usage()).toMatchObject({ bytes: 0, artifacts: 0 });
  });

  it('is counted once where the same bytes come at once, and stored once', async () => {
    const bytes = randomBytes(5000);
    const artifacts = await Promise.all(Array.from({ length: 8 }, () => ada.createArtifact()));
    const answers = await Promise.all(artifacts.map(({ id }) => store(bytes, id)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(await usage()).toMatchObject({ bytes: 5000, artifacts: 8 });
    const keys: string[] = [];
    for await (const { key } of api.store.list(`${ada.workspaceId}/originals`)) keys.push(key);
    expect(keys).toHaveLength(1);
    for (const { id } of artifacts.slice(1)) await purge(id);
    expect(await usage()).toMatchObject({ bytes: 5000, artifacts: 1 });
    const kept = await ada.call({ method: 'GET', url: `/api/v1/artifacts/${artifacts[0]?.id ?? ''}/original` });
    expect(kept.rawPayload.equals(bytes)).toBe(true);
  });

  it('has a limit in bytes, which holds while bytes flow and by what is declared, and changes nothing', async () => {
    await store(randomBytes(600));
    await setQuota({ bytesMax: 1000, artifactsMax: null });
    const before = await ada.createArtifact();
    const full = { resource: 'bytes', used: 600, max: 1000 } as const;
    expectRefused(await store(randomBytes(401), before.id), full);
    const chunked = await ada.call({
      method: 'PUT',
      url: `/api/v1/artifacts/${before.id}/original`,
      payload: Readable.from([randomBytes(300), randomBytes(300)]),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expectRefused(chunked, full);
    expect((await ada.call({ method: 'GET', url: `/api/v1/artifacts/${before.id}` })).json()).toEqual(before);
    expect(await usage()).toMatchObject({ bytes: 600, bytesMax: 1000 });
    expect((await store(randomBytes(400), before.id)).statusCode).toBe(200);
    expectRefused(await store(randomBytes(1), before.id), { ...full, used: 1000 });
  });

  it('never passes its limit, however many upload at once', async () => {
    await setQuota({ bytesMax: 2500, artifactsMax: null });
    const artifacts = await Promise.all(Array.from({ length: 8 }, () => ada.createArtifact()));
    const answers = await Promise.all(artifacts.map(({ id }) => store(randomBytes(1000), id)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 413, 413, 413, 413, 413, 413]);
    expect(await usage()).toMatchObject({ bytes: 2000 });
  });

  it('has a limit in artifacts, trash included', async () => {
    const { id } = await ada.createArtifact();
    await setQuota({ bytesMax: null, artifactsMax: 2 });
    const create = () => ada.call({ method: 'POST', url: '/api/v1/artifacts', payload: { name: 'x' } });
    const answers = await Promise.all([create(), create(), create()]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 413, 413]);
    expectRefused(await create(), { resource: 'artifacts', used: 2, max: 2 });
    await ada.call({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: { 'if-match': '*' } });
    expectRefused(await create(), { resource: 'artifacts', used: 2, max: 2 });
    await purge(id);
    expect((await create()).statusCode).toBe(201);
  });

  it('may be limited below what it is: it shrinks and does not grow', async () => {
    const { id } = (await store(randomBytes(100))).json<Artifact>();
    expect((await setQuota({ bytesMax: 10, artifactsMax: 0 })).json()).toMatchObject({ bytes: 100, bytesMax: 10 });
    const patch = { method: 'PATCH', url: `/api/v1/artifacts/${id}`, payload: { name: 'y' }, headers: { 'if-match': '*' } } as const; // prettier-ignore
    expect((await ada.call(patch)).statusCode).toBe(200);
    await purge(id);
    expect(await usage()).toMatchObject({ bytes: 0, artifacts: 0 });
  });

  it('counts resumable uploads while they are under way', async () => {
    await setQuota({ bytesMax: 1000, artifactsMax: null });
    const tus = { 'tus-resumable': '1.0.0' };
    const create = (size: number) =>
      ada.call({ method: 'POST', url: '/api/v1/uploads', headers: { ...tus, 'upload-length': String(size) } });
    const append = (url: string, offset: number, bytes: Buffer) =>
      ada.call({
        method: 'PATCH',
        url,
        payload: bytes,
        headers: { ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
      });
    expectRefused(await create(1001), { resource: 'bytes', used: 0, max: 1000 });
    const [one, other] = await Promise.all([create(900), create(800)]);
    const url = String(one.headers.location);
    await append(url, 0, randomBytes(700));
    expect(await usage()).toMatchObject({ bytes: 0, uploadBytes: 700 });
    const full = { resource: 'bytes', used: 700, max: 1000 } as const;
    expectRefused(await append(String(other.headers.location), 0, randomBytes(400)), full);
    expectRefused(await store(randomBytes(400)), full);
    expect((await append(url, 700, randomBytes(200))).statusCode).toBe(204);
    expect(await usage()).toMatchObject({ bytes: 900, uploadBytes: 0, artifacts: 2 });
    await append(String(other.headers.location), 0, randomBytes(50));
    await ada.call({ method: 'DELETE', url: String(other.headers.location), headers: tus });
    expect(await usage()).toMatchObject({ bytes: 900, uploadBytes: 0 });
  });

  it('is told to members only, and limited by programs of the product only', async () => {
    const stranger = (await api.plant('Globex', ['owner'])).people.owner;
    const foreign = await stranger.call({ method: 'GET', url: usageUrl() });
    expect([foreign.statusCode, foreign.json<Problem>().code]).toEqual([404, 'WORKSPACE_NOT_FOUND']);
    const url = `/internal/v1/workspaces/${ada.workspaceId}/quota`;
    const payload = { bytesMax: null, artifactsMax: null };
    expect((await ada.call({ method: 'PUT', url, payload })).statusCode).toBe(401);
    expect((await setQuota(payload, randomUUID())).statusCode).toBe(404);
  });
});
