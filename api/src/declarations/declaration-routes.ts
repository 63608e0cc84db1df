import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import * as contract from '@hortus/contracts/workspace-resource-api';
import type { Cursors } from '../http/cursor.ts';
import { readPage, writePage } from '../http/page.ts';
import * as service from './declaration-service.ts';

const ASKED = 'undeclared workspaces';

/** What the operator asks for. Every call may be repeated. */
export const declarationRoutes: FastifyPluginAsyncTypebox<
  service.DeclarationDependencies & { cursors: Cursors }
> = async (app, { cursors, ...dependencies }) => {
  app.route({
    ...contract.declareWorkspace,
    handler: ({ params, body }) =>
      service.declareWorkspace(dependencies, { workspaceId: params.workspaceId, declaration: body }),
  });

  app.route({
    ...contract.planDeclaration,
    handler: ({ params, body }) =>
      service.planWorkspace(dependencies, { workspaceId: params.workspaceId, declaration: body }),
  });

  app.route({
    ...contract.readDeclaration,
    handler: ({ params }) => service.readDeclared(dependencies, params.workspaceId),
  });

  app.route({
    ...contract.releaseDeclaration,
    handler: async ({ params, query }, reply) => {
      await service.releaseWorkspace(dependencies, params.workspaceId, query.resource);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...contract.requestRemoval,
    handler: ({ params, body }) => service.requestRemoval(dependencies, params.workspaceId, body.resource),
  });

  app.route({
    ...contract.readRemoval,
    handler: ({ params }) => service.readRemoval(dependencies, params.workspaceId),
  });

  app.route({
    ...contract.listUndeclaredWorkspaces,
    handler: async ({ query }) => {
      const page = readPage(cursors, ASKED, query);
      const rows = await service.listUndeclared(dependencies, page);
      return writePage(cursors, ASKED, { ...page, rows, idOf: ({ id }) => id });
    },
  });
};
