import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { REFRESH_COOKIE, getMe, login, logout, refresh, type SignedIn } from '@hortus/contracts/auth-api';
import { ProblemError } from '@hortus/service/problem';
import { sessionOf } from '../http/authenticate.ts';
import type { AccessTokens } from './access-token.ts';
import {
  getSignedIn,
  refreshSession,
  signIn,
  signOut,
  type AuthDependencies,
  type OpenSession,
} from './auth-service.ts';
import { SESSION_LIFETIME_DAYS } from './session-repo.ts';

const COOKIE = { path: '/api/v1/auth', httpOnly: true, secure: true, sameSite: 'strict' } as const;

/** Guesses from one network address at one account. */
const SIGN_INS_PER_MINUTE = 30;

/**
 * A page of another origin must not act on the cookie. SameSite=Strict keeps it away already; this holds where a neighbour
 * on the same site (another port, a sibling host) is hostile.
 */
function assertSameOrigin(request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin !== undefined && origin !== 'null' && URL.parse(origin)?.host === request.host) return;
  if (origin === undefined && request.headers['sec-fetch-site'] !== 'cross-site') return;
  throw new ProblemError('ORIGIN_NOT_ALLOWED', 'Open the product at its own address and try again.');
}

export const authRoutes: FastifyPluginAsyncTypebox<AuthDependencies & { accessTokens: AccessTokens }> = async (
  app,
  { accessTokens, ...dependencies },
) => {
  function answer(reply: FastifyReply, session: OpenSession): SignedIn {
    reply.setCookie(REFRESH_COOKIE, session.refreshToken, { ...COOKIE, maxAge: SESSION_LIFETIME_DAYS * 24 * 60 * 60 });
    reply.header('cache-control', 'no-store');
    const { user, workspaces, sessionId } = session;
    return { accessToken: accessTokens.issue({ userId: user.id, sessionId }), user, workspaces };
  }

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
      return answer(reply, await signIn(dependencies, request.body, request.headers['user-agent'] ?? ''));
    },
  });

  app.route({
    ...refresh,
    handler: async (request, reply) => {
      assertSameOrigin(request);
      return answer(reply, await refreshSession(dependencies, request.cookies[REFRESH_COOKIE]));
    },
  });

  app.route({
    ...logout,
    handler: async (request, reply) => {
      assertSameOrigin(request);
      await signOut(dependencies, request.cookies[REFRESH_COOKIE]);
      reply.clearCookie(REFRESH_COOKIE, COOKIE);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...getMe,
    handler: async (request) => getSignedIn(dependencies, sessionOf(request)),
  });
};
