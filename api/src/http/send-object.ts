import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '@hortus/service/problem';
import type { ObjectStore } from '@hortus/service/object-store';

export interface ByteRange {
  /** First byte. */
  readonly start: number;
  /** Last byte, included. */
  readonly end: number;
}

/**
 * The one range of a `Range` header; null where the whole is to be sent, which RFC 9110 §14.2 allows for a header that is
 * malformed or asks for several ranges.
 *
 * @throws ProblemError RANGE_NOT_SATISFIABLE when the range lies behind the end
 */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  if (start >= sizeBytes || start > end) {
    throw new ProblemError('RANGE_NOT_SATISFIABLE', `The file has ${String(sizeBytes)} bytes.`);
  }
  return { start, end };
}

/**
 * Answers with an object: its headers, a 304 for those who have it, or the range that is asked for. The body is streamed.
 *
 * @returns whether there is such an object; if not, nothing was sent
 */
export async function sendObject(
  request: FastifyRequest,
  reply: FastifyReply,
  store: ObjectStore,
  object: { key: string; etag: string; contentType: string; cacheControl: string },
): Promise<boolean> {
  const stat = await store.stat(object.key);
  if (stat === null) return false;
  reply.headers({
    etag: object.etag,
    'cache-control': object.cacheControl,
    'accept-ranges': 'bytes',
    'content-type': object.contentType,
  });
  const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes('*') || known.includes(object.etag)) {
    reply.status(304).send();
    return true;
  }
  const conditional = request.headers['if-range'];
  const wanted = conditional === undefined || conditional === object.etag ? request.headers.range : undefined;
  let range: ByteRange | null;
  try {
    range = readRange(wanted, stat.sizeBytes);
  } catch (error) {
    reply.header('content-range', `bytes */${String(stat.sizeBytes)}`).removeHeader('etag');
    throw error;
  }
  const length = range === null ? stat.sizeBytes : range.end - range.start + 1;
  reply.header('content-length', length);
  if (range !== null) {
    reply.status(206);
    reply.header('content-range', `bytes ${String(range.start)}-${String(range.end)}/${String(stat.sizeBytes)}`);
  }
  // Fastify empties the body of a HEAD answer itself; this spares reading the file for it.
  reply.send(request.method === 'HEAD' ? Readable.from([]) : store.read(object.key, range ?? undefined));
  return true;
}
