import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const LINGER_MS = 1000;

/**
 * Ends the connection of a refused body that still comes, a moment after the answer. Until then the bytes are read and
 * dropped: a connection that closes on unread bytes is reset, and the client would lose the answer with it (RFC 9112 §9.6).
 */
function lingerAfter({ raw }: FastifyRequest, reply: FastifyReply): void {
  reply.raw.once('finish', () => {
    const timer = setTimeout(() => {
      raw.destroy();
    }, LINGER_MS).unref();
    raw.once('close', () => {
      clearTimeout(timer);
    });
    raw.resume();
  });
}

/** Lets bytes of any type reach the handlers of this plugin as the stream that they are. */
export function takeRawBodies(
  app: Pick<FastifyInstance, 'removeAllContentTypeParsers' | 'addContentTypeParser' | 'addHook'>,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload);
  });
  app.addHook('onError', async (request, reply) => {
    if (!request.raw.complete) lingerAfter(request, reply);
  });
}

/** A loop that is left early destroys its stream, and that of a request is the connection: the answer would not arrive. */
export function readRawBody(body: Readable): AsyncIterable<Uint8Array> {
  return body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
}

/** Whether a body broke off. */
export function isConnectionLost(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code);
}
