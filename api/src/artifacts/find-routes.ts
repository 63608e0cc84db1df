import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { getFacets, listArtifacts } from '@hortus/contracts/artifact-api';
import { PAGE_LIMIT_DEFAULT } from '@hortus/contracts/pagination';
import { askIn } from '../db/one-trip.ts';
import { memberOf } from '../http/authenticate.ts';
import type { Cursors } from '../http/cursor.ts';
import type { ArtifactPresenter } from './artifact-presenter.ts';
import { findFacets, findPage, readFilter, readSort } from './find-service.ts';
import { findHighlights } from './highlights.ts';

export const findRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  presenter: ArtifactPresenter;
  cursors: Cursors;
}> = async (app, { knex, presenter, cursors }) => {
  app.route({
    ...listArtifacts,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const { limit = PAGE_LIMIT_DEFAULT, cursor, count = false } = request.query;
      const filter = readFilter(request.query);
      const sort = readSort(request.query.sort, filter);
      const asked = JSON.stringify([workspaceId.toLowerCase(), sort, filter]);
      const after = cursor === undefined ? null : cursors.read(asked, cursor);
      const ask = askIn(knex, { workspaceId, byIndex: true });
      const { listed, next, terms, correctedQuery, total } = await findPage(ask, filter, { sort, limit, after, count });
      reply.header('cache-control', 'no-store');
      return {
        items: listed.map(({ row }) => ({
          ...presenter.artifact(row),
          ...(terms === null ? {} : { highlights: findHighlights(row, terms) }),
        })),
        nextCursor: next === null ? null : cursors.write(asked, next),
        ...(correctedQuery === null ? {} : { correctedQuery }),
        ...(total === undefined ? {} : { total }),
      };
    },
  });

  app.route({
    ...getFacets,
    handler: async (request, reply) => {
      const filter = readFilter(request.query);
      reply.header('cache-control', 'no-store');
      const { workspaceId } = memberOf(request);
      return findFacets(askIn(knex, { workspaceId, byIndex: true }), filter);
    },
  });
};
