import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';

/** The source gave more bytes than it may. */
export class ObjectTooLargeError extends Error {
  override readonly name = 'ObjectTooLargeError';
  readonly sizeBytesMax: number;
  constructor(sizeBytesMax: number) {
    super(`the object is larger than ${String(sizeBytesMax)} bytes`);
    this.sizeBytesMax = sizeBytesMax;
  }
}

/** Bytes that are on disk but not yet at a key: exactly one of `commit` and `discard` ends it, a commit that fails as well. */
export interface StagedObject {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The first bytes, at most 4,100, by which a format is told. */
  readonly head: Buffer;
  /** Moves the bytes to the key; a key that exists holds the same bytes and stays as it is. */
  commit(key: string): Promise<void>;
  discard(): Promise<void>;
}

const HEAD_BYTES = 4100;
const STAGING = '.staging';
const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Objects in a folder. Keys are content-addressed, so an object never changes once it stands: writes go to a staging file,
 * are flushed, and are renamed into place, so that a crash leaves either the whole object or none.
 */
export class FolderObjectStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  /** Makes the folders and removes what a crash left in the staging folder more than a day ago. */
  async prepare(): Promise<void> {
    const staging = join(this.#folder, STAGING);
    await mkdir(staging, { recursive: true });
    for (const name of await readdir(staging)) {
      const path = join(staging, name);
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        (error: unknown) => {
          if (isMissing(error)) return 0;
          throw error;
        },
      );
      if (age > 24 * 60 * 60 * 1000) await rm(path, { force: true });
    }
  }

  /** The file that holds the object, for libraries that open files themselves. Treat it as read-only. */
  localPath(key: string): string {
    const path = resolve(this.#folder, key);
    if (!KEY.test(key) || !path.startsWith(this.#folder + sep)) throw new Error(`not a key of an object: ${key}`);
    return path;
  }

  /**
   * Takes a stream in, hashing on the way and holding one chunk at a time.
   *
   * @throws ObjectTooLargeError as soon as more than `sizeBytesMax` bytes have come; whatever the source throws
   */
  async stage(source: AsyncIterable<Uint8Array>, options: { sizeBytesMax: number }): Promise<StagedObject> {
    const hash = createHash('sha256');
    const head: Uint8Array[] = [];
    let headBytes = 0;
    let sizeBytes = 0;
    const path = await this.#writeToStaging(async (file) => {
      for await (const chunk of source) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > options.sizeBytesMax) throw new ObjectTooLargeError(options.sizeBytesMax);
        hash.update(chunk);
        if (headBytes < HEAD_BYTES) {
          const part = Buffer.from(chunk.subarray(0, HEAD_BYTES - headBytes));
          head.push(part);
          headBytes += part.byteLength;
        }
        await file.writeFile(chunk);
      }
    });
    return {
      sha256: hash.digest('hex'),
      sizeBytes,
      head: Buffer.concat(head),
      commit: (key) => this.#moveIntoPlace(path, key),
      discard: () => rm(path, { force: true }),
    };
  }

  /** Writes an object whose bytes are at hand; nothing is left where it fails. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = await this.#writeToStaging((file) => file.writeFile(bytes));
    await this.#moveIntoPlace(path, key);
  }

  async stat(key: string): Promise<{ sizeBytes: number } | null> {
    try {
      const { size } = await stat(this.localPath(key));
      return { sizeBytes: size };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** The bytes from `start` to `end`, both included; all without a range. */
  read(key: string, range?: { start: number; end: number }): ReadStream {
    return createReadStream(this.localPath(key), range);
  }

  async delete(key: string): Promise<void> {
    await rm(this.localPath(key), { force: true });
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
      throw error;
    }
    await file.close();
    return path;
  }

  /** Moves a staged file to its key, flushed; the staged file is gone either way. */
  async #moveIntoPlace(path: string, key: string): Promise<void> {
    try {
      const target = this.localPath(key);
      await mkdir(dirname(target), { recursive: true });
      await rename(path, target);
      const folder = await open(dirname(target), 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }
}
