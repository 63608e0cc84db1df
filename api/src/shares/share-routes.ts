import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { Knex } from 'knex';
import { PAGE_LIMIT_DEFAULT } from '@hortus/contracts/pagination';
import {
  createShareLink,
  getShare,
  getSharedOriginal,
  listShareLinks,
  revokeShareLink,
} from '@hortus/contracts/share-api';
import type { ObjectStore } from '@hortus/service/object-store';
import type { ArtifactPresenter } from '../artifacts/artifact-presenter.ts';
import { sendOriginal } from '../artifacts/original-download.ts';
import { withWorkspace } from '../db/scope.ts';
import { memberOf } from '../http/authenticate.ts';
import type { Cursors } from '../http/cursor.ts';
import type { AnswerOnce } from '../idempotency/idempotency-service.ts';
import * as repo from './share-repo.ts';
import * as service from './share-service.ts';

export const shareRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  store: ObjectStore;
  /** Of addresses that work for minutes, so that pictures are gone soon after the share is. */
  presenter: ArtifactPresenter;
  cursors: Cursors;
  answerOnce: AnswerOnce;
}> = async (app, { knex, store, presenter, cursors, answerOnce }) => {
  app.route({
    ...createShareLink,
    handler: (request, reply) =>
      answerOnce(request, reply, async (tx) => {
        const { token, row } = await service.createShare(tx, memberOf(request), request.body);
        const url = getShare.url.replace(':token', token);
        return { status: 201, body: { token, url, shareLink: service.presentShare(row) } };
      }),
  });

  app.route({
    ...listShareLinks,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const { limit = PAGE_LIMIT_DEFAULT, cursor, artifact: artifactId = null } = request.query;
      const asked = JSON.stringify(['shares', workspaceId.toLowerCase(), artifactId]);
      const after = cursor === undefined ? null : cursors.read(asked, cursor).id;
      const rows = await withWorkspace(knex, workspaceId, (tx) =>
        repo.listShares(tx, { artifactId }, { limit, after }),
      );
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      reply.header('cache-control', 'no-store');
      return {
        items: rows.slice(0, limit).map(service.presentShare),
        nextCursor: last === undefined ? null : cursors.write(asked, { id: last.id, key: '' }),
      };
    },
  });

  app.route({
    ...revokeShareLink,
    handler: async (request, reply) => {
      const member = memberOf(request);
      await withWorkspace(knex, member.workspaceId, (tx) => service.revokeShare(tx, member, request.params.id));
      return reply.status(204).send(null);
    },
  });

  /** The address is the secret: no cache keeps it, no page that is linked from there learns it, no search engine lists it. */
  function keepSecret(reply: FastifyReply): void {
    reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' });
  }

  app.route({
    ...getShare,
    handler: async (request, reply) => {
      keepSecret(reply);
      const { token } = request.params;
      const { share, artifacts } = await service.readShare(knex, token);
      return {
        expiresAt: share.expiresAt,
        artifacts: artifacts.map(({ row, variants }) => {
          const {
            status,
            widthPx,
            heightPx,
            placeholder,
            variants: shown,
            srcsets,
          } = presenter.manifest(row, variants);
          const { id, name, description, kind } = row;
          const hasOriginal = share.withOriginals && row.originalSha256 !== null;
          const originalUrl = hasOriginal ? getSharedOriginal.url.replace(':token', token).replace(':id', id) : null;
          return { id, name, description, kind, status, widthPx, heightPx, placeholder, variants: shown, srcsets, originalUrl }; // prettier-ignore
        }),
      };
    },
  });

  app.route({
    ...getSharedOriginal,
    handler: async (request, reply) => {
      keepSecret(reply);
      const { token, id } = request.params;
      return sendOriginal(request, reply, store, await service.readSharedOriginal(knex, token, id));
    },
  });
};
