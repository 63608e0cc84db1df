import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FolderObjectStore } from './folder-object-store.ts';
import { ObjectTooLargeError } from './object-store.ts';

async function* chunks(...parts: (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    await Promise.resolve();
    yield Buffer.from(part);
  }
}

describe('the object store', () => {
  let folder = '';
  let store: FolderObjectStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hortus-objects-'));
    store = new FolderObjectStore(folder);
    await store.prepare();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const staging = () => readdir(join(folder, '.staging'));
  const read = (key: string, range?: { start: number; end: number }) => text(store.read(key, range));

  it('hashes, measures and keeps the head of what comes, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 6 }), async (parts) => {
        const whole = Buffer.concat(parts);
        const staged = await store.stage(chunks(...parts.map((part) => Buffer.from(part))), { sizeBytesMax: 100_000 });
        expect(staged.sizeBytes).toBe(whole.length);
        expect(staged.sha256).toBe(createHash('sha256').update(whole).digest('hex'));
        expect(staged.head.equals(whole.subarray(0, 4100))).toBe(true);
        await staged.discard();
      }),
      { numRuns: 30 },
    );
    expect(await staging()).toEqual([]);
  });

  it('has an object whole once it is committed, and not before', async () => {
    const staged = await store.stage(chunks('some ', 'bytes'), { sizeBytesMax: 10 });
    expect(await store.stat('a/b')).toBeNull();
    await staged.commit('a/b');
    expect(await store.stat('a/b')).toEqual({ sizeBytes: 10 });
    expect([await read('a/b'), await read('a/b', { start: 5, end: 7 })]).toEqual(['some bytes', 'byt']);
    expect(await staging()).toEqual([]);
  });

  it('refuses too much as soon as it is too much, and keeps nothing of it', async () => {
    let given = 0;
    let isEnded = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          await Promise.resolve();
          given += 1;
          yield randomBytes(1000);
        }
      } finally {
        isEnded = true;
      }
    }
    await expect(store.stage(endless(), { sizeBytesMax: 5000 })).rejects.toBeInstanceOf(ObjectTooLargeError);
    expect(given).toBe(6);
    expect(isEnded).toBe(true);
    expect(await staging()).toEqual([]);
  });

  it('keeps nothing of a source that breaks', async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('half'));
      throw new Error('cut');
    }
    await expect(store.stage(breaking(), { sizeBytesMax: 10 })).rejects.toThrow('cut');
    expect(await staging()).toEqual([]);
  });

  it('takes the same object twice, and forgets one that is deleted', async () => {
    await store.put('a/b', Buffer.from('x'));
    await store.put('a/b', Buffer.from('x'));
    expect(await read('a/b')).toBe('x');
    await store.delete('a/b');
    await store.delete('a/b');
    expect(await store.stat('a/b')).toBeNull();
  });

  it('leaves nothing of an object that can not be put, nor when a commit is given up', async () => {
    await store.put('a/b', Buffer.from('x'));
    await expect(store.put('../b', Buffer.from('x'))).rejects.toThrow('not a key');
    await expect(store.put('a/b/c', Buffer.from('x'))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await staging()).toEqual([]);
    const staged = await store.stage(chunks('y'), { sizeBytesMax: 10 });
    await expect(staged.commit('../b')).rejects.toThrow('not a key');
    await staged.discard();
    expect(await staging()).toEqual([]);
    expect(await readdir(folder)).toEqual(['.staging', 'a']);
  });

  it('has no key that leaves its folder or reaches its staging', () => {
    const segment = fc.constantFrom('..', '.', '', '.staging', 'a', 'b c', '/', '\\', '\0', '%2e%2e');
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (segments) => {
        const key = segments.join('/');
        const isPlain = segments.every((part) => part === 'a');
        if (isPlain) expect(store.localPath(key).startsWith(`${folder}/a`)).toBe(true);
        else expect(() => store.localPath(key)).toThrow('not a key');
      }),
    );
  });

  it('keeps any key that it takes inside of its folder', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[./a_-]{1,12}$/));
    fc.assert(
      fc.property(anything, (key) => {
        let path: string;
        try {
          path = store.localPath(key);
        } catch {
          return;
        }
        expect(path).toBe(`${folder}/${key}`);
        expect(key.split('/').some((part) => part.startsWith('.'))).toBe(false);
      }),
    );
  });

  it('clears away what an old crash left, and not what is under way', async () => {
    const old = join(folder, '.staging', 'old');
    await writeFile(old, 'x');
    await writeFile(join(folder, '.staging', 'new'), 'x');
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    await utimes(old, twoDaysAgo, twoDaysAgo);
    await store.prepare();
    expect(await staging()).toEqual(['new']);
  });
});
