import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { TAG_LIMIT_DEFAULT, TAG_RENAMED_MAX, listTags, renameTag } from '@hortus/contracts/tag-api';
import { ProblemError } from '@hortus/service/problem';
import { appendAudit } from '../audit/audit-repo.ts';
import { withScope, withWorkspace } from '../db/scope.ts';
import { appendEvents } from '../events/event-repo.ts';
import { memberOf } from '../http/authenticate.ts';
import * as repo from './tag-repo.ts';

const BATCH = 1000;

export const tagRoutes: FastifyPluginAsyncTypebox<{ knex: Knex }> = async (app, { knex }) => {
  app.route({
    ...listTags,
    handler: async (request, reply) => {
      const { prefix = '', limit = TAG_LIMIT_DEFAULT } = request.query;
      reply.header('cache-control', 'no-store');
      const { workspaceId } = memberOf(request);
      return {
        items: await withScope(knex, { workspaceId, byIndex: true }, (tx) => repo.listTags(tx, { prefix, limit })),
      };
    },
  });

  app.route({
    ...renameTag,
    handler: async (request) => {
      const member = memberOf(request);
      const { workspaceId } = member;
      const { tag } = request.params;
      const { name } = request.body;
      return withWorkspace(knex, workspaceId, async (tx) => {
        if ((await repo.countTag(tx, tag)) === 0) {
          throw new ProblemError('TAG_NOT_FOUND', 'Look it up by `GET /api/v1/tags`; case matters here.');
        }
        if (name !== tag) {
          const artifacts = await rename(tx, { workspaceId, tag, name });
          const change = { before: { tag }, after: { tag: name, artifacts } };
          await appendAudit(tx, { workspaceId, actor: member, action: 'tag.renamed', ...change });
        }
        return { tag: name, count: await repo.countTag(tx, name) };
      });
    },
  });
};

/**
 * All or nothing, in statements of a bounded size.
 *
 * @returns on how many artifacts
 */
async function rename(
  tx: Knex.Transaction,
  { workspaceId, tag, name }: { workspaceId: string; tag: string; name: string },
): Promise<number> {
  for (let done = 0; done <= TAG_RENAMED_MAX;) {
    const artifactIds = await repo.renameTag(tx, { tag, name, limit: BATCH });
    if (artifactIds.length === 0) return done;
    done += artifactIds.length;
    await appendEvents(tx, { workspaceId, type: 'artifact.changed', artifactIds });
  }
  throw new ProblemError(
    'TAG_TOO_FREQUENT',
    `A tag is renamed on ${String(TAG_RENAMED_MAX)} artifacts at the most. Change the tags of a part of them first.`,
  );
}
