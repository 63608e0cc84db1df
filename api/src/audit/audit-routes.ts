import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { listAudit } from '@hortus/contracts/audit-api';
import { PAGE_LIMIT_DEFAULT } from '@hortus/contracts/pagination';
import { withWorkspace } from '../db/scope.ts';
import { memberOf } from '../http/authenticate.ts';
import type { Cursors } from '../http/cursor.ts';
import { assertAllowed } from '../workspaces/workspace-access.ts';
import { decide } from '../workspaces/workspace-policy.ts';
import * as repo from './audit-repo.ts';

export const auditRoutes: FastifyPluginAsyncTypebox<{ knex: Knex; cursors: Cursors }> = async (
  app,
  { knex, cursors },
) => {
  app.route({
    ...listAudit,
    handler: async (request, reply) => {
      const { workspaceId, role } = memberOf(request);
      assertAllowed(decide('seeAudit', role));
      const { limit = PAGE_LIMIT_DEFAULT, cursor, actor = null, action = null, artifact = null } = request.query;
      const filter = { userId: actor, action, artifactId: artifact };
      const asked = JSON.stringify(['audit', workspaceId.toLowerCase(), filter]);
      const after = cursor === undefined ? null : cursors.read(asked, cursor).id;
      const entries = await withWorkspace(knex, workspaceId, (tx) => repo.listAudit(tx, filter, { limit, after }));
      const items = entries.slice(0, limit);
      const last = entries.length > limit ? items.at(-1) : undefined;
      reply.header('cache-control', 'no-store');
      return { items, nextCursor: last === undefined ? null : cursors.write(asked, { id: last.id, key: '' }) };
    },
  });
};
