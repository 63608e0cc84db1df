import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { getUsage, putQuota } from '@hortus/contracts/quota-api';
import { ProblemError } from '@hortus/service/problem';
import { withWorkspace } from '../db/scope.ts';
import { memberOf } from '../http/authenticate.ts';
import { findUsage, setQuota } from './usage-repo.ts';

function workspaceNotFound(): ProblemError {
  return new ProblemError('WORKSPACE_NOT_FOUND', 'There is no workspace of this id.');
}

export const quotaRoutes: FastifyPluginAsyncTypebox<{ knex: Knex }> = async (app, { knex }) => {
  app.route({
    ...getUsage,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const usage = await withWorkspace(knex, workspaceId, (tx) => findUsage(tx, workspaceId));
      if (usage === undefined) throw workspaceNotFound();
      reply.header('cache-control', 'no-store');
      return usage;
    },
  });

  app.route({
    ...putQuota,
    handler: async (request) => {
      const { workspaceId } = request.params;
      const usage = await withWorkspace(knex, workspaceId, (tx) => setQuota(tx, workspaceId, request.body));
      if (usage === undefined) throw workspaceNotFound();
      return usage;
    },
  });
};
