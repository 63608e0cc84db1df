import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import {
  REMOVAL_BATCH_ROWS,
  beginRemoval,
  finishRemoval,
  listRemovals,
  removeRows,
} from '@hortus/contracts/removal-api';
import { ProblemError } from '@hortus/service/problem';
import { withScope, withWorkspace } from '../db/scope.ts';
import type { Cursors } from '../http/cursor.ts';
import { readPage, writePage } from '../http/page.ts';
import * as repo from './removal-repo.ts';

const ASKED = 'removals';

/** What the workflow `removeWorkspace` asks for; each may be repeated. */
export const removalRoutes: FastifyPluginAsyncTypebox<{ knex: Knex; cursors: Cursors }> = async (
  app,
  { knex, cursors },
) => {
  app.route({
    ...beginRemoval,
    handler: async (request) => {
      const { workspaceId } = request.params;
      return { isDue: await withWorkspace(knex, workspaceId, (tx) => repo.beginRemoval(tx, workspaceId)) };
    },
  });

  app.route({
    ...removeRows,
    handler: async (request) => {
      const { workspaceId } = request.params;
      const removed = await withWorkspace(knex, workspaceId, async (tx) => {
        if (!(await repo.beginRemoval(tx, workspaceId))) {
          throw new ProblemError('WORKSPACE_NOT_FOUND', 'No removal of it has begun.');
        }
        return repo.removeRows(tx, REMOVAL_BATCH_ROWS);
      });
      return { isDone: removed < REMOVAL_BATCH_ROWS };
    },
  });

  app.route({
    ...finishRemoval,
    handler: async (request) => {
      const { workspaceId } = request.params;
      const receipt = await withWorkspace(knex, workspaceId, (tx) => repo.finishReceipt(tx, workspaceId, request.body));
      if (receipt === undefined) throw new ProblemError('WORKSPACE_NOT_FOUND', 'No removal of it has begun.');
      return receipt;
    },
  });

  app.route({
    ...listRemovals,
    handler: async (request) => {
      const page = readPage(cursors, ASKED, request.query);
      const rows = await withScope(knex, { instance: true }, (tx) => repo.listReceipts(tx, page));
      return writePage(cursors, ASKED, { ...page, rows, idOf: ({ id }) => id });
    },
  });
};
