import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import yauzl from 'yauzl';
import type { Artifact } from '@hortus/contracts/artifact';
import { originalKey } from '@hortus/contracts/object-key';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { waitUntil } from '../../../tools/processes/wait-until.ts';

interface ZipAddress {
  url: string;
  files: number;
  sizeBytes: number;
  empty: string[];
  expiresAt: string;
}

/** Names and bytes of all entries, as another program reads them. */
async function unzip(bytes: Buffer): Promise<Record<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(bytes);
  const files: Record<string, Buffer> = {};
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    files[entry.fileName] = Buffer.concat(chunks);
  }
  return files;
}

describe('a zip of originals', () => {
  let api: TestApi;
  let ada: TestPerson;
  let member: TestPerson;
  let stranger: TestPerson;
  let port = 0;
  beforeAll(async () => {
    api = await startTestApi();
    const { people } = await api.plant('Acme', ['owner', 'member']);
    ({ owner: ada, member } = people);
    stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    ({ port } = api.app.server.address() as AddressInfo);
  }, 60_000);
  afterAll(() => api.close());

  async function plantFile(name: string, bytes: Buffer): Promise<Artifact> {
    const { id } = await ada.createArtifact({ name });
    return (await ada.upload(id, bytes)).json();
  }
  const ask = (ids: string[], person = ada) =>
    person.call({ method: 'POST', url: '/api/v1/artifacts/zip', payload: { ids } });
  async function addressOf(artifacts: { id: string }[], person = ada): Promise<ZipAddress> {
    const answer = await ask(
      artifacts.map(({ id }) => id),
      person,
    );
    expect(answer.statusCode).toBe(201);
    return answer.json();
  }
  const follow = (url: string) => api.app.inject({ method: 'GET', url });

  it('has every file once, under a safe name, byte for byte, and the length that was announced', async () => {
    const bytes = [Buffer.from('one'), Buffer.from('GIF89a two'), randomBytes(300_000), Buffer.from('GIF89a four')];
    const artifacts = [
      await plantFile('../../x', bytes[0] ?? Buffer.of()),
      await plantFile('樹\r\nSet-Cookie: a=b', bytes[1] ?? Buffer.of()),
      await plantFile('a/b\\c', bytes[2] ?? Buffer.of()),
      await plantFile('x', bytes[3] ?? Buffer.of()),
      await plantFile('X.gif', bytes[3] ?? Buffer.of()),
    ];
    const empty = await ada.createArtifact();
    const address = await addressOf([...artifacts, empty]);
    expect(address).toMatchObject({ files: 5, empty: [empty.id] });
    expect(Date.parse(address.expiresAt)).toBeGreaterThan(Date.now());
    const answer = await follow(address.url);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename=artifacts.zip',
      'content-length': String(answer.rawPayload.length),
      'cache-control': 'no-store',
    });
    const files = await unzip(answer.rawPayload);
    expect(Object.entries(files)).toEqual([
      ['x', bytes[0]],
      ['樹 Set-Cookie a=b.gif', bytes[1]],
      ['a b c', bytes[2]],
      ['x.gif', bytes[3]],
      ['X (2).gif', bytes[3]],
    ]);
    const head = await api.app.inject({ method: 'HEAD', url: address.url });
    expect([head.statusCode, head.headers['content-length']]).toEqual([200, String(answer.rawPayload.length)]);
  });

  it('is refused for artifacts that are foreign, in the trash, or without bytes, all in the same way', async () => {
    const foreign = await stranger.createArtifact();
    await stranger.upload(foreign.id, Buffer.from('secret'));
    const mine = await plantFile('Mine', Buffer.from('mine'));
    const trashed = await plantFile('Trashed', Buffer.from('trashed'));
    await ada.call({ method: 'DELETE', url: `/api/v1/artifacts/${trashed.id}`, headers: { 'if-match': '*' } });
    for (const id of [foreign.id, trashed.id, randomUUID()]) {
      expect((await ask([mine.id, id])).json()).toMatchObject({ status: 404, code: 'ARTIFACT_NOT_FOUND' });
    }
    const empty = await ada.createArtifact();
    expect((await ask([empty.id])).json()).toMatchObject({ status: 404, code: 'ORIGINAL_NOT_FOUND' });
    const many = Array.from({ length: 201 }, () => randomUUID());
    for (const ids of [[], many, [mine.id, mine.id], ['x']]) expect((await ask(ids)).statusCode).toBe(400);
    expect((await addressOf([mine])).files).toBe(1);
  });

  it('is given by its address alone, while that and the membership of who asked for it hold', async () => {
    const mine = await plantFile('Mine', Buffer.from('mine'));
    const { url } = await addressOf([mine], member);
    expect((await follow(url)).statusCode).toBe(200);
    const query = new URL(url, 'http://localhost').searchParams;
    const tampered = [
      url.replace(/ticket=./, (text) => (text.endsWith('A') ? 'ticket=B' : 'ticket=A')),
      url.replace(/expires=\d+/, `expires=${String(Number(query.get('expires')) + 600)}`),
      url.replace(/signature=.*/, 'signature=x'),
    ];
    for (const other of tampered) {
      expect((await follow(other)).json()).toMatchObject({ status: 403, code: 'ADDRESS_NOT_SIGNED' });
    }
    expect((await follow('/api/v1/artifacts/zip')).statusCode).toBe(400);
    await api.database.query('delete from memberships where user_id = $1', [member.id]);
    expect((await follow(url)).json()).toMatchObject({ status: 403, code: 'ADDRESS_NOT_SIGNED' });
    expect(api.logged.join('')).not.toContain(String(query.get('signature')));
  });

  it('of what was trashed or has vanished since is a problem, before the first byte', async () => {
    const [one, two] = [await plantFile('One', Buffer.from('one')), await plantFile('Two', Buffer.from('two'))];
    const { url } = await addressOf([one, two]);
    await rm(api.store.localPath(originalKey(ada.workspaceId, two.original?.sha256 ?? '')));
    expect((await follow(url)).json()).toMatchObject({ status: 404, code: 'ORIGINAL_NOT_FOUND' });
    await ada.call({ method: 'DELETE', url: `/api/v1/artifacts/${one.id}`, headers: { 'if-match': '*' } });
    expect((await follow(url)).json()).toMatchObject({ status: 404, code: 'ARTIFACT_NOT_FOUND' });
  });

  describe('over a real connection', () => {
    /** Asks for the archive and reads nothing yet. */
    async function begin(url: string) {
      const sent = httpRequest({ host: '127.0.0.1', port, path: url }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return { sent, response };
    }
    /** More than sockets and streams hold between them, so that the second file is not yet open. */
    const big = randomBytes(24 * 1024 * 1024);

    it('breaks off where a file vanishes in mid-way, and never looks complete', async () => {
      const artifacts = [await plantFile('Big', big), await plantFile('Small', randomBytes(1000))];
      const { url } = await addressOf(artifacts);
      const { response } = await begin(url);
      await rm(api.store.localPath(originalKey(ada.workspaceId, artifacts[1]?.original?.sha256 ?? '')));
      let received = 0;
      const reading = (async () => {
        for await (const chunk of response) received += (chunk as Buffer).length;
      })();
      await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(received).toBeLessThan(Number(response.headers['content-length']));
    }, 60_000);

    it('reads no further when the client goes away', async () => {
      const artifacts = [await plantFile('Big', big), await plantFile('Other', randomBytes(1000))];
      const reads: string[] = [];
      const open = new Set<string>();
      const { read } = api.store;
      Object.assign(api.store, {
        read(key: string) {
          reads.push(key);
          open.add(key);
          const stream = read.call(api.store, key);
          stream.once('close', () => open.delete(key));
          return stream;
        },
      });
      try {
        const { sent } = await begin((await addressOf(artifacts)).url);
        expect(open.size).toBe(1);
        sent.destroy();
        expect(await waitUntil(() => open.size === 0, 20_000)).toBe(true);
        expect(reads).toHaveLength(1);
      } finally {
        Object.assign(api.store, { read });
      }
    }, 60_000);
  });
});
