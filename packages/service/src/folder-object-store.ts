import { randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, opendir, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { measure } from './measure.ts';
import {
  ObjectStoreFullError,
  assertKey,
  type LocalCopy,
  type ObjectStore,
  type StagedObject,
  type StoredObject,
} from './object-store.ts';

const STAGING = '.staging';
const STAGED_MAX_MS = 24 * 60 * 60 * 1000;

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Null where the file is missing: between listing and looking it may have been moved or deleted. */
async function statIfThere(path: string): Promise<{ size: number; mtime: Date } | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes a folder. A new folder is an entry of its parent: each parent that got one is flushed, down to the new folder. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; ; made = dirname(made)) {
    await flushFolder(dirname(made));
    if (made === first) return;
  }
}

/** Objects in a folder. Writes go to a staging file, are flushed, and are renamed into place. */
export class FolderObjectStore implements ObjectStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  async prepare(): Promise<void> {
    const staging = join(this.#folder, STAGING);
    await mkdir(staging, { recursive: true });
    for (const name of await readdir(staging)) {
      const path = join(staging, name);
      const found = await statIfThere(path);
      if (found !== null && Date.now() - found.mtime.getTime() > STAGED_MAX_MS) await rm(path, { force: true });
    }
  }

  /** The file that holds the object. */
  localPath(key: string): string {
    assertKey(key);
    const path = resolve(this.#folder, key);
    if (!path.startsWith(this.#folder + sep)) throw new Error(`not a key of an object: ${key}`);
    return path;
  }

  async stage(source: AsyncIterable<Uint8Array>, options: { sizeBytesMax: number }): Promise<StagedObject> {
    const measured = measure(source, options.sizeBytesMax);
    const path = await this.#writeToStaging(async (file) => {
      for await (const chunk of measured.chunks) await file.writeFile(chunk);
    });
    return {
      ...measured.result(),
      commit: (key) => this.#moveIntoPlace(path, key),
      discard: () => rm(path, { force: true }),
    };
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = await this.#writeToStaging((file) => file.writeFile(bytes));
    await this.#moveIntoPlace(path, key);
  }

  async stat(key: string): Promise<{ sizeBytes: number } | null> {
    const found = await statIfThere(this.localPath(key));
    return found && { sizeBytes: found.size };
  }

  read(key: string, range?: { start: number; end: number }): ReadStream {
    return createReadStream(this.localPath(key), range);
  }

  async localCopy(key: string): Promise<LocalCopy | null> {
    const path = this.localPath(key);
    if ((await statIfThere(path)) === null) return null;
    return { path, [Symbol.asyncDispose]: () => Promise.resolve() };
  }

  async delete(key: string): Promise<void> {
    await rm(this.localPath(key), { force: true });
  }

  async *list(folder: string): AsyncGenerator<StoredObject, void, undefined> {
    const path = this.localPath(folder);
    if ((await statIfThere(path)) === null) return;
    for await (const entry of await opendir(path)) {
      const key = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        yield* this.list(key);
        continue;
      }
      const found = await statIfThere(join(path, entry.name));
      if (found !== null) yield { key, sizeBytes: found.size, modifiedAt: found.mtime };
    }
  }

  /** A flushed file in the staging folder; none where writing it fails. */
  async #writeToStaging(write: (file: FileHandle) => Promise<void>): Promise<string> {
    const path = join(this.#folder, STAGING, randomUUID());
    const file = await open(path, 'wx', 0o600);
    try {
      await write(file);
      await file.sync();
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      const isFull = ['ENOSPC', 'EDQUOT'].includes(String(codeOf(error)));
      throw isFull ? new ObjectStoreFullError('the disk is full', { cause: error }) : error;
    }
    await file.close();
    return path;
  }

  /** Moves a staged file to its key, flushed; the staged file is gone either way. */
  async #moveIntoPlace(path: string, key: string): Promise<void> {
    try {
      const target = this.localPath(key);
      await makeFolder(dirname(target));
      await rename(path, target);
      await flushFolder(dirname(target));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }
}
