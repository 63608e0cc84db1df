import type { SwaggerOptions } from '@fastify/swagger';

/** The head of `docs/openapi.json`; all else of it comes from the contracts. Internal operations are left out. */
export const openApi: SwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Hortus',
      version: '1',
      description:
        'A self-hosted, multi-tenant asset platform. Errors are problem details (RFC 9457) with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    components: { securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  },
  transform: ({ schema, url, route }) => {
    const access = route.config?.access;
    const security = access === 'session' || access === 'workspace' ? [{ accessToken: [] }] : [];
    return { schema: { ...schema, hide: schema.hide === true || access === 'service', security }, url };
  },
};
