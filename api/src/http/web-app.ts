import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import { ProblemError } from '@hortus/service/problem';

const API_PATH = /^\/(api|internal|assets|health|problems)(\/|$)/;
/** Files that carry the hash of their content in their name, as base64url. */
const HASHED_FILE = /-[A-Za-z0-9_-]{8}\.(js|css|woff2|svg|png)$/;

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
      if (API_PATH.test(path)) throw new ProblemError('NOT_FOUND', `GET ${path.slice(0, 200)} is not known here.`);
      const isFile = path !== '/' && /\.[a-z0-9]+$/i.test(path);
      if (isFile) {
        if (path.includes('..') || path.includes('\0') || !existsSync(join(folder, path))) {
          throw new ProblemError('NOT_FOUND', `GET ${path.slice(0, 200)} is not known here.`);
        }
        reply.header('cache-control', HASHED_FILE.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
        return reply.sendFile(path.slice(1));
      }
      reply.header('cache-control', 'no-cache');
      return reply.sendFile('index.html');
    },
  });
};
