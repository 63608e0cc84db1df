import { isUtf8 } from 'node:buffer';
import fastifyPlugin from 'fastify-plugin';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { ProblemError } from '@hortus/service/problem';
import { isDeeperThan } from './json-depth.ts';

/** Nothing in the contract is nested deeper than a batch of variants; the rest is room. */
const JSON_DEPTH_MAX = 20;

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

const plugin: FastifyPluginAsync<{ bodyTimeoutMs: number }> = async (app, { bodyTimeoutMs }) => {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isUtf8(body)) {
      done(new ProblemError('BODY_NOT_JSON', 'Send JSON as UTF-8 (RFC 8259); some bytes of the body are none.'));
    } else if (isDeeperThan(JSON_DEPTH_MAX, body)) {
      const detail = `Arrays and objects may be nested at most ${String(JSON_DEPTH_MAX)} deep.`;
      done(new ProblemError('REQUEST_INVALID', detail));
    } else {
      // The types allow a promise; the parser that Fastify gives answers by `done`.
      void parseJson(request, body.toString(), done);
    }
  });

  app.addHook('onRequest', async (request, reply) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
    reply.header('accept-encoding', 'identity');
    throw new ProblemError('MEDIA_TYPE_UNSUPPORTED', 'Send the body without a `Content-Encoding`; it is not unpacked.');
  });

  app.addHook('preParsing', async (request, reply, payload) => {
    // Where JSON is not parsed the body is an upload, which has more time.
    if (!hasBody(request) || !request.server.hasContentTypeParser('application/json')) return payload;
    const timer = setTimeout(() => {
      request.log.info('the body took too long; the connection is closed');
      request.raw.destroy();
    }, bodyTimeoutMs);
    const isThere = () => {
      clearTimeout(timer);
    };
    request.raw.once('end', isThere);
    reply.raw.once('close', isThere);
    return payload;
  });
};

/** What a body may be: JSON in UTF-8, not packed, not deep, and there in good time. Its size is Fastify's `bodyLimit`. */
export const bodyLimits = fastifyPlugin(plugin, { name: 'body-limits', fastify: '5.x' });
