import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startVersitygw, type S3Server } from '../../../tools/servers/versitygw.ts';
import { FolderObjectStore } from './folder-object-store.ts';
import { ObjectStoreAwayError, ObjectTooLargeError, deleteFolder, type ObjectStore } from './object-store.ts';
import { S3ObjectStore } from './s3-object-store.ts';

const MIB = 1024 * 1024;
/** More than two parts of S3, and no whole number of them. */
const LARGE_BYTES = 12 * MIB + 7;

interface Ground {
  readonly store: ObjectStore;
  /** What is staged and not at a key, parts on their way included. */
  countStaged(): Promise<number>;
  close(): Promise<void>;
}

async function openFolder(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'hortus-objects-'));
  return {
    store: new FolderObjectStore(folder),
    countStaged: async () => (await readdir(join(folder, '.staging'))).length,
    close: () => rm(folder, { recursive: true }),
  };
}

function s3Options(server: S3Server) {
  const { bucket, endpoint, accessKeyId, secretAccessKey } = server;
  return { bucket, endpoint, region: 'us-east-1', isPathStyle: true, credentials: { accessKeyId, secretAccessKey } };
}

async function openS3(): Promise<Ground & { server: S3Server }> {
  const folder = await mkdtemp(join(tmpdir(), 'hortus-s3-'));
  const server = await startVersitygw(folder);
  const { isPathStyle, ...options } = s3Options(server);
  const client = new S3Client({ ...options, forcePathStyle: isPathStyle });
  return {
    server,
    store: new S3ObjectStore(s3Options(server)),
    async countStaged() {
      const of = { Bucket: server.bucket, Prefix: '.staging/' };
      const { Contents = [] } = await client.send(new ListObjectsV2Command(of));
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand(of));
      return Contents.length + Uploads.length;
    },
    async close() {
      client.destroy();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function* chunksOf(bytes: Buffer, chunkBytes = 65_536): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    yield await Promise.resolve(bytes.subarray(start, start + chunkBytes));
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const unlimited = { sizeBytesMax: Number.MAX_SAFE_INTEGER };

describe.each([
  ['a folder', openFolder],
  ['S3', openS3],
] as const)('objects in %s', (_name, open) => {
  let ground: Ground;
  let store: ObjectStore;
  beforeAll(async () => {
    ground = await open();
    ({ store } = ground);
    await store.prepare();
  }, 600_000);
  afterAll(() => ground.close());

  const keysIn = async (folder: string) => (await collect(store.list(folder))).map(({ key }) => key).sort();

  it.each([0, 1, 4100, 5 * MIB - 1, 5 * MIB, LARGE_BYTES])(
    'stand whole at their key once they are committed, and not before (%d bytes)',
    async (sizeBytes) => {
      const bytes = randomBytes(sizeBytes);
      const key = `sizes/${randomUUID()}`;
      const staged = await store.stage(chunksOf(bytes), { sizeBytesMax: sizeBytes });
      expect([staged.sizeBytes, staged.sha256]).toEqual([sizeBytes, sha256(bytes)]);
      expect(staged.head.equals(bytes.subarray(0, 4100))).toBe(true);
      expect(await store.stat(key)).toBeNull();
      await staged.commit(key);
      expect(await store.stat(key)).toEqual({ sizeBytes });
      expect(sha256(await buffer(store.read(key)))).toBe(sha256(bytes));
      expect(await ground.countStaged()).toBe(0);
    },
  );

  it('are read in ranges, and as a file that is gone afterwards or stays as it was', async () => {
    await store.put('range/a', Buffer.from('0123456789'));
    expect(await text(store.read('range/a', { start: 3, end: 5 }))).toBe('345');
    expect(await text(store.read('range/a', { start: 9, end: 9 }))).toBe('9');
    async function readCopy(): Promise<string> {
      await using copy = await store.localCopy('range/a');
      if (copy === null) throw new Error('there is no copy');
      expect(await readFile(copy.path, 'utf8')).toBe('0123456789');
      return copy.path;
    }
    const path = await readCopy();
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    expect(isThere).toBe(store instanceof FolderObjectStore);
    expect(await store.localCopy('range/none')).toBeNull();
    await expect(text(store.read('range/none'))).rejects.toThrow();
  });

  it.each([5000, 11 * MIB])('are refused as soon as they are larger than %d bytes, and leave nothing', async (max) => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 65_536;
        yield await Promise.resolve(Buffer.alloc(65_536));
      }
    }
    await expect(store.stage(endless(), { sizeBytesMax: max })).rejects.toBeInstanceOf(ObjectTooLargeError);
    expect(given).toBeLessThanOrEqual(max + 2 * 65_536);
    expect(await ground.countStaged()).toBe(0);
  });

  it.each([100, LARGE_BYTES])('whose source breaks after %d bytes leave nothing', async (sizeBytes) => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield* chunksOf(randomBytes(sizeBytes));
      throw new Error('cut');
    }
    await expect(store.stage(breaking(), unlimited)).rejects.toThrow('cut');
    expect(await ground.countStaged()).toBe(0);
  });

  it.each([100, LARGE_BYTES])('that are discarded, or committed to no key, leave nothing (%d bytes)', async (size) => {
    const staged = await store.stage(chunksOf(randomBytes(size)), unlimited);
    await staged.discard();
    const other = await store.stage(chunksOf(randomBytes(size)), unlimited);
    await expect(other.commit('../b')).rejects.toThrow('not a key');
    await expect(store.put('a//b', Buffer.from('x'))).rejects.toThrow('not a key');
    expect(await ground.countStaged()).toBe(0);
  });

  it('of the same bytes at once stand once, and count as written now', async () => {
    const bytes = randomBytes(6 * MIB);
    const key = `same/${sha256(bytes)}`;
    await store.put(key, bytes);
    const before = Date.now() - 1000;
    const staged = await Promise.all(Array.from({ length: 4 }, () => store.stage(chunksOf(bytes), unlimited)));
    await Promise.all(staged.map((one) => one.commit(key)));
    const found = await collect(store.list('same'));
    expect(found.map(({ key, sizeBytes }) => [key, sizeBytes])).toEqual([[key, bytes.length]]);
    expect(found[0]?.modifiedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(sha256(await buffer(store.read(key)))).toBe(sha256(bytes));
    expect(await ground.countStaged()).toBe(0);
  });

  it('are listed by folder, all pages of them, and deleted one by one or by folder', async () => {
    expect(await keysIn('listed')).toEqual([]);
    const keys = Array.from({ length: 520 }, (_, index) => `listed/${String(index % 3)}/${String(index)}`);
    for (let start = 0; start < keys.length; start += 50) {
      await Promise.all(keys.slice(start, start + 50).map((key) => store.put(key, Buffer.from('x'))));
    }
    await store.put('listed-not', Buffer.from('x'));
    expect(await keysIn('listed')).toEqual([...keys].sort());
    await store.delete('listed/0/0');
    await store.delete('listed/0/0');
    expect(await store.stat('listed/0/0')).toBeNull();
    expect(await deleteFolder(store, 'listed')).toBe(keys.length - 1);
    expect(await keysIn('listed')).toEqual([]);
    expect(await store.stat('listed-not')).toEqual({ sizeBytes: 1 });
  }, 120_000);
});

describe('an S3 server that goes away', () => {
  let ground: Awaited<ReturnType<typeof openS3>>;
  beforeAll(async () => {
    ground = await openS3();
  }, 600_000);
  afterAll(() => ground.close());

  it('is told as away by every operation, and what was acknowledged is there when it is back', async () => {
    const { server, store } = ground;
    await store.put('kept/a', Buffer.from('kept'));
    await server.kill();
    const away = expect.any(ObjectStoreAwayError) as unknown as Error;
    await expect(store.put('kept/b', Buffer.from('x'))).rejects.toEqual(away);
    await expect(store.stat('kept/a')).rejects.toEqual(away);
    await expect(store.delete('kept/a')).rejects.toEqual(away);
    await expect(text(store.read('kept/a'))).rejects.toEqual(away);
    await expect(collect(store.list('kept'))).rejects.toEqual(away);
    await expect(store.stage(chunksOf(randomBytes(LARGE_BYTES)), unlimited)).rejects.toEqual(away);
    await server.start();
    expect(await text(store.read('kept/a'))).toBe('kept');
    expect(await store.stat('kept/b')).toBeNull();
  }, 120_000);

  it('in the middle of a stream fails it, and leaves nothing at its key', async () => {
    const { server, store } = ground;
    async function* cutOff(): AsyncGenerator<Uint8Array> {
      yield* chunksOf(randomBytes(11 * MIB));
      await server.kill();
      yield* chunksOf(randomBytes(6 * MIB));
    }
    await expect(store.stage(cutOff(), unlimited)).rejects.toBeInstanceOf(ObjectStoreAwayError);
    await server.start();
    expect(await collect(store.list('kept'))).toHaveLength(1);
  }, 120_000);
});
