import { readFile } from 'node:fs/promises';
import type { FastifyPluginAsync } from 'fastify';
import { pagePolicy } from '../http/security-headers.ts';
import { writeDocsPage, type ApiDocument } from './docs-page.ts';

/** Where the page and what it is made of are found. None of it is an operation. */
export const DOCS_URL = '/api/docs';
const CACHE_CONTROL = 'no-cache';

export const docsRoutes: FastifyPluginAsync = async (app) => {
  const css = await readFile(new URL('./docs.css', import.meta.url), 'utf8');
  let page: string | undefined;

  function serve(url: string, contentType: string, write: () => string): void {
    app.route({
      method: 'GET',
      url,
      schema: { hide: true },
      config: { access: 'public' },
      handler: async (_request, reply) => {
        reply.headers({
          'content-type': contentType,
          'cache-control': CACHE_CONTROL,
          'content-security-policy': pagePolicy(),
        });
        return write();
      },
    });
  }

  // The document is complete once every route is registered, so it is asked for at the first request.
  serve(DOCS_URL, 'text/html; charset=utf-8', () => (page ??= writeDocsPage(app.swagger() as unknown as ApiDocument)));
  serve(`${DOCS_URL}/docs.css`, 'text/css; charset=utf-8', () => css);
  serve(`${DOCS_URL}/openapi.json`, 'application/json', () => JSON.stringify(app.swagger()));
};
