import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { createApiToken, listApiTokens, revokeApiToken } from '@hortus/contracts/token-api';
import { memberOf } from '../http/authenticate.ts';
import type { Cursors } from '../http/cursor.ts';
import { limitPerPerson } from '../http/limit-per-person.ts';
import { readPage, writePage } from '../http/page.ts';
import type { AnswerOnce } from '../idempotency/idempotency-service.ts';
import * as service from './api-token-service.ts';

const NEW_TOKENS_PER_MINUTE = 20;

export const apiTokenRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  cursors: Cursors;
  answerOnce: AnswerOnce;
}> = async (app, { knex, cursors, answerOnce }) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.route({
    ...createApiToken,
    config: {
      ...createApiToken.config,
      rateLimit: limitPerPerson('tokens', NEW_TOKENS_PER_MINUTE),
    },
    handler: (request, reply) =>
      answerOnce(request, reply, async (tx) => ({
        status: 201,
        body: await service.createApiToken(tx, memberOf(request), request.body),
      })),
  });

  app.route({
    ...listApiTokens,
    handler: async (request) => {
      const member = memberOf(request);
      const asked = JSON.stringify(['tokens', member.workspaceId, member.userId]);
      const page = readPage(cursors, asked, request.query);
      const rows = await service.listApiTokens(knex, member, page);
      return writePage(cursors, asked, { ...page, rows, idOf: ({ id }) => id });
    },
  });

  app.route({
    ...revokeApiToken,
    handler: async (request, reply) => {
      await service.revokeApiToken(knex, memberOf(request), request.params.tokenId);
      return reply.status(204).send(null);
    },
  });
};
