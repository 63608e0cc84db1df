import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { changeEmail, deleteMe } from '@hortus/contracts/account-api';
import type { Endpoint } from '@hortus/contracts/endpoint';
import { changePassword, endSession, getMe, listSessions, updateMe } from '@hortus/contracts/auth-api';
import { sessionOf } from '../http/authenticate.ts';
import * as service from './account-service.ts';
import * as emailChange from './email-change-service.ts';
import { addressBlock } from './guess-policy.ts';
import { getSignedIn } from './session-service.ts';

/** Whoever has found an open browser must not guess the password there. */
const PASSWORDS_PER_MINUTE = 5;

function asksForPassword({ config, schema }: Endpoint) {
  const keyGenerator = (request: FastifyRequest) => `${schema.operationId} ${sessionOf(request).userId}`;
  return {
    ...config,
    rateLimit: { max: PASSWORDS_PER_MINUTE, timeWindow: '1 minute', hook: 'preHandler', keyGenerator } as const,
  };
}

/** A person's own account: profile, password, sessions. */
export const accountRoutes: FastifyPluginAsyncTypebox<service.AccountDependencies> = async (app, dependencies) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.route({ ...getMe, handler: (request) => getSignedIn(dependencies, sessionOf(request).userId) });

  app.route({
    ...updateMe,
    handler: (request) => service.updateProfile(dependencies, sessionOf(request).userId, request.body),
  });

  app.route({
    ...changePassword,
    config: asksForPassword(changePassword),
    handler: async (request, reply) => {
      await service.changePassword(dependencies, sessionOf(request), request.body);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...changeEmail,
    config: asksForPassword(changeEmail),
    handler: async (request, reply) => {
      const { userId } = sessionOf(request);
      await emailChange.changeEmail(dependencies, userId, request.body, addressBlock(request.ip));
      return reply.status(202).send(null);
    },
  });

  app.route({
    ...deleteMe,
    config: asksForPassword(deleteMe),
    handler: async (request, reply) => {
      await service.deleteAccount(dependencies, sessionOf(request), request.body.currentPassword);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...listSessions,
    handler: async (request) => ({ items: await service.listOwnSessions(dependencies, sessionOf(request)) }),
  });

  app.route({
    ...endSession,
    handler: async (request, reply) => {
      await service.endOwnSession(dependencies, sessionOf(request).userId, request.params.sessionId);
      return reply.status(204).send(null);
    },
  });
};
