import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { deleteDemo, listDemoKeys, putDemo, putDemoArtifact } from '@hortus/contracts/internal-api';
import { listDemoKeys as findDemoKeys } from '../artifacts/artifact-repo.ts';
import { withWorkspace } from '../db/scope.ts';
import {
  assertDemoWorkspace,
  ensureDemo,
  ensureDemoArtifact,
  removeDemo,
  type DemoDependencies,
} from './demo-service.ts';

export const demoRoutes: FastifyPluginAsyncTypebox<DemoDependencies> = async (app, dependencies) => {
  const { knex } = dependencies;

  app.route({
    ...putDemo,
    handler: async (request) => ({ workspaces: await ensureDemo(dependencies, request.body) }),
  });

  app.route({
    ...listDemoKeys,
    handler: async (request) => {
      const { workspaceId } = request.params;
      await assertDemoWorkspace(knex, workspaceId);
      return { keys: await withWorkspace(knex, workspaceId, findDemoKeys) };
    },
  });

  app.route({
    ...putDemoArtifact,
    handler: async (request) => {
      const { workspaceId } = request.params;
      await assertDemoWorkspace(knex, workspaceId);
      return { created: await ensureDemoArtifact(knex, workspaceId, request.body) };
    },
  });

  app.route({ ...deleteDemo, handler: () => removeDemo(knex) });
};
