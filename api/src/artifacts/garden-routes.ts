import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { recordInspection, recordOutcome, recordVariants } from '@hortus/contracts/internal-api';
import { ProblemError } from '@hortus/service/problem';
import { withWorkspace } from '../db/scope.ts';
import { appendEvent } from '../events/event-repo.ts';
import { addVariants, lockArtifact, setInspection, setOutcome } from './artifact-repo.ts';
import type { ArtifactRow } from './artifact-row.ts';
import { artifactNotFound } from './artifact-problems.ts';

interface VersionParams {
  workspaceId: string;
  artifactId: string;
  version: number;
}

/** What the gardener records. Each call may be repeated, and one for an original that was replaced is refused. */
export const gardenRoutes: FastifyPluginAsyncTypebox<{ knex: Knex }> = async (app, { knex }) => {
  async function record(
    { workspaceId, artifactId, version }: VersionParams,
    write: (tx: Knex.Transaction, artifact: ArtifactRow) => Promise<void>,
  ): Promise<void> {
    await withWorkspace(knex, workspaceId, async (tx) => {
      const artifact = await lockArtifact(tx, artifactId);
      if (artifact === undefined) throw artifactNotFound();
      if (artifact.originalVersion !== version) {
        const detail = `Its original is at version ${String(artifact.originalVersion)}; results for ${String(version)} are void.`;
        throw new ProblemError('ARTIFACT_VERSION_STALE', detail);
      }
      await write(tx, artifact);
      await appendEvent(tx, { workspaceId, type: 'artifact.changed', artifactId });
    });
  }

  app.route({
    ...recordInspection,
    handler: async (request, reply) => {
      await record(request.params, (tx, { id }) => setInspection(tx, id, request.body));
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...recordVariants,
    handler: async (request, reply) => {
      await record(request.params, (tx, artifact) => addVariants(tx, artifact, request.body));
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...recordOutcome,
    handler: async (request, reply) => {
      await record(request.params, (tx, { id }) => setOutcome(tx, id, request.body.failure));
      return reply.status(204).send(null);
    },
  });
};
