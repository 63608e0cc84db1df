import type { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Knex } from 'knex';
import { putOriginal } from '@hortus/contracts/artifact-api';
import { PRIORITIES } from '@hortus/contracts/gardener';
import type { Usage } from '@hortus/contracts/quota-api';
import { ObjectTooLargeError, type ObjectStore, type StagedObject } from '@hortus/service/object-store';
import { ProblemError } from '@hortus/service/problem';
import { withWorkspace } from '../db/scope.ts';
import { memberOf } from '../http/authenticate.ts';
import { isConnectionLost, readRawBody, takeRawBodies } from '../http/raw-bodies.ts';
import { etagOf } from '../http/if-match.ts';
import { assertFits, bytesLeft } from '../quota/quota-problem.ts';
import { findUsage } from '../quota/usage-repo.ts';
import type { ApiMetrics } from '../metrics.ts';
import type { ArtifactPresenter } from './artifact-presenter.ts';
import { findArtifact } from './artifact-repo.ts';

import { artifactNotFound } from './artifact-problems.ts';
import { storeOriginal } from './original-service.ts';
import { assertMayReplace } from './replace-check.ts';

function tooLarge(sizeBytesMax: number): ProblemError {
  return new ProblemError('BODY_TOO_LARGE', `An upload may have at most ${String(sizeBytesMax)} bytes.`);
}

/** Does nothing where the header lies or is absent; the bytes are counted as they come. */
function refuseDeclaredSize(request: FastifyRequest, sizeBytesMax: number): void {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > sizeBytesMax) throw tooLarge(sizeBytesMax);
}

export const uploadRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  store: ObjectStore;
  presenter: ArtifactPresenter;
  metrics: ApiMetrics;
  uploadMaxBytes: number;
}> = async (app, { knex, store, presenter, metrics, uploadMaxBytes }) => {
  takeRawBodies(app);
  app.addHook('onRequest', async (request) => {
    refuseDeclaredSize(request, uploadMaxBytes);
  });

  /** Refuses what does not fit as soon as it is seen: by what is declared, and else as the bytes come. */
  async function stage(request: FastifyRequest, body: Readable, usage: Usage): Promise<StagedObject> {
    const left = bytesLeft(usage);
    assertFits(usage, Number(request.headers['content-length'] ?? 0));
    try {
      return await store.stage(readRawBody(body), { sizeBytesMax: Math.min(uploadMaxBytes, left) });
    } catch (error) {
      if (error instanceof ObjectTooLargeError) {
        if (left < uploadMaxBytes) assertFits(usage, left + 1);
        throw tooLarge(error.sizeBytesMax);
      }
      if (isConnectionLost(error)) {
        throw new ProblemError('UPLOAD_INTERRUPTED', 'Nothing was kept. Send the bytes again.', { cause: error });
      }
      throw error;
    }
  }

  app.route({
    ...putOriginal,
    handler: async (request, reply: FastifyReply) => {
      const { workspaceId } = memberOf(request);
      const { id } = request.params;
      const { before, usage } = await withWorkspace(knex, workspaceId, async (tx) => ({
        before: await findArtifact(tx, id),
        usage: await findUsage(tx, workspaceId),
      }));
      if (before === undefined || usage === undefined) throw artifactNotFound();
      assertMayReplace(presenter, request, before);
      const body = request.body as Readable | undefined | null;
      const staged = body ? await stage(request, body, usage) : null;
      if (staged === null || staged.sizeBytes === 0) {
        await staged?.discard();
        throw new ProblemError('ORIGINAL_EMPTY', 'Choose a file that has bytes, and send them as the body.');
      }
      const row = await storeOriginal(knex, {
        workspaceId,
        artifactId: id,
        actor: memberOf(request),
        staged,
        declaredType: request.headers['content-type'],
        priorityKey: PRIORITIES.upload,
        assertMayReplace: (current) => {
          assertMayReplace(presenter, request, current);
        },
      });
      metrics.uploadBytes.inc(staged.sizeBytes);
      reply.headers({ etag: etagOf(row.revision), 'cache-control': 'no-store' });
      return presenter.artifact(row);
    },
  });
};
