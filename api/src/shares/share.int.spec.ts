import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Artifact } from '@hortus/contracts/artifact';
import type { AuditEntry } from '@hortus/contracts/audit-api';
import { variantKey } from '@hortus/contracts/object-key';
import type { CreatedShareLink, SharedArtifact, ShareLink } from '@hortus/contracts/share-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { makeShareToken } from './share-token.ts';

const any = { 'if-match': '*' };

describe('a share link', () => {
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

  const post = (payload: object, headers = {}, person = ada) =>
    person.call({ method: 'POST', url: '/api/v1/share-links', payload, headers });
  async function share(artifacts: { id: string }[], more: object = {}): Promise<CreatedShareLink> {
    const answer = await post({ artifactIds: artifacts.map(({ id }) => id), expiresInDays: 7, ...more });
    expect(answer.statusCode).toBe(201);
    return answer.json();
  }
  /** As somebody who has the link and nothing else. */
  const open = (token: string, rest = '') => api.app.inject({ method: 'GET', url: `/api/v1/shares/${token}${rest}` });
  const revoke = (id: string, person = ada) =>
    person.call({ method: 'DELETE', url: `/api/v1/share-links/${id}`, headers: any });
  async function list(query = '', person = ada): Promise<{ items: ShareLink[]; nextCursor: string | null }> {
    return (await person.call({ method: 'GET', url: `/api/v1/share-links?${query}` })).json();
  }
  async function expectNotFound(token: string): Promise<void> {
    const never = await open(makeShareToken(ada.workspaceId).text);
    const answer = await open(token);
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([404, 'no-store']);
    expect({ ...answer.json<object>(), requestId: '' }).toEqual({ ...never.json<object>(), requestId: '' });
    expect(answer.json()).toMatchObject({ code: 'SHARE_NOT_FOUND' });
  }

  async function plantPicture(name: string): Promise<{ artifact: Artifact; bytes: Buffer }> {
    const { id } = await ada.createArtifact({
      name,
      description: 'tall',
      tags: ['a secret tag'],
      metadata: { cost: 7 },
    });
    const artifact = (await ada.upload(id, Buffer.from(`GIF89a ${name}`))).json<Artifact>();
    const bytes = randomBytes(100);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    const variant = { hash, widthPx: 320, heightPx: 200, format: 'webp', sizeBytes: 100 } as const;
    await api.store.put(variantKey(ada.workspaceId, variant), bytes);
    await api.asService({
      method: 'POST',
      url: `/internal/v1/workspaces/${ada.workspaceId}/artifacts/${id}/versions/1/variants`,
      payload: { variants: [variant], dropped: [] },
    });
    return { artifact, bytes };
  }

  it('shows name, description and pictures to anybody, and nothing else', async () => {
    const [oak, elm] = [await plantPicture('Oak'), await plantPicture('Elm')];
    const { token, url, shareLink } = await share([elm.artifact, oak.artifact]);
    expect(url).toBe(`/api/v1/shares/${token}`);
    expect(shareLink).toMatchObject({
      userId: ada.id,
      withOriginals: false,
      artifactIds: [elm.artifact.id, oak.artifact.id],
    });
    const days = (Date.parse(shareLink.expiresAt) - Date.parse(shareLink.createdAt)) / 86_400_000;
    expect(days).toBeCloseTo(7, 1);
    const answer = await open(token);
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    });
    const { artifacts } = answer.json<{ artifacts: SharedArtifact[] }>();
    expect(artifacts.map(({ name, description, originalUrl }) => [name, description, originalUrl])).toEqual([
      ['Elm', 'tall', null],
      ['Oak', 'tall', null],
    ]);
    for (const hidden of ['a secret tag', 'cost', ada.workspaceId.concat('"'), ada.id, 'runUrl']) {
      expect(answer.body).not.toContain(hidden);
    }
    const address = artifacts[0]?.variants[0]?.url ?? '';
    const picture = await api.app.inject({ method: 'GET', url: address });
    expect(picture.rawPayload).toEqual(elm.bytes);
    const expires = Number(new URL(address, 'http://localhost').searchParams.get('expires')) * 1000;
    expect(expires - Date.now()).toBeLessThanOrEqual(20 * 60 * 1000);
    expect((await open(token, `/artifacts/${elm.artifact.id}/original`)).statusCode).toBe(404);
  });

  it('gives originals where its maker said so, of what it shares and no more', async () => {
    const { artifact } = await plantPicture('../With original');
    const other = await plantPicture('Other');
    const { token } = await share([artifact], { withOriginals: true });
    const [shared] = (await open(token)).json<{ artifacts: SharedArtifact[] }>().artifacts;
    const original = await api.app.inject({ method: 'GET', url: shared?.originalUrl ?? '' });
    expect([original.statusCode, original.body]).toEqual([200, 'GIF89a ../With original']);
    expect(original.headers).toMatchObject({
      'content-disposition': 'attachment; filename="With original.gif"',
      'content-security-policy': "sandbox; default-src 'none'",
    });
    for (const id of [other.artifact.id, randomUUID()]) {
      const answer = await open(token, `/artifacts/${id}/original`);
      expect(answer.json()).toMatchObject({ status: 404, code: 'SHARE_NOT_FOUND' });
    }
  });

  it('that has ended answers as one that never was', async () => {
    const { artifact } = await plantPicture('Ended');
    const [revoked, expired] = [await share([artifact]), await share([artifact])];
    expect((await revoke(revoked.shareLink.id, member)).statusCode).toBe(204);
    await expectNotFound(revoked.token);
    await api.database.query(`update shares set expires_at = now() where id = $1`, [expired.shareLink.id]);
    await expectNotFound(expired.token);
    expect((await revoke(expired.shareLink.id)).statusCode).toBe(404);
    // The right secret in another workspace, and what was never a token.
    const live = await share([artifact]);
    const secret = Buffer.from(live.token, 'base64url').subarray(0, 24);
    const elsewhere = Buffer.concat([secret, Buffer.from(stranger.workspaceId.replaceAll('-', ''), 'hex')]);
    for (const token of [elsewhere.toString('base64url'), 'x', `${live.token}A`, '%00', "'%20or%201=1", '..%2f..']) {
      await expectNotFound(token);
    }
    expect((await open(live.token)).statusCode).toBe(200);
  });

  it('follows its artifacts into the trash and out of it', async () => {
    const [one, two] = [await plantPicture('One'), await plantPicture('Two')];
    const { token } = await share([one.artifact, two.artifact]);
    const names = async () =>
      (await open(token)).json<{ artifacts: SharedArtifact[] }>().artifacts.map(({ name }) => name);
    const items = [{ id: one.artifact.id }, { id: two.artifact.id }];
    await ada.call({ method: 'DELETE', url: `/api/v1/artifacts/${one.artifact.id}`, headers: any });
    expect(await names()).toEqual(['Two']);
    await ada.call({ method: 'POST', url: '/api/v1/artifacts/bulk/trash', payload: { items } });
    await expectNotFound(token);
    await ada.call({ method: 'POST', url: '/api/v1/artifacts/bulk/restore', payload: { items } });
    expect(await names()).toEqual(['One', 'Two']);
    await ada.call({ method: 'DELETE', url: `/api/v1/artifacts/${one.artifact.id}`, headers: any });
    await ada.call({ method: 'DELETE', url: `/api/v1/trash/${one.artifact.id}`, headers: any });
    expect(await names()).toEqual(['Two']);
  });

  it('is listed and revoked by members, and by nobody else', async () => {
    const { artifact } = await plantPicture('Listed');
    const links = [await share([artifact]), await share([artifact]), await share([artifact])];
    const expected = links.map(({ shareLink }) => shareLink).reverse();
    expect((await list(`artifact=${artifact.id}`, member)).items).toEqual(expected);
    const first = await list(`artifact=${artifact.id}&limit=2`);
    const second = await list(`artifact=${artifact.id}&limit=2&cursor=${String(first.nextCursor)}`);
    expect([...first.items, ...second.items]).toEqual(expected);
    expect((await list('', stranger)).items).toEqual([]);
    const id = links[0]?.shareLink.id ?? '';
    const [theirs, never] = [await revoke(id, stranger), await revoke(randomUUID(), stranger)];
    expect({ ...theirs.json<object>(), requestId: '' }).toEqual({ ...never.json<object>(), requestId: '' });
    expect(theirs.statusCode).toBe(404);
    expect((await open(links[0]?.token ?? '')).statusCode).toBe(200);
    await revoke(id);
    expect((await list(`artifact=${artifact.id}`)).items).toEqual(expected.slice(0, 2));
  });

  it('shares nothing where one of the artifacts is foreign, in the trash or not there', async () => {
    const { artifact } = await plantPicture('Mine');
    const foreign = await stranger.createArtifact();
    const trashed = await ada.createArtifact();
    await ada.call({ method: 'DELETE', url: `/api/v1/artifacts/${trashed.id}`, headers: any });
    for (const id of [foreign.id, trashed.id, randomUUID()]) {
      const answer = await post({ artifactIds: [artifact.id, id], expiresInDays: 1 });
      expect(answer.json()).toMatchObject({ status: 404, code: 'ARTIFACT_NOT_FOUND' });
    }
    expect((await list(`artifact=${artifact.id}`)).items).toEqual([]);
    for (const payload of [
      { artifactIds: [], expiresInDays: 1 },
      { artifactIds: [artifact.id], expiresInDays: 367 },
      { artifactIds: [artifact.id] },
      { artifactIds: Array.from({ length: 101 }, () => randomUUID()), expiresInDays: 1 },
    ]) {
      expect((await post(payload)).statusCode).toBe(400);
    }
  });

  it('has a secret that stands in no table, no audit log and no log, even where it is asked for again', async () => {
    const { artifact } = await plantPicture('Secret');
    const headers = { 'idempotency-key': randomUUID() };
    const payload = { artifactIds: [artifact.id], expiresInDays: 1 };
    const [first, again] = [await post(payload, headers), await post(payload, headers)];
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toBe(first.body);
    const { token } = first.json<CreatedShareLink>();
    expect((await list(`artifact=${artifact.id}`)).items).toHaveLength(1);
    await open(token);
    await open('x'.repeat(54));
    const kept = await api.database.query<{ text: string }>(
      `select s::text as text from shares s union all select a::text from audit_log a
       union all select encode(sealed_answer, 'escape') from idempotency_keys`,
    );
    expect(kept.filter(({ text }) => text.includes(token))).toEqual([]);
    expect(api.logged.join('')).not.toContain(token);
    expect(api.logged.join('')).toContain('/api/v1/shares/…');
    const log = await ada.call({ method: 'GET', url: `/api/v1/audit?artifact=${artifact.id}&action=share.created` });
    const { shareLink } = first.json<CreatedShareLink>();
    expect(log.json<{ items: AuditEntry[] }>().items).toMatchObject([
      { actor: { userId: ada.id }, after: { shareLinkId: shareLink.id, withOriginals: false } },
    ]);
  });
});
