import { createHash } from 'node:crypto';
import { ObjectTooLargeError } from './object-store.ts';

const HEAD_BYTES = 4100;

/** What is learnt of a stream while it passes. */
export interface Measure {
  /** The source, chunk by chunk. @throws ObjectTooLargeError as soon as more than `sizeBytesMax` bytes have come */
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
  /** Once all chunks have passed. */
  result(): { sha256: string; sizeBytes: number; head: Buffer };
}

export function measure(source: AsyncIterable<Uint8Array>, sizeBytesMax: number): Measure {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let headBytes = 0;
  let sizeBytes = 0;
  async function* pass(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of source) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > sizeBytesMax) throw new ObjectTooLargeError(sizeBytesMax);
      hash.update(chunk);
      if (headBytes < HEAD_BYTES) {
        const part = Buffer.from(chunk.subarray(0, HEAD_BYTES - headBytes));
        head.push(part);
        headBytes += part.byteLength;
      }
      yield chunk;
    }
  }
  return { chunks: pass(), result: () => ({ sha256: hash.digest('hex'), sizeBytes, head: Buffer.concat(head) }) };
}
