import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { PAGE_LIMIT_DEFAULT } from '@hortus/contracts/pagination';
import { getVersionOriginal, listVersions, restoreVersion } from '@hortus/contracts/version-api';
import type { ObjectStore } from '@hortus/service/object-store';
import { ProblemError } from '@hortus/service/problem';
import { withWorkspace } from '../db/scope.ts';
import { memberOf } from '../http/authenticate.ts';
import type { Cursors } from '../http/cursor.ts';
import { etagOf, matches, readIfMatch } from '../http/if-match.ts';
import type { AnswerOnce } from '../idempotency/idempotency-service.ts';
import type { ArtifactPresenter } from './artifact-presenter.ts';
import { artifactNotFound, revisionStale } from './artifact-problems.ts';
import { findArtifact } from './artifact-repo.ts';
import { sendOriginal } from './original-download.ts';
import { bringBackVersion } from './original-service.ts';
import * as repo from './version-repo.ts';

export const versionRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  store: ObjectStore;
  presenter: ArtifactPresenter;
  cursors: Cursors;
  answerOnce: AnswerOnce;
}> = async (app, { knex, store, presenter, cursors, answerOnce }) => {
  app.route({
    ...listVersions,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const { id } = request.params;
      const { limit = PAGE_LIMIT_DEFAULT, cursor } = request.query;
      const asked = `versions ${workspaceId.toLowerCase()} ${id.toLowerCase()}`;
      const after = cursor === undefined ? null : Number(cursors.read(asked, cursor).key);
      const rows = await withWorkspace(knex, workspaceId, async (tx) => {
        if ((await findArtifact(tx, id)) === undefined) throw artifactNotFound();
        return repo.listVersions(tx, id, { limit, after });
      });
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      reply.header('cache-control', 'no-store');
      return {
        items: rows.slice(0, limit).map((row) => presenter.version(row)),
        nextCursor: last === undefined ? null : cursors.write(asked, { id, key: String(last.version) }),
      };
    },
  });

  app.route({
    ...getVersionOriginal,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const { id, version } = request.params;
      const download = await withWorkspace(knex, workspaceId, async (tx) => {
        const artifact = await findArtifact(tx, id);
        if (artifact === undefined) throw artifactNotFound();
        const row = await repo.findVersion(tx, id, version);
        if (row === undefined) throw new ProblemError('VERSION_NOT_FOUND', 'List its versions to see which there are.');
        return { workspaceId, name: artifact.name, sha256: row.sha256, contentType: row.contentType };
      });
      return sendOriginal(request, reply, store, download);
    },
  });

  app.route({
    ...restoreVersion,
    handler: (request, reply) => {
      const expected = request.headers['if-match'] === undefined ? 'any' : readIfMatch(request);
      return answerOnce(request, reply, async (tx) => {
        const row = await bringBackVersion(tx, memberOf(request), request.params, (current) => {
          if (!matches(expected, current.revision)) throw revisionStale(presenter.artifact(current));
        });
        return { status: 200, headers: { etag: etagOf(row.revision) }, body: presenter.artifact(row) };
      });
    },
  });
};
