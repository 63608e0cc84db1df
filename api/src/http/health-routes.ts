import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { getHealth } from '@hortus/contracts/health-api';

export const healthRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.route({ ...getHealth, handler: () => ({ status: 'ok' as const }) });
};
