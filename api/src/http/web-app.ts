import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import { ProblemError } from '@hortus/service/problem';
import { pagePolicy } from './security-headers.ts';

const API_PATH = /^\/(api|internal|assets|health|problems)(\/|$)/;
/** Files that carry the hash of their content in their name, as base64url. */
const HASHED_FILE = /-[A-Za-z0-9_-]{8}\.(js|css|woff2|svg|png)$/;

/** Where `index.html` has the nonce by which Angular marks the style elements of components, so that no others are taken. */
const NONCE_PLACE = '{csp-nonce}';

/** Serves the built web app; an address of the app itself, such as `/w/acme-corp/artifacts`, gets its one page. */
export const webApp: FastifyPluginAsync<{ folder: string }> = async (app, { folder }) => {
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    serve: false,
    cacheControl: false,
  });
  app.route({
    method: 'GET',
    url: '/*',
    schema: { hide: true },
    config: { access: 'public' },
    handler: async (request, reply) => {
      const path = decodeURIComponent(request.url.split('?', 1)[0] ?? '/');
      if (API_PATH.test(path)) {
        reply.callNotFound();
        return reply;
      }
      const isFile = path !== '/' && /\.[a-z0-9]+$/i.test(path);
      if (isFile) {
        if (path.includes('..') || path.includes('\0') || !existsSync(join(folder, path))) {
          throw new ProblemError('NOT_FOUND', `GET ${path.slice(0, 200)} is not known here.`);
        }
        reply.header('cache-control', HASHED_FILE.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
        return reply.sendFile(path.slice(1));
      }
      const nonce = randomBytes(16).toString('base64');
      reply.headers({
        'cache-control': 'no-store',
        'content-security-policy': pagePolicy([`'nonce-${nonce}'`]),
        'content-type': 'text/html; charset=utf-8',
      });
      const page = await readFile(join(folder, 'index.html'), 'utf8');
      return page.replaceAll(NONCE_PLACE, nonce);
    },
  });
};
