import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import * as contract from '@hortus/contracts/open-id-api';
import { ProblemError } from '@hortus/service/problem';
import { originOf, type SessionAnswers } from '../auth/session-answers.ts';
import { CHALLENGE_LIFETIME_MS } from '../factors/challenge.ts';
import { sessionOf } from '../http/authenticate.ts';
import * as service from './open-id-service.ts';

/**
 * Ties the answer of the provider to the browser that asked. SameSite=Lax and not Strict: the provider's page is of another
 * site, and a Strict cookie would not come with the navigation that it starts. Lax comes with that and with nothing else
 * that another site can start (no form post, no frame, no fetch).
 */
const KEPT = 'hortus_openid';
const COOKIE = { path: '/api/v1/auth/openid', httpOnly: true, secure: true, sameSite: 'lax' } as const;
/** From one network address, behind which may be a whole office. */
const rateLimit = { max: 120, timeWindow: '1 minute' };

export const openIdRoutes: FastifyPluginAsyncTypebox<service.OpenIdDependencies & { answers: SessionAnswers }> = async (
  app,
  { answers, ...dependencies },
) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  function keep(reply: FastifyReply, challenge: string): void {
    reply.setCookie(KEPT, challenge, { ...COOKIE, maxAge: CHALLENGE_LIFETIME_MS / 1000 });
  }

  /** The page where signing in goes on: with the second factor, or with what went wrong. */
  function signInPage({
    returnTo,
    fragment = '',
    problem,
  }: {
    returnTo?: string;
    fragment?: string;
    problem?: string;
  }): string {
    const query = new URLSearchParams({
      ...(returnTo === undefined ? {} : { return: returnTo }),
      ...(problem === undefined ? {} : { problem }),
    });
    return `/sign-in?${query.toString()}${fragment}`;
  }

  app.route({
    ...contract.getSignInMethods,
    handler: () => {
      const { provider } = dependencies;
      return { provider: provider === null ? null : { name: provider.name, url: contract.beginOpenIdLogin.url } };
    },
  });

  app.route({
    ...contract.beginOpenIdLogin,
    config: { ...contract.beginOpenIdLogin.config, rateLimit },
    handler: async (request, reply) => {
      const { returnTo = '/' } = request.query;
      const { challenge, url } = await service.begin(dependencies, { returnTo, linkTo: null });
      keep(reply, challenge);
      return reply.redirect(url, 303);
    },
  });

  app.route({
    ...contract.finishOpenIdLogin,
    config: { ...contract.finishOpenIdLogin.config, rateLimit },
    handler: async (request, reply) => {
      const answer = { kept: request.cookies[KEPT], search: request.raw.url?.split('?').slice(1).join('?') ?? '' };
      reply.clearCookie(KEPT, COOKIE);
      try {
        const { returnTo, outcome } = await service.finish(dependencies, answer, originOf(request));
        if (outcome === null) return await reply.redirect(returnTo, 303);
        if ('challenge' in outcome) {
          // In the fragment, which is sent to no server and so stands in no log.
          return await reply.redirect(signInPage({ returnTo, fragment: `#challenge=${outcome.challenge}` }), 303);
        }
        answers.give(reply, outcome);
        return await reply.redirect(signInPage({ returnTo, fragment: '#signed-in' }), 303);
      } catch (error) {
        // A person looks at this in a browser: a page of the product tells them, and not a problem as JSON.
        const problem = error instanceof ProblemError ? error.code : 'INTERNAL';
        request.log[problem === 'INTERNAL' ? 'error' : 'info']({ err: error }, 'signing in at the provider failed');
        return reply.redirect(signInPage({ problem }), 303);
      }
    },
  });

  app.route({
    ...contract.linkIdentity,
    handler: async (request, reply) => {
      const { password, returnTo = '/' } = request.body;
      const { challenge, url } = await service.beginLink(dependencies, sessionOf(request), { password, returnTo });
      keep(reply, challenge);
      return { url };
    },
  });

  app.route({
    ...contract.listIdentities,
    handler: async (request) => ({ items: await service.listOwn(dependencies, sessionOf(request).userId) }),
  });

  app.route({
    ...contract.unlinkIdentity,
    handler: async (request, reply) => {
      const { userId } = sessionOf(request);
      await service.unlink(dependencies, userId, request.params.identityId);
      request.log.info({ userId }, 'an identity was unlinked');
      return reply.status(204).send(null);
    },
  });
};
