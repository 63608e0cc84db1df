import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { recordInspection, recordOutcome, recordVariants } from '@hortus/contracts/internal-api';
import { variantKey } from '@hortus/contracts/object-key';
import type { ObjectStore } from '@hortus/service/object-store';
import { ProblemError } from '@hortus/service/problem';
import { withWorkspace } from '../db/scope.ts';
import { appendEvent } from '../events/event-repo.ts';
import { loosenObjects, removeLoose } from '../trash/loose-object-repo.ts';
import { lockAnyArtifact } from './artifact-repo.ts';
import type { ArtifactRow } from './artifact-row.ts';
import { artifactNotFound } from './artifact-problems.ts';
import { addVariants, setInspection, setOutcome } from './garden-repo.ts';

interface VersionParams {
  workspaceId: string;
  artifactId: string;
  version: number;
}

/**
 * What the gardener records. Each call may be repeated, and one for an original that was replaced is refused. One for an
 * artifact in the trash is taken, so that it is complete when it is restored.
 */
export const gardenRoutes: FastifyPluginAsyncTypebox<{ knex: Knex; store: ObjectStore }> = async (
  app,
  { knex, store },
) => {
  async function record(
    { workspaceId, artifactId, version }: VersionParams,
    write: (tx: Knex.Transaction, artifact: ArtifactRow) => Promise<void>,
  ): Promise<void> {
    await withWorkspace(knex, workspaceId, async (tx) => {
      const artifact = await lockAnyArtifact(tx, artifactId);
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
      const { workspaceId } = request.params;
      const keys = request.body.variants.map((variant) => variantKey(workspaceId, variant));
      try {
        await record(request.params, async (tx, artifact) => {
          await addVariants(tx, artifact, request.body);
          await removeLoose(tx, keys);
          const stats = await Promise.all(keys.map((key) => store.stat(key)));
          // The same bytes were purged for another artifact in this very moment: the step makes them again.
          if (stats.includes(null)) throw new ProblemError('UNAVAILABLE', 'A variant is not in the object store.');
        });
      } catch (error) {
        const isVoid =
          error instanceof ProblemError && ['ARTIFACT_NOT_FOUND', 'ARTIFACT_VERSION_STALE'].includes(error.code);
        if (isVoid) await withWorkspace(knex, workspaceId, (tx) => loosenObjects(tx, workspaceId, keys));
        throw error;
      }
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
