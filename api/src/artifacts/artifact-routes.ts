import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { Knex } from 'knex';
import type { Artifact } from '@hortus/contracts/artifact';
import {
  createArtifact,
  deleteArtifact,
  getArtifact,
  getManifest,
  getOriginal,
  listArtifacts,
  updateArtifact,
} from '@hortus/contracts/artifact-api';
import { originalKey } from '@hortus/contracts/object-key';
import { PAGE_LIMIT_DEFAULT } from '@hortus/contracts/pagination';
import type { FolderObjectStore } from '@hortus/service/object-store';
import { ProblemError } from '@hortus/service/problem';
import { withWorkspace } from '../db/scope.ts';
import { appendEvent } from '../events/event-repo.ts';
import { memberOf } from '../http/authenticate.ts';
import { etagOf, matches, readIfMatch } from '../http/if-match.ts';
import { sendObject } from '../http/send-object.ts';
import type { ArtifactPresenter } from './artifact-presenter.ts';
import { artifactNotFound, revisionStale } from './artifact-problems.ts';
import * as repo from './artifact-repo.ts';
import type { ArtifactRow } from './artifact-row.ts';
import { readCursor, writeCursor } from './cursor.ts';

export const artifactRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  store: FolderObjectStore;
  presenter: ArtifactPresenter;
}> = async (app, { knex, store, presenter }) => {
  /** Answers with an artifact and its ETag. What it says may change at any moment, so no cache keeps it. */
  function answer(reply: FastifyReply, row: ArtifactRow): Artifact {
    reply.headers({ etag: etagOf(row.revision), 'cache-control': 'no-store' });
    return presenter.artifact(row);
  }

  app.route({
    ...createArtifact,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const row = await withWorkspace(knex, workspaceId, async (tx) => {
        const artifact = await repo.insertArtifact(tx, workspaceId, request.body);
        await appendEvent(tx, { workspaceId, type: 'artifact.changed', artifactId: artifact.id });
        return artifact;
      });
      reply.status(201).header('location', `/api/v1/artifacts/${row.id}`);
      return answer(reply, row);
    },
  });

  app.route({
    ...listArtifacts,
    handler: async (request, reply) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor } = request.query;
      const after = cursor === undefined ? null : readCursor(cursor);
      const rows = await withWorkspace(knex, memberOf(request).workspaceId, (tx) =>
        repo.listArtifacts(tx, { limit, after }),
      );
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      reply.header('cache-control', 'no-store');
      return {
        items: rows.slice(0, limit).map((row) => presenter.artifact(row)),
        nextCursor: last === undefined ? null : writeCursor(last.id),
      };
    },
  });

  app.route({
    ...getArtifact,
    handler: async (request, reply) => {
      const row = await withWorkspace(knex, memberOf(request).workspaceId, (tx) =>
        repo.findArtifact(tx, request.params.id),
      );
      if (row === undefined) throw artifactNotFound();
      return answer(reply, row);
    },
  });

  app.route({
    ...updateArtifact,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const { id } = request.params;
      const expected = readIfMatch(request);
      const row = await withWorkspace(knex, workspaceId, async (tx) => {
        const before = await repo.lockArtifact(tx, id);
        if (before === undefined) throw artifactNotFound();
        if (!matches(expected, before.revision)) throw revisionStale(presenter.artifact(before));
        await repo.updateArtifact(tx, id, request.body);
        await appendEvent(tx, { workspaceId, type: 'artifact.changed', artifactId: id });
        return repo.findArtifact(tx, id);
      });
      if (row === undefined) throw artifactNotFound();
      return answer(reply, row);
    },
  });

  app.route({
    ...deleteArtifact,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const { id } = request.params;
      const expected = readIfMatch(request);
      await withWorkspace(knex, workspaceId, async (tx) => {
        const before = await repo.lockArtifact(tx, id);
        if (before === undefined) throw artifactNotFound();
        if (!matches(expected, before.revision)) throw revisionStale(presenter.artifact(before));
        await repo.deleteArtifact(tx, id);
        await appendEvent(tx, { workspaceId, type: 'artifact.deleted', artifactId: id });
      });
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...getOriginal,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const row = await withWorkspace(knex, workspaceId, (tx) => repo.findArtifact(tx, request.params.id));
      if (row === undefined) throw artifactNotFound();
      const notFound = () => new ProblemError('ORIGINAL_NOT_FOUND', 'Upload it first, by `PUT` to this address.');
      if (row.originalSha256 === null) throw notFound();
      // Somebody else's bytes: never run in our origin, whatever they are.
      reply.headers({ 'content-disposition': 'attachment', 'content-security-policy': "sandbox; default-src 'none'" });
      const isSent = await sendObject(request, reply, store, {
        key: originalKey(workspaceId, row.originalSha256),
        etag: `"${row.originalSha256}"`,
        contentType: row.originalContentType ?? 'application/octet-stream',
        cacheControl: 'private, no-cache',
      });
      if (!isSent) throw notFound();
      return reply;
    },
  });

  app.route({
    ...getManifest,
    handler: async (request, reply) => {
      const { id } = request.params;
      const manifest = await withWorkspace(knex, memberOf(request).workspaceId, async (tx) => {
        const row = await repo.findArtifact(tx, id);
        if (row === undefined) throw artifactNotFound();
        const variants = await repo.listVariants(tx, { id, version: row.originalVersion });
        return presenter.manifest(row, variants);
      });
      reply.header('cache-control', 'no-store');
      return manifest;
    },
  });
};
