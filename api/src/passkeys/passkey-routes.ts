import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import * as contract from '@hortus/contracts/passkey-api';
import { assertSameOrigin } from '../auth/same-origin.ts';
import { originOf, type SessionAnswers } from '../auth/session-answers.ts';
import { sessionOf } from '../http/authenticate.ts';
import * as service from './passkey-service.ts';

/** From one network address, behind which may be a whole office. */
const rateLimit = { max: 120, timeWindow: '1 minute' };

export const passkeyRoutes: FastifyPluginAsyncTypebox<
  service.PasskeyDependencies & { answers: SessionAnswers }
> = async (app, { answers, ...dependencies }) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.route({
    ...contract.beginPasskey,
    handler: (request) => service.beginRegistration(dependencies, sessionOf(request).userId, request.body.password),
  });

  app.route({
    ...contract.registerPasskey,
    handler: async (request, reply) => {
      const { userId } = sessionOf(request);
      const passkey = await service.register(dependencies, userId, request.body);
      request.log.info({ userId, passkeyId: passkey.id }, 'a passkey was registered');
      return reply.status(201).send(passkey);
    },
  });

  app.route({
    ...contract.listPasskeys,
    handler: async (request) => ({ items: await service.listOwn(dependencies, sessionOf(request).userId) }),
  });

  app.route({
    ...contract.renamePasskey,
    handler: (request) => {
      const change = { id: request.params.passkeyId, name: request.body.name };
      return service.rename(dependencies, sessionOf(request).userId, change);
    },
  });

  app.route({
    ...contract.deletePasskey,
    handler: async (request, reply) => {
      const { userId } = sessionOf(request);
      await service.remove(dependencies, userId, request.params.passkeyId);
      request.log.info({ userId, passkeyId: request.params.passkeyId }, 'a passkey was deleted');
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...contract.beginPasskeyLogin,
    config: { ...contract.beginPasskeyLogin.config, rateLimit },
    handler: (request) => {
      assertSameOrigin(request);
      return service.beginSignIn(dependencies);
    },
  });

  app.route({
    ...contract.passkeyLogin,
    config: { ...contract.passkeyLogin.config, rateLimit },
    handler: async (request, reply) => {
      assertSameOrigin(request);
      return answers.give(reply, await service.signIn(dependencies, request.body, originOf(request)));
    },
  });
};
