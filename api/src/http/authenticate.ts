import { timingSafeEqual, createHash } from 'node:crypto';
import fastifyPlugin from 'fastify-plugin';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Knex } from 'knex';
import type { Access } from '@hortus/contracts/endpoint';
import { WORKSPACE_HEADER, type Role } from '@hortus/contracts/workspace';
import { ProblemError } from '@hortus/service/problem';
import type { AccessClaims, AccessTokens } from '../auth/access-token.ts';
import { UUID, withScope } from '../db/scope.ts';
import { findLiveRole } from '../workspaces/workspace-repo.ts';

/** Who asks, in which workspace, and what they may do there. */
export interface Member extends AccessClaims {
  readonly workspaceId: string;
  readonly role: Role;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    session: AccessClaims | null;
    member: Member | null;
  }
}

/** The signed-in person of a route with the access `session` or `workspace`. */
export function sessionOf(request: FastifyRequest): AccessClaims {
  if (request.session === null) throw new Error('the route does not ask for a session');
  return request.session;
}

/** The member of a route with the access `workspace`. */
export function memberOf(request: FastifyRequest): Member {
  if (request.member === null) throw new Error('the route does not ask for a workspace');
  return request.member;
}

function bearer(request: FastifyRequest): string | null {
  return /^Bearer +([^ ]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

interface AuthenticateOptions {
  readonly knex: Knex;
  readonly accessTokens: AccessTokens;
  readonly serviceKey: string;
}

/**
 * Checks who may call a route before anything of the request is read, as its `access` says. A route without `access` is
 * refused when it is registered, so that forgetting it can't open a door.
 */
const plugin: FastifyPluginAsync<AuthenticateOptions> = async (app, { knex, accessTokens, serviceKey }) => {
  app.decorateRequest('session', null);
  app.decorateRequest('member', null);

  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) {
      throw new Error(`the route ${String(route.method)} ${route.url} does not say who may call it (config.access)`);
    }
  });

  function readSession(request: FastifyRequest): AccessClaims {
    const token = bearer(request);
    if (token === null) {
      throw new ProblemError('SIGN_IN_REQUIRED', 'Sign in, and send the access token as `Authorization: Bearer …`.');
    }
    const claims = accessTokens.read(token);
    if (claims === null) {
      throw new ProblemError(
        'TOKEN_INVALID',
        'The access token has expired or is not one of ours. Refresh it, or sign in.',
      );
    }
    return claims;
  }

  async function readMember(request: FastifyRequest, claims: AccessClaims): Promise<Member> {
    const workspaceId = request.headers[WORKSPACE_HEADER];
    if (typeof workspaceId !== 'string') {
      throw new ProblemError('WORKSPACE_REQUIRED', 'Send the id of a workspace as the header `Hortus-Workspace`.');
    }
    if (!UUID.test(workspaceId)) {
      throw new ProblemError('REQUEST_INVALID', 'The header `Hortus-Workspace` must be the id of a workspace, a UUID.');
    }
    const { alive, role } = await withScope(knex, { userId: claims.userId }, (tx) =>
      findLiveRole(tx, { ...claims, workspaceId }),
    );
    if (!alive) throw new ProblemError('SESSION_ENDED', 'Sign in again.');
    if (role === null) {
      throw new ProblemError('WORKSPACE_NOT_FOUND', 'There is no workspace of this id that you are a member of.');
    }
    return { ...claims, workspaceId, role };
  }

  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === 'session' || access === 'workspace') {
      const claims = readSession(request);
      request.session = claims;
      if (access === 'workspace') request.member = await readMember(request, claims);
    } else if (access === 'service') {
      const key = bearer(request);
      if (key === null || !equalInConstantTime(key, serviceKey)) {
        throw new ProblemError('SERVICE_KEY_WRONG', 'Send the service key as `Authorization: Bearer …`.');
      }
    }
  });
};

export const authenticate = fastifyPlugin(plugin, { name: 'authenticate', fastify: '5.x' });
