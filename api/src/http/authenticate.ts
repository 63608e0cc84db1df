import { timingSafeEqual, createHash } from 'node:crypto';
import fastifyPlugin from 'fastify-plugin';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Knex } from 'knex';
import type { Access } from '@hortus/contracts/endpoint';
import { WORKSPACE_HEADER, type Role } from '@hortus/contracts/workspace';
import { ProblemError } from '@hortus/service/problem';
import type { AccessClaims, AccessTokens } from '../auth/access-token.ts';
import { isSessionAlive } from '../auth/session-repo.ts';
import { askIn } from '../db/one-trip.ts';
import { UUID, withScope, withWorkspace } from '../db/scope.ts';
import type { ReadAccountToken } from '../services/account-tokens.ts';
import { mayCall } from '../services/caller-policy.ts';
import { isApiTokenText, readApiToken } from '../tokens/api-token.ts';
import { findLiveApiToken, findLiveApiTokenById, noteApiTokenUse } from '../tokens/api-token-repo.ts';
import { mayWhileSuspended } from '../workspaces/suspension-policy.ts';
import { suspended, workspaceNotFound } from '../workspaces/workspace-access.ts';
import { findLiveRole } from '../workspaces/workspace-repo.ts';

/** Who asks, in which workspace, what they may do there, and by which of the two they are known. */
export interface Member {
  readonly userId: string;
  readonly workspaceId: string;
  readonly role: Role;
  /** The workspace can be read and not changed. */
  readonly isSuspended: boolean;
  readonly by: { readonly sessionId: string } | { readonly apiTokenId: string };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyInstance {
    /** Whether the member still is one, and their session or API token still holds. */
    isStillMember: (member: Pick<Member, 'userId' | 'workspaceId' | 'by'>) => Promise<boolean>;
  }
  interface FastifyRequest {
    session: AccessClaims | null;
    member: Member | null;
  }
}

/** The signed-in person of a route with the access `session` or `membership`. */
export function sessionOf(request: FastifyRequest): AccessClaims {
  if (request.session === null) throw new Error('the route does not ask for a session');
  return request.session;
}

/** The member of a route with the access `workspace` or `membership`. */
export function memberOf(request: FastifyRequest): Member {
  if (request.member === null) throw new Error('the route does not ask for a workspace');
  return request.member;
}

function bearer(request: FastifyRequest): string | null {
  return /^Bearer +([^ ]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function operationOf(request: FastifyRequest): string {
  return (request.routeOptions.schema as { operationId?: string } | undefined)?.operationId ?? '';
}

function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

interface AuthenticateOptions {
  readonly knex: Knex;
  readonly accessTokens: AccessTokens;
  /** Null where programs sign in by tokens of the cluster only. */
  readonly serviceKey: string | null;
  /** Null where there is no cluster. */
  readonly readAccountToken: ReadAccountToken | null;
  readonly sessionIdleDays: number;
}

/**
 * Checks who may call a route before anything of the request is read, as its `access` says. A route without `access` is
 * refused when it is registered, so that forgetting it can't open a door.
 */
const plugin: FastifyPluginAsync<AuthenticateOptions> = async (app, options) => {
  const { knex, accessTokens, serviceKey, readAccountToken, sessionIdleDays } = options;
  app.decorateRequest('session', null);
  app.decorateRequest('member', null);

  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) {
      throw new Error(`the route ${String(route.method)} ${route.url} does not say who may call it (config.access)`);
    }
  });

  function readBearer(request: FastifyRequest): string {
    const token = bearer(request);
    if (token === null) {
      throw new ProblemError('SIGN_IN_REQUIRED', 'Sign in, and send the access token as `Authorization: Bearer …`.');
    }
    return token;
  }

  function readSession(token: string): AccessClaims {
    const claims = accessTokens.read(token);
    if (claims === null) {
      const detail = isApiTokenText(token)
        ? 'An API token is no good here: this is for people who are signed in.'
        : 'The access token has expired or is not one of ours. Refresh it, or sign in.';
      throw new ProblemError('TOKEN_INVALID', detail);
    }
    return claims;
  }

  function readWorkspaceHeader(request: FastifyRequest): string | undefined {
    const workspaceId = request.headers[WORKSPACE_HEADER];
    if (workspaceId === undefined) return undefined;
    if (typeof workspaceId !== 'string' || !UUID.test(workspaceId)) {
      throw new ProblemError('REQUEST_INVALID', 'The header `Hortus-Workspace` must be the id of a workspace, a UUID.');
    }
    return workspaceId;
  }

  /** @param asked null for the current workspace of the session */
  async function readMember(claims: AccessClaims, asked: string | null): Promise<Member> {
    const { userId, sessionId } = claims;
    const scope = asked === null ? { userId } : { userId, workspaceId: asked };
    const { alive, workspaceId, role, isSuspended } = await findLiveRole(
      askIn(knex, scope),
      { userId, sessionId, workspaceId: asked },
      sessionIdleDays,
    );
    if (!alive) throw new ProblemError('SESSION_ENDED', 'Sign in again.');
    if (workspaceId === null) {
      throw new ProblemError(
        'WORKSPACE_REQUIRED',
        'Send the id of a workspace as the header `Hortus-Workspace`, or switch to one.',
      );
    }
    if (role === null) throw workspaceNotFound();
    return { userId, workspaceId, role, isSuspended, by: { sessionId } };
  }

  async function readTokenMember(request: FastifyRequest, text: string): Promise<Member> {
    const secret = readApiToken(text);
    const token =
      secret === null
        ? undefined
        : await withWorkspace(knex, secret.workspaceId, async (tx) => {
            const found = await findLiveApiToken(tx, secret.sha256);
            if (found !== undefined && !found.isFresh) await noteApiTokenUse(tx, found.id);
            return found;
          });
    if (secret === null || token === undefined) {
      throw new ProblemError('TOKEN_INVALID', 'The API token has expired, was revoked, or is not one of ours.');
    }
    const { workspaceId } = secret;
    const asked = readWorkspaceHeader(request);
    if (asked !== undefined && asked.toLowerCase() !== workspaceId) throw workspaceNotFound();
    const scope = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write';
    if (!token.scopes.includes(scope)) {
      throw new ProblemError('SCOPE_MISSING', `The API token lacks the scope \`${scope}\`. Make one that has it.`);
    }
    const { userId, role, isSuspended, id: apiTokenId } = token;
    return { userId, workspaceId, role, isSuspended, by: { apiTokenId } };
  }

  async function readWorkspaceMember(request: FastifyRequest): Promise<Member> {
    const token = readBearer(request);
    if (isApiTokenText(token)) return readTokenMember(request, token);
    return readMember(readSession(token), readWorkspaceHeader(request) ?? null);
  }

  function assertMayChange(request: FastifyRequest, { isSuspended }: Member): void {
    if (!isSuspended || mayWhileSuspended(request.method, operationOf(request))) return;
    throw suspended();
  }

  async function checkProgram(request: FastifyRequest): Promise<void> {
    const token = bearer(request);
    if (token !== null && serviceKey !== null && equalInConstantTime(token, serviceKey)) return;
    const caller = token === null ? null : ((await readAccountToken?.(token)) ?? null);
    if (caller === null) {
      const detail =
        'Send the service key, or a token of the service account of the operator or the worker for the audience ' +
        '`hortus-api`, as `Authorization: Bearer …`.';
      throw new ProblemError('SERVICE_KEY_WRONG', detail);
    }
    const operationId = operationOf(request);
    if (!mayCall(caller, operationId)) {
      throw new ProblemError('CALLER_NOT_ALLOWED', `The ${caller} does not need ${operationId}, so it may not ask it.`);
    }
  }

  app.decorate('isStillMember', async ({ userId, workspaceId, by }: Pick<Member, 'userId' | 'workspaceId' | 'by'>) => {
    if ('apiTokenId' in by) {
      const token = await withWorkspace(knex, workspaceId, (tx) => findLiveApiTokenById(tx, by.apiTokenId));
      return token !== undefined;
    }
    const { alive, role } = await findLiveRole(
      askIn(knex, { userId, workspaceId }),
      { userId, workspaceId, sessionId: by.sessionId },
      sessionIdleDays,
    );
    return alive && role !== null;
  });

  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === 'workspace') {
      request.member = await readWorkspaceMember(request);
      assertMayChange(request, request.member);
    } else if (access === 'membership') {
      const claims = readSession(readBearer(request));
      const { workspaceId } = request.params as { workspaceId?: string };
      if (workspaceId === undefined || !UUID.test(workspaceId)) {
        throw new ProblemError('REQUEST_INVALID', 'The address must name a workspace by its id, a UUID.');
      }
      request.session = claims;
      request.member = await readMember(claims, workspaceId);
      assertMayChange(request, request.member);
    } else if (access === 'session') {
      const claims = readSession(readBearer(request));
      const isAlive = await withScope(knex, { userId: claims.userId }, (tx) =>
        isSessionAlive(tx, claims, sessionIdleDays),
      );
      if (!isAlive) throw new ProblemError('SESSION_ENDED', 'Sign in again.');
      request.session = claims;
    } else if (access === 'service') {
      await checkProgram(request);
    }
  });
};

export const authenticate = fastifyPlugin(plugin, { name: 'authenticate', fastify: '5.x' });
