import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { REFRESH_COOKIE, finishLogin, login, logout, logoutEverywhere, refresh } from '@hortus/contracts/auth-api';
import { finishSignIn } from '../factors/second-factor-service.ts';
import { sessionOf } from '../http/authenticate.ts';
import { signOutEverywhere } from './account-service.ts';
import { signIn, type AuthDependencies } from './auth-service.ts';
import { assertSameOrigin } from './same-origin.ts';
import { originOf, type SessionAnswers } from './session-answers.ts';
import { refreshSession, signOut } from './session-service.ts';

/** Guesses from one network address at one account. */
const SIGN_INS_PER_MINUTE = 30;

export const authRoutes: FastifyPluginAsyncTypebox<AuthDependencies & { answers: SessionAnswers }> = async (
  app,
  { answers, ...dependencies },
) => {
  app.route({
    ...login,
    config: {
      ...login.config,
      rateLimit: {
        max: SIGN_INS_PER_MINUTE,
        timeWindow: '1 minute',
        hook: 'preHandler',
        keyGenerator: (request: FastifyRequest) =>
          `${request.ip} ${(request.body as { email: string }).email.trim().toLowerCase()}`,
      },
    },
    handler: async (request, reply) => {
      assertSameOrigin(request);
      const outcome = await signIn(dependencies, request.body, originOf(request));
      if (!('challenge' in outcome)) return answers.give(reply, outcome);
      return reply.status(202).header('cache-control', 'no-store').send(outcome);
    },
  });

  app.route({
    ...finishLogin,
    config: { ...finishLogin.config, rateLimit: { max: SIGN_INS_PER_MINUTE, timeWindow: '1 minute' } },
    handler: async (request, reply) => {
      assertSameOrigin(request);
      return answers.give(reply, await finishSignIn(dependencies, request.body, originOf(request)));
    },
  });

  app.route({
    ...refresh,
    handler: async (request, reply) => {
      assertSameOrigin(request);
      return answers.give(reply, await refreshSession(dependencies, request.cookies[REFRESH_COOKIE]));
    },
  });

  app.route({
    ...logout,
    handler: async (request, reply) => {
      assertSameOrigin(request);
      await signOut(dependencies, request.cookies[REFRESH_COOKIE]);
      answers.forget(reply);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...logoutEverywhere,
    handler: async (request, reply) => {
      const exceptCurrent = request.body?.exceptCurrent ?? false;
      await signOutEverywhere(dependencies.knex, sessionOf(request), { exceptCurrent });
      if (!exceptCurrent) answers.forget(reply);
      return reply.status(204).send(null);
    },
  });
};
