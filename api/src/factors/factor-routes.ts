import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { confirmTotp, disableTotp, getFactors, renewRecoveryCodes, setUpTotp } from '@hortus/contracts/factor-api';
import { sessionOf } from '../http/authenticate.ts';
import * as service from './factor-service.ts';

/** A person's authenticator app and recovery codes. */
export const factorRoutes: FastifyPluginAsyncTypebox<service.FactorDependencies> = async (app, dependencies) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.route({ ...getFactors, handler: (request) => service.getFactors(dependencies, sessionOf(request).userId) });

  app.route({
    ...setUpTotp,
    handler: async (request, reply) => {
      const setup = await service.setUpTotp(dependencies, sessionOf(request).userId, request.body.password);
      return reply.status(201).send(setup);
    },
  });

  app.route({
    ...confirmTotp,
    handler: async (request) => {
      const codes = await service.confirmTotp(dependencies, sessionOf(request), request.body.code);
      request.log.info({ userId: sessionOf(request).userId }, 'an authenticator app was set up');
      return codes;
    },
  });

  app.route({
    ...disableTotp,
    handler: async (request, reply) => {
      await service.disableTotp(dependencies, sessionOf(request).userId, request.body);
      request.log.info({ userId: sessionOf(request).userId }, 'an authenticator app was disabled');
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...renewRecoveryCodes,
    handler: async (request) => {
      const codes = await service.renewRecoveryCodes(dependencies, sessionOf(request).userId, request.body);
      request.log.info({ userId: sessionOf(request).userId }, 'recovery codes were renewed');
      return codes;
    },
  });
};
