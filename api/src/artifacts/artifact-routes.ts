import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Knex } from 'knex';
import type { Artifact, ArtifactPatch } from '@hortus/contracts/artifact';
import {
  createArtifact,
  deleteArtifact,
  getArtifact,
  getManifest,
  getOriginal,
  replaceArtifact,
  updateArtifact,
} from '@hortus/contracts/artifact-api';
import { getReceipt } from '@hortus/contracts/receipt-api';
import type { ObjectStore } from '@hortus/service/object-store';
import { withWorkspace } from '../db/scope.ts';
import { memberOf } from '../http/authenticate.ts';
import { etagOf, matches, readIfMatch } from '../http/if-match.ts';
import type { AnswerOnce } from '../idempotency/idempotency-service.ts';
import type { ArtifactPresenter } from './artifact-presenter.ts';
import { artifactNotFound, revisionStale } from './artifact-problems.ts';
import * as repo from './artifact-repo.ts';
import * as service from './artifact-service.ts';
import { sendOriginal } from './original-download.ts';
import { listVariants } from './garden-repo.ts';
import type { ArtifactRow } from './artifact-row.ts';
import type { VariantRow } from './variant-row.ts';

export const artifactRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  store: ObjectStore;
  presenter: ArtifactPresenter;
  answerOnce: AnswerOnce;
}> = async (app, { knex, store, presenter, answerOnce }) => {
  /** Answers with an artifact and its ETag. What it says may change at any moment, so no cache keeps it. */
  function answer(reply: FastifyReply, row: ArtifactRow): Artifact {
    reply.headers({ etag: etagOf(row.revision), 'cache-control': 'no-store' });
    return presenter.artifact(row);
  }

  /** Throws unless the writer says that it saw what stands now. */
  function readExpectation(request: FastifyRequest): service.AssertMayChange {
    const expected = readIfMatch(request);
    return (row) => {
      if (!matches(expected, row.revision)) throw revisionStale(presenter.artifact(row));
    };
  }

  app.route({
    ...createArtifact,
    handler: (request, reply) =>
      answerOnce.inOneTrip(request, reply, async (ask) => {
        const row = await repo.createArtifact(ask, memberOf(request), request.body);
        const headers = { etag: etagOf(row.revision), location: `/api/v1/artifacts/${row.id}` };
        return { status: 201, headers, body: presenter.artifact(row) };
      }),
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

  async function update(
    request: FastifyRequest,
    reply: FastifyReply,
    change: { id: string; patch: ArtifactPatch },
  ): Promise<Artifact> {
    const member = memberOf(request);
    const assertMay = readExpectation(request);
    const row = await withWorkspace(knex, member.workspaceId, (tx) =>
      service.updateArtifact(tx, member, change, assertMay),
    );
    return answer(reply, row);
  }

  app.route({
    ...updateArtifact,
    handler: (request, reply) => update(request, reply, { id: request.params.id, patch: request.body }),
  });

  app.route({
    ...replaceArtifact,
    handler: (request, reply) => {
      const { name, description = null, tags = null, metadata = null } = request.body;
      return update(request, reply, { id: request.params.id, patch: { name, description, tags, metadata } });
    },
  });

  app.route({
    ...deleteArtifact,
    handler: async (request, reply) => {
      const member = memberOf(request);
      const assertMay = readExpectation(request);
      await withWorkspace(knex, member.workspaceId, (tx) =>
        service.trashArtifact(tx, member, request.params.id, assertMay),
      );
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...getOriginal,
    handler: async (request, reply) => {
      const { workspaceId } = memberOf(request);
      const row = await withWorkspace(knex, workspaceId, (tx) => repo.findArtifact(tx, request.params.id));
      if (row === undefined) throw artifactNotFound();
      const { name, originalSha256: sha256, originalContentType: contentType } = row;
      return sendOriginal(request, reply, store, { workspaceId, name, sha256, contentType });
    },
  });

  /** Reads the artifact with the variants of its original; no cache keeps what is still growing. */
  async function present<T>(
    request: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
    show: (row: ArtifactRow, variants: readonly VariantRow[]) => T,
  ): Promise<T> {
    const { id } = request.params;
    const shown = await withWorkspace(knex, memberOf(request).workspaceId, async (tx) => {
      const row = await repo.findArtifact(tx, id);
      if (row === undefined) throw artifactNotFound();
      return show(row, await listVariants(tx, { id, version: row.originalVersion }));
    });
    reply.header('cache-control', 'no-store');
    return shown;
  }

  app.route({
    ...getManifest,
    handler: (request, reply) => present(request, reply, (row, variants) => presenter.manifest(row, variants)),
  });

  app.route({
    ...getReceipt,
    handler: (request, reply) => present(request, reply, (row, variants) => presenter.receipt(row, variants)),
  });
};
