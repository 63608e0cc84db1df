import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { Knex } from 'knex';
import type { Workspace } from '@hortus/contracts/workspace';
import * as contract from '@hortus/contracts/workspace-api';
import { memberOf, sessionOf } from '../http/authenticate.ts';
import type { Cursors } from '../http/cursor.ts';
import { etagOf, readIfMatch } from '../http/if-match.ts';
import { limitPerPerson } from '../http/limit-per-person.ts';
import { readPage, writePage } from '../http/page.ts';
import { withinNewWorkspace, type AnswerOnce } from '../idempotency/idempotency-service.ts';
import * as members from './member-service.ts';
import * as service from './workspace-service.ts';

const NEW_WORKSPACES_PER_MINUTE = 10;

export const workspaceRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  cursors: Cursors;
  graceDays: number;
  answerOnce: AnswerOnce;
}> = async (app, { knex, cursors, graceDays, answerOnce }) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  function answer(reply: FastifyReply, workspace: Workspace): Workspace {
    reply.header('etag', etagOf(workspace.revision));
    return workspace;
  }

  app.route({
    ...contract.createWorkspace,
    config: { ...contract.createWorkspace.config, rateLimit: limitPerPerson('workspaces', NEW_WORKSPACES_PER_MINUTE) },
    handler: (request, reply) => {
      const { userId, sessionId } = sessionOf(request);
      const within = withinNewWorkspace(request, userId);
      const { workspaceId } = within;
      const work = async (tx: Knex.Transaction) => {
        const body = await service.createWorkspace(tx, { userId, by: { sessionId } }, workspaceId, request.body);
        const headers = { etag: etagOf(body.revision), location: `/api/v1/workspaces/${workspaceId}` };
        return { status: 201, headers, body };
      };
      return answerOnce(request, reply, work, within);
    },
  });

  app.route({
    ...contract.listWorkspaces,
    handler: async (request) => {
      const { userId } = sessionOf(request);
      const { deleted = false } = request.query;
      const asked = JSON.stringify(['workspaces', userId, deleted]);
      const page = readPage(cursors, asked, request.query);
      const rows = await service.listWorkspaces(knex, userId, { ...page, isDeleted: deleted });
      return writePage(cursors, asked, { ...page, rows, idOf: ({ id }) => id });
    },
  });

  app.route({
    ...contract.getWorkspace,
    handler: async (request, reply) => answer(reply, await service.readWorkspace(knex, memberOf(request))),
  });

  app.route({
    ...contract.updateWorkspace,
    handler: async (request, reply) =>
      answer(reply, await service.updateWorkspace(knex, memberOf(request), readIfMatch(request), request.body)),
  });

  app.route({
    ...contract.deleteWorkspace,
    handler: async (request, reply) =>
      answer(reply, await service.deleteWorkspace(knex, memberOf(request), readIfMatch(request), graceDays)),
  });

  app.route({
    ...contract.restoreWorkspace,
    handler: async (request, reply) => {
      const { userId, sessionId } = sessionOf(request);
      const actor = { userId, workspaceId: request.params.workspaceId, by: { sessionId } };
      return answer(reply, await service.restoreWorkspace(knex, actor));
    },
  });

  app.route({
    ...contract.switchWorkspace,
    handler: async (request, reply) =>
      answer(reply, await service.switchWorkspace(knex, sessionOf(request), memberOf(request).workspaceId)),
  });

  app.route({
    ...contract.leaveWorkspace,
    handler: async (request, reply) => {
      const member = memberOf(request);
      await members.removeMember(knex, member, member.userId);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...contract.transferWorkspace,
    handler: async (request, reply) =>
      answer(reply, await members.transferWorkspace(knex, memberOf(request), request.body.userId)),
  });

  app.route({
    ...contract.listMembers,
    handler: async (request) => {
      const { workspaceId } = memberOf(request);
      const asked = `members ${workspaceId}`;
      const page = readPage(cursors, asked, request.query);
      const rows = await members.listMembers(knex, workspaceId, page);
      return writePage(cursors, asked, { ...page, rows, idOf: ({ userId }) => userId });
    },
  });

  app.route({
    ...contract.updateMember,
    handler: (request) => members.changeRole(knex, memberOf(request), request.params.userId, request.body.role),
  });

  app.route({
    ...contract.removeMember,
    handler: async (request, reply) => {
      await members.removeMember(knex, memberOf(request), request.params.userId);
      return reply.status(204).send(null);
    },
  });
};
