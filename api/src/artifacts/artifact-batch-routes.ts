import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { restoreArtifacts, tagArtifacts, trashArtifacts } from '@hortus/contracts/artifact-batch-api';
import { memberOf } from '../http/authenticate.ts';
import type { AnswerOnce } from '../idempotency/idempotency-service.ts';
import * as service from './artifact-batch-service.ts';

export const artifactBatchRoutes: FastifyPluginAsyncTypebox<{ answerOnce: AnswerOnce }> = async (
  app,
  { answerOnce },
) => {
  app.route({
    ...tagArtifacts,
    handler: (request, reply) =>
      answerOnce(request, reply, async (tx) => ({
        status: 200,
        body: { items: await service.tagArtifacts(tx, memberOf(request), request.body) },
      })),
  });

  app.route({
    ...trashArtifacts,
    handler: (request, reply) =>
      answerOnce(request, reply, async (tx) => ({
        status: 200,
        body: { items: await service.trashArtifacts(tx, memberOf(request), request.body.items) },
      })),
  });

  app.route({
    ...restoreArtifacts,
    handler: (request, reply) =>
      answerOnce(request, reply, async (tx) => ({
        status: 200,
        body: { items: await service.restoreArtifacts(tx, memberOf(request), request.body.items) },
      })),
  });
};
