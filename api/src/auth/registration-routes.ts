import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import {
  confirmEmail,
  forgotPassword,
  getRegistration,
  register,
  resendVerification,
  resetPassword,
  verifyEmail,
} from '@hortus/contracts/account-api';
import type { Endpoint } from '@hortus/contracts/endpoint';
import * as emailChange from './email-change-service.ts';
import { addressBlock } from './guess-policy.ts';
import * as recovery from './recovery-service.ts';
import * as registration from './registration-service.ts';

/** Most cost a hash or a mail, and none of them asks who it is. */
const REQUESTS_PER_MINUTE = 20;

function limited(endpoint: Endpoint) {
  const keyGenerator = (request: FastifyRequest) => `${endpoint.schema.operationId} ${addressBlock(request.ip)}`;
  return { ...endpoint.config, rateLimit: { max: REQUESTS_PER_MINUTE, timeWindow: '1 minute', keyGenerator } };
}

/** What somebody who is not signed in does for an account: all by way of a mail. */
export const registrationRoutes: FastifyPluginAsyncTypebox<registration.RegistrationDependencies> = async (
  app,
  dependencies,
) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.route({
    ...getRegistration,
    config: limited(getRegistration),
    handler: () => Promise.resolve({ registration: dependencies.registration }),
  });

  app.route({
    ...register,
    config: limited(register),
    handler: async (request, reply) => {
      await registration.register(dependencies, request.body, addressBlock(request.ip));
      return reply.status(202).send(null);
    },
  });

  app.route({
    ...resendVerification,
    config: limited(resendVerification),
    handler: async (request, reply) => {
      await registration.resendVerification(dependencies, request.body.email, addressBlock(request.ip));
      return reply.status(202).send(null);
    },
  });

  app.route({
    ...verifyEmail,
    config: limited(verifyEmail),
    handler: async (request, reply) => {
      await registration.verifyEmail(dependencies, request.body);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...forgotPassword,
    config: limited(forgotPassword),
    handler: async (request, reply) => {
      await recovery.forgotPassword(dependencies, request.body.email, addressBlock(request.ip));
      return reply.status(202).send(null);
    },
  });

  app.route({
    ...resetPassword,
    config: limited(resetPassword),
    handler: async (request, reply) => {
      await recovery.resetPassword(dependencies, request.body);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...confirmEmail,
    config: limited(confirmEmail),
    handler: async (request, reply) => {
      await emailChange.confirmEmail(dependencies, request.body.token);
      return reply.status(204).send(null);
    },
  });
};
