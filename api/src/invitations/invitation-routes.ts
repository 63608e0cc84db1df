import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import * as contract from '@hortus/contracts/invitation-api';
import { memberOf, sessionOf } from '../http/authenticate.ts';
import type { Cursors } from '../http/cursor.ts';
import { etagOf } from '../http/if-match.ts';
import { limitPerPerson } from '../http/limit-per-person.ts';
import { readPage, writePage } from '../http/page.ts';
import type { AnswerOnce } from '../idempotency/idempotency-service.ts';
import * as acceptance from './acceptance-service.ts';
import * as service from './invitation-service.ts';

/** Of one person in all of their workspaces, so that nobody mails strangers by the thousand. */
const INVITATIONS_PER_PERSON_AND_HOUR = 100;
const TOKENS_PER_ADDRESS_AND_MINUTE = 30;

export const invitationRoutes: FastifyPluginAsyncTypebox<
  service.InvitationDependencies & acceptance.AcceptanceDependencies & { cursors: Cursors; answerOnce: AnswerOnce }
> = async (app, { cursors, answerOnce, ...dependencies }) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  const sending = limitPerPerson('invitations', INVITATIONS_PER_PERSON_AND_HOUR, '1 hour');
  const trying = { max: TOKENS_PER_ADDRESS_AND_MINUTE, timeWindow: '1 minute' };

  app.route({
    ...contract.createInvitation,
    config: { ...contract.createInvitation.config, rateLimit: sending },
    handler: (request, reply) =>
      answerOnce(request, reply, async (tx) => ({
        status: 201,
        body: await service.createInvitation(tx, dependencies.mail, memberOf(request), request.body),
      })),
  });

  app.route({
    ...contract.listInvitations,
    handler: async (request) => {
      const member = memberOf(request);
      const asked = `invitations ${member.workspaceId}`;
      const page = readPage(cursors, asked, request.query);
      const rows = await service.listInvitations(dependencies, member, page);
      return writePage(cursors, asked, { ...page, rows, idOf: ({ id }) => id });
    },
  });

  app.route({
    ...contract.resendInvitation,
    config: { ...contract.resendInvitation.config, rateLimit: sending },
    handler: (request) => service.resendInvitation(dependencies, memberOf(request), request.params.invitationId),
  });

  app.route({
    ...contract.revokeInvitation,
    handler: async (request, reply) => {
      await service.revokeInvitation(dependencies, memberOf(request), request.params.invitationId);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...contract.listMyInvitations,
    handler: async (request) => {
      const { userId } = sessionOf(request);
      const asked = `my invitations ${userId}`;
      const page = readPage(cursors, asked, request.query);
      const rows = await acceptance.listReceived(dependencies, userId, page);
      return writePage(cursors, asked, { ...page, rows, idOf: ({ id }) => id });
    },
  });

  app.route({
    ...contract.acceptMyInvitation,
    handler: async (request, reply) => {
      const claims = sessionOf(request);
      const workspace = await acceptance.acceptReceived(dependencies, claims, request.params.invitationId);
      reply.header('etag', etagOf(workspace.revision));
      return workspace;
    },
  });

  app.route({
    ...contract.declineMyInvitation,
    handler: async (request, reply) => {
      await acceptance.declineReceived(dependencies, sessionOf(request).userId, request.params.invitationId);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...contract.findInvitation,
    config: { ...contract.findInvitation.config, rateLimit: trying },
    handler: (request) => acceptance.findInvitation(dependencies, request.body.token),
  });

  app.route({
    ...contract.acceptInvitation,
    config: { ...contract.acceptInvitation.config, rateLimit: trying },
    handler: async (request, reply) => {
      const workspace = await acceptance.acceptByToken(dependencies, sessionOf(request), request.body.token);
      reply.header('etag', etagOf(workspace.revision));
      return workspace;
    },
  });

  app.route({
    ...contract.registerInvited,
    config: { ...contract.registerInvited.config, rateLimit: trying },
    handler: async (request, reply) => {
      const workspace = await acceptance.registerInvited(dependencies, request.body);
      reply.status(201).header('etag', etagOf(workspace.revision));
      return workspace;
    },
  });
};
