import type { FastifyReply, FastifyRequest } from 'fastify';
import { REFRESH_COOKIE, type SignedIn } from '@hortus/contracts/auth-api';
import type { AccessTokens } from './access-token.ts';
import type { SessionLifetimes } from './session-repo.ts';
import type { OpenSession, Origin } from './session-service.ts';

const COOKIE = { path: '/api/v1/auth', httpOnly: true, secure: true, sameSite: 'strict' } as const;

/** How a session goes to its browser, whichever way it was opened. */
export interface SessionAnswers {
  /** Sets the refresh cookie, and makes what the page is told. */
  give(reply: FastifyReply, session: OpenSession): SignedIn;
  forget(reply: FastifyReply): void;
}

export function createSessionAnswers(accessTokens: AccessTokens, { lifetimeDays }: SessionLifetimes): SessionAnswers {
  const maxAge = lifetimeDays * 24 * 60 * 60;
  return {
    give(reply, { user, workspaces, sessionId, refreshToken }) {
      reply.setCookie(REFRESH_COOKIE, refreshToken, { ...COOKIE, maxAge });
      reply.header('cache-control', 'no-store');
      return { accessToken: accessTokens.issue({ userId: user.id, sessionId }), user, workspaces };
    },
    forget(reply) {
      reply.clearCookie(REFRESH_COOKIE, COOKIE);
    },
  };
}

export function originOf(request: FastifyRequest): Origin {
  return { userAgent: request.headers['user-agent'] ?? '', address: request.ip };
}
