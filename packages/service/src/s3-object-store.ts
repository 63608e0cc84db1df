import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  paginateListObjectsV2,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { measure } from './measure.ts';
import { assertKey, type LocalCopy, type ObjectStore, type StagedObject, type StoredObject } from './object-store.ts';
import { isMissingObject, toStoreError } from './s3-errors.ts';

const STAGING = '.staging';
const STAGED_MAX_MS = 24 * 60 * 60 * 1000;
/** What CopyObject takes at the most. */
const SIZE_MAX_BYTES = 5 * 1024 ** 3;
/** Keys in one answer of a list. */
const PAGE_KEYS = 500;
/** S3 takes 10,000 parts of 5 MiB or more. An object of less goes up whole, straight to its key. */
const PART_BYTES = 5 * 1024 * 1024;

/** Three tries of each request, none of which hangs: a server that is away is told within half a minute. */
const PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3000, socketTimeout: 30_000 },
} satisfies S3ClientConfig;

export interface S3Options {
  readonly bucket: string;
  readonly region: string;
  /** None: Amazon's of the region. */
  readonly endpoint?: string;
  /** Name the bucket in the path and not in the host's name. */
  readonly isPathStyle: boolean;
  /** None: the SDK's chain of variables, profile, web identity and instance. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Objects in a bucket, which stays as private as it is. A stream of which the size and the hash, and so the key, are not
 * known yet goes up in parts to a staging key and is copied by the server; only what fits one part is held in memory until
 * its key is known.
 */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ bucket, region, endpoint, isPathStyle, credentials }: S3Options) {
    this.#bucket = bucket;
    this.#client = new S3Client({
      ...PATIENCE,
      region,
      forcePathStyle: isPathStyle,
      // Servers that only speak like S3 refuse the newer checksums; the signature covers the bytes of each part.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    });
  }

  async prepare(): Promise<void> {
    const isOld = (date: Date | undefined) => date !== undefined && Date.now() - date.getTime() > STAGED_MAX_MS;
    for await (const { key, modifiedAt } of this.#listPrefix(`${STAGING}/`)) {
      if (isOld(modifiedAt)) await this.#delete(key);
    }
    await asked(async () => {
      // A thousand at the most; should there be more, the next start goes on.
      const list = new ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: `${STAGING}/` });
      const { Uploads = [] } = await this.#client.send(list);
      for (const { Key, UploadId, Initiated } of Uploads) {
        if (isOld(Initiated)) {
          await this.#client.send(new AbortMultipartUploadCommand({ Bucket: this.#bucket, Key, UploadId }));
        }
      }
    });
  }

  async stage(source: AsyncIterable<Uint8Array>, options: { sizeBytesMax: number }): Promise<StagedObject> {
    const measured = measure(source, Math.min(options.sizeBytesMax, SIZE_MAX_BYTES));
    const first: Uint8Array[] = [];
    let firstBytes = 0;
    for (let isEnd = false; !isEnd && firstBytes < PART_BYTES;) {
      const { done, value } = await measured.chunks.next();
      isEnd = done === true;
      if (value === undefined) continue;
      first.push(value);
      firstBytes += value.byteLength;
    }
    if (firstBytes < PART_BYTES) {
      const bytes = Buffer.concat(first);
      return {
        ...measured.result(),
        commit: (key) => this.put(key, bytes),
        discard: () => Promise.resolve(),
      };
    }
    const staged = `${STAGING}/${randomUUID()}`;
    await this.#putStream(staged, concatenate(first, measured.chunks));
    return {
      ...measured.result(),
      commit: (key) => this.#moveIntoPlace(staged, key),
      discard: () => this.#delete(staged),
    };
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    assertKey(key);
    await asked(() => this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: bytes })));
  }

  async stat(key: string): Promise<{ sizeBytes: number } | null> {
    assertKey(key);
    try {
      const { ContentLength = 0 } = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return { sizeBytes: ContentLength };
    } catch (error) {
      if (isMissingObject(error)) return null;
      throw toStoreError(error);
    }
  }

  read(key: string, range?: { start: number; end: number }): Readable {
    assertKey(key);
    const part = range === undefined ? {} : { Range: `bytes=${String(range.start)}-${String(range.end)}` };
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: key, ...part });
    const client = this.#client;
    async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
      const { Body } = await asked(() => client.send(command));
      try {
        if (Body instanceof Readable) yield* Body as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw toStoreError(error);
      }
    }
    return Readable.from(bytes(), { objectMode: false });
  }

  async localCopy(key: string): Promise<LocalCopy | null> {
    if ((await this.stat(key)) === null) return null;
    const folder = await mkdtemp(join(tmpdir(), 'hortus-object-'));
    const remove = () => rm(folder, { recursive: true, force: true });
    const path = join(folder, 'object');
    try {
      await pipeline(this.read(key), createWriteStream(path, { mode: 0o600 }));
    } catch (error) {
      await remove();
      throw error;
    }
    return { path, [Symbol.asyncDispose]: remove };
  }

  async delete(key: string): Promise<void> {
    assertKey(key);
    await this.#delete(key);
  }

  list(folder: string): AsyncGenerator<StoredObject, void, undefined> {
    assertKey(folder);
    return this.#listPrefix(`${folder}/`);
  }

  async *#listPrefix(prefix: string): AsyncGenerator<StoredObject, void, undefined> {
    const pages = paginateListObjectsV2(
      { client: this.#client },
      { Bucket: this.#bucket, Prefix: prefix, MaxKeys: PAGE_KEYS },
    );
    for (;;) {
      const { done, value } = await asked(() => pages.next());
      if (done === true) return;
      for (const { Key = '', Size = 0, LastModified = new Date(0) } of value.Contents ?? []) {
        yield { key: Key, sizeBytes: Size, modifiedAt: LastModified };
      }
    }
  }

  async #delete(key: string): Promise<void> {
    await asked(() => this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key })));
  }

  /** One part on its way and one that is being filled: two are held in memory. The parts are gone where it fails. */
  async #putStream(key: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    // The SDK fails alike for what the source throws and for what it itself meets; which of them it was matters.
    let sourceError: unknown;
    async function* watched(): AsyncGenerator<Uint8Array, void, undefined> {
      const iterator = chunks[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await iterator.next().catch((error: unknown) => {
            sourceError = error;
            throw error;
          });
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await iterator.return?.();
      }
    }
    const Body = Readable.from(watched(), { objectMode: false });
    const params = { Bucket: this.#bucket, Key: key, Body };
    try {
      await new Upload({ client: this.#client, params, partSize: PART_BYTES, queueSize: 1 }).done();
    } catch (error) {
      throw sourceError ?? toStoreError(error);
    }
  }

  /** The server copies; the staged object is gone either way. */
  async #moveIntoPlace(staged: string, key: string): Promise<void> {
    try {
      assertKey(key);
      const CopySource = `${this.#bucket}/${staged}`;
      await asked(() => this.#client.send(new CopyObjectCommand({ Bucket: this.#bucket, Key: key, CopySource })));
    } catch (error) {
      // Where the store is away, `prepare` clears it later; what went wrong first is what is told.
      await this.#delete(staged).catch(() => undefined);
      throw error;
    }
    await this.#delete(staged).catch(() => undefined);
  }
}

/** What the server answers; its failures in the store's words. */
async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw toStoreError(error);
  }
}

async function* concatenate(
  first: Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let chunk = first.shift(); chunk !== undefined; chunk = first.shift()) yield chunk;
  yield* rest;
}
