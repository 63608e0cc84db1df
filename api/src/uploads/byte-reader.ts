/** Reads a stream in pieces of given sizes. */
export interface ByteReader {
  /** The next bytes, at most `bytesMax` of them, as they come; fewer only where the stream ends, or broke off. */
  take(bytesMax: number): AsyncGenerator<Uint8Array, void, undefined>;
  /** Whether nothing is left. Waits for the next bytes to know it. */
  isAtEnd(): Promise<boolean>;
  /** Lets go of the stream. While it is held, nobody else can read and drop what is left of it. */
  close(): Promise<void>;
  /** Why the stream broke off; what had come before is given all the same. */
  readonly failure: unknown;
}

export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  let isOver = false;
  let failure: unknown;

  /** Bytes, unless the stream is over. */
  async function fill(): Promise<void> {
    while (rest.byteLength === 0 && !isOver) {
      try {
        const next = await iterator.next();
        if (next.done === true) isOver = true;
        else rest = next.value;
      } catch (error) {
        isOver = true;
        failure = error;
      }
    }
  }

  return {
    async *take(bytesMax) {
      for (let left = bytesMax; left > 0;) {
        await fill();
        if (rest.byteLength === 0) return;
        const piece = rest.subarray(0, left);
        rest = rest.subarray(piece.byteLength);
        left -= piece.byteLength;
        yield piece;
      }
    },
    async isAtEnd() {
      await fill();
      return rest.byteLength === 0;
    },
    async close() {
      await iterator.return?.();
    },
    get failure() {
      return failure;
    },
  };
}
