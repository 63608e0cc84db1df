import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createByteReader } from './byte-reader.ts';

async function* streamOf(chunks: readonly Uint8Array[], error?: Error): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
  if (error) throw error;
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 });
const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 });

describe('a reader of bytes', () => {
  it('gives all bytes in pieces of the sizes that are asked for, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, sizes, async (parts, wanted) => {
        const whole = Buffer.concat(parts);
        const reader = createByteReader(streamOf(parts));
        let at = 0;
        for (const size of wanted) {
          const piece = await collect(reader.take(size));
          expect(piece.equals(whole.subarray(at, at + size))).toBe(true);
          at += piece.length;
        }
        expect(await reader.isAtEnd()).toBe(at === whole.length);
        expect((await collect(reader.take(1000))).equals(whole.subarray(at))).toBe(true);
        expect(reader.failure).toBeUndefined();
      }),
    );
  });

  it('gives what came before the stream broke off, and then tells why', async () => {
    const error = new Error('cut');
    const reader = createByteReader(streamOf([Buffer.from('half')], error));
    expect((await collect(reader.take(100))).toString()).toBe('half');
    expect(reader.failure).toBe(error);
  });
});
