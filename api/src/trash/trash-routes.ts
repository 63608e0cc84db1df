import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { purgeTrash } from '@hortus/contracts/internal-api';
import { PAGE_LIMIT_DEFAULT } from '@hortus/contracts/pagination';
import {
  TRASH_EMPTIED_AT_ONCE,
  emptyTrash,
  listTrash,
  purgeArtifact,
  restoreArtifact,
} from '@hortus/contracts/trash-api';
import type { ObjectStore } from '@hortus/service/object-store';
import type { ArtifactPresenter } from '../artifacts/artifact-presenter.ts';
import { artifactNotFound, revisionStale } from '../artifacts/artifact-problems.ts';
import { lockAnyArtifact } from '../artifacts/artifact-repo.ts';
import * as service from '../artifacts/artifact-service.ts';
import { withWorkspace } from '../db/scope.ts';
import { memberOf } from '../http/authenticate.ts';
import type { Cursors } from '../http/cursor.ts';
import { etagOf, matches, readIfMatch } from '../http/if-match.ts';
import type { AnswerOnce } from '../idempotency/idempotency-service.ts';
import { assertAllowed } from '../workspaces/workspace-access.ts';
import { decide } from '../workspaces/workspace-policy.ts';
import { purgeArtifacts, purgeSome } from './purge-service.ts';
import * as repo from './trash-repo.ts';

export const trashRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  store: ObjectStore;
  presenter: ArtifactPresenter;
  cursors: Cursors;
  answerOnce: AnswerOnce;
  trashKeptDays: number;
}> = async (app, { knex, store, presenter, cursors, answerOnce, trashKeptDays }) => {
  app.route({
    ...listTrash,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const { limit = PAGE_LIMIT_DEFAULT, cursor } = request.query;
      const asked = `trash ${workspaceId.toLowerCase()}`;
      const after = cursor === undefined ? null : cursors.read(asked, cursor);
      const rows = await withWorkspace(knex, workspaceId, (tx) => repo.listTrash(tx, { limit, after }));
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      reply.header('cache-control', 'no-store');
      return {
        items: rows.slice(0, limit).map(({ row }) => presenter.trashed(row, trashKeptDays)),
        nextCursor: last === undefined ? null : cursors.write(asked, { id: last.row.id, key: last.key }),
      };
    },
  });

  app.route({
    ...restoreArtifact,
    handler: (request, reply) =>
      answerOnce(request, reply, async (tx) => {
        const row = await service.restoreArtifact(tx, memberOf(request), request.params.id);
        return { status: 200, headers: { etag: etagOf(row.revision) }, body: presenter.artifact(row) };
      }),
  });

  app.route({
    ...emptyTrash,
    handler: (request, reply) => {
      const member = memberOf(request);
      assertAllowed(decide('purgeArtifact', member.role));
      return answerOnce(request, reply, async (tx) => {
        const held = await repo.holdExpired(tx, { keptDays: 0, limit: TRASH_EMPTIED_AT_ONCE });
        await purgeArtifacts(tx, member, member.workspaceId, held);
        const isEmpty = held.length < TRASH_EMPTIED_AT_ONCE;
        return { status: 200, body: { deleted: held.length, isEmpty } };
      });
    },
  });

  app.route({
    ...purgeArtifact,
    handler: async (request, reply) => {
      const member = memberOf(request);
      const { workspaceId, role } = member;
      assertAllowed(decide('purgeArtifact', role));
      const expected = readIfMatch(request);
      await withWorkspace(knex, workspaceId, async (tx) => {
        const row = await lockAnyArtifact(tx, request.params.id);
        if (row === undefined || row.deletedAt === null) throw artifactNotFound();
        if (!matches(expected, row.revision)) throw revisionStale(presenter.artifact(row));
        await purgeArtifacts(tx, member, workspaceId, [row]);
      });
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...purgeTrash,
    handler: (request) => purgeSome({ knex, store, trashKeptDays }, request.body.after),
  });
};
