import type { Readable } from 'node:stream';

/** The source gave more bytes than it may. */
export class ObjectTooLargeError extends Error {
  override readonly name = 'ObjectTooLargeError';
  readonly sizeBytesMax: number;
  constructor(sizeBytesMax: number) {
    super(`the object is larger than ${String(sizeBytesMax)} bytes`);
    this.sizeBytesMax = sizeBytesMax;
  }
}

/** The object store does not answer, or says that it can't now; asking again later is right. */
export class ObjectStoreAwayError extends Error {
  override readonly name = 'ObjectStoreAwayError';
}

/** The object store has no space left. */
export class ObjectStoreFullError extends Error {
  override readonly name = 'ObjectStoreFullError';
}

/** Bytes that are stored but not yet at a key: exactly one of `commit` and `discard` ends it, a commit that fails as well. */
export interface StagedObject {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The first bytes, at most 4,100, by which a format is told. */
  readonly head: Buffer;
  /** Moves the bytes to the key; an object that stands there has the same bytes, and counts as written now. */
  commit(key: string): Promise<void>;
  discard(): Promise<void>;
}

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** When it was written last. */
  readonly modifiedAt: Date;
}

/** A file with the bytes of an object, for libraries that open files themselves. Read-only; gone when it is disposed of. */
export interface LocalCopy extends AsyncDisposable {
  readonly path: string;
}

/**
 * Bytes by key. Keys are content-addressed, so an object never changes once it stands, and a crash leaves either the whole
 * object or none. What fails for the store's own reasons is an ObjectStoreAwayError or ObjectStoreFullError.
 */
export interface ObjectStore {
  /** Makes what must be there, and removes what crashes left in the staging area more than a day ago. */
  prepare(): Promise<void>;
  /**
   * Takes a stream in, hashing on the way and holding a few chunks at a time.
   *
   * @throws ObjectTooLargeError as soon as more than `sizeBytesMax` bytes have come; whatever the source throws
   */
  stage(source: AsyncIterable<Uint8Array>, options: { sizeBytesMax: number }): Promise<StagedObject>;
  /** Writes an object whose bytes are at hand; nothing is left where it fails. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  stat(key: string): Promise<{ sizeBytes: number } | null>;
  /** The bytes from `start` to `end`, both included; all without a range. */
  read(key: string, range?: { start: number; end: number }): Readable;
  /** Null where there is no such object. */
  localCopy(key: string): Promise<LocalCopy | null>;
  /** Does nothing where there is no such object. */
  delete(key: string): Promise<void>;
  /** All objects below a folder, such as `<workspace>/originals`, a page at a time and in no order that is promised. */
  list(folder: string): AsyncIterable<StoredObject>;
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Throws for what is no key: it could leave the store's folder or reach its staging area. */
export function assertKey(key: string): void {
  if (!KEY.test(key)) throw new Error(`not a key of an object: ${key}`);
}

/** Deletes all objects below a folder. @returns how many there were */
export async function deleteFolder(store: ObjectStore, folder: string): Promise<number> {
  let count = 0;
  for await (const { key } of store.list(folder)) {
    await store.delete(key);
    count += 1;
  }
  return count;
}
