import type { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Knex } from 'knex';
import { putOriginal } from '@hortus/contracts/artifact-api';
import { PRIORITIES } from '@hortus/contracts/gardener';
import { ObjectTooLargeError, type FolderObjectStore, type StagedObject } from '@hortus/service/object-store';
import { ProblemError } from '@hortus/service/problem';
import { withWorkspace } from '../db/scope.ts';
import { memberOf } from '../http/authenticate.ts';
import { etagOf, matches, readIfMatch } from '../http/if-match.ts';
import type { ApiMetrics } from '../metrics.ts';
import type { ArtifactPresenter } from './artifact-presenter.ts';
import { findArtifact } from './artifact-repo.ts';
import type { ArtifactRow } from './artifact-row.ts';
import { artifactNotFound, revisionStale } from './artifact-problems.ts';
import { storeOriginal } from './original-service.ts';

const LINGER_MS = 1000;

function tooLarge(sizeBytesMax: number): ProblemError {
  return new ProblemError('BODY_TOO_LARGE', `An upload may have at most ${String(sizeBytesMax)} bytes.`);
}

/** Does nothing where the header lies or is absent; the bytes are counted as they come. */
function refuseDeclaredSize(request: FastifyRequest, sizeBytesMax: number): void {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > sizeBytesMax) throw tooLarge(sizeBytesMax);
}

/**
 * Ends the connection of a refused body that still comes, a moment after the answer. Until then the bytes are read and
 * dropped: a connection that closes on unread bytes is reset, and the client would lose the answer with it (RFC 9112 §9.6).
 */
function lingerAfter({ raw }: FastifyRequest, reply: FastifyReply): void {
  reply.raw.once('finish', () => {
    const timer = setTimeout(() => {
      raw.destroy();
    }, LINGER_MS).unref();
    raw.once('close', () => {
      clearTimeout(timer);
    });
    raw.resume();
  });
}

export const uploadRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  store: FolderObjectStore;
  presenter: ArtifactPresenter;
  metrics: ApiMetrics;
  uploadMaxBytes: number;
}> = async (app, { knex, store, presenter, metrics, uploadMaxBytes }) => {
  // Bytes of any type reach the handler as the stream that they are.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload);
  });

  app.addHook('onError', async (request, reply) => {
    if (!request.raw.complete) lingerAfter(request, reply);
  });
  app.addHook('onRequest', async (request) => {
    refuseDeclaredSize(request, uploadMaxBytes);
  });

  /**
   * A first original replaces nothing and needs no `If-Match`; a further one does. Asked before the bytes are read, and
   * again when they are stored.
   */
  function assertMayReplace(request: FastifyRequest, row: ArtifactRow): void {
    if (row.originalVersion === 0 && request.headers['if-match'] === undefined) return;
    if (!matches(readIfMatch(request), row.revision)) throw revisionStale(presenter.artifact(row));
  }

  async function stage(body: Readable): Promise<StagedObject> {
    try {
      // A loop that is left early destroys its stream, and that of a request is the connection: the answer would not arrive.
      const source = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
      return await store.stage(source, { sizeBytesMax: uploadMaxBytes });
    } catch (error) {
      if (error instanceof ObjectTooLargeError) throw tooLarge(error.sizeBytesMax);
      if (
        error instanceof Error &&
        'code' in error &&
        ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(error.code))
      ) {
        throw new ProblemError('UPLOAD_INTERRUPTED', 'Nothing was kept. Send the bytes again.', { cause: error });
      }
      throw error;
    }
  }

  app.route({
    ...putOriginal,
    handler: async (request, reply: FastifyReply) => {
      const { workspaceId } = memberOf(request);
      const { id } = request.params;
      const before = await withWorkspace(knex, workspaceId, (tx) => findArtifact(tx, id));
      if (before === undefined) throw artifactNotFound();
      assertMayReplace(request, before);
      const body = request.body as Readable | undefined | null;
      const staged = body ? await stage(body) : null;
      if (staged === null || staged.sizeBytes === 0) {
        await staged?.discard();
        throw new ProblemError('ORIGINAL_EMPTY', 'Choose a file that has bytes, and send them as the body.');
      }
      const row = await storeOriginal(knex, {
        workspaceId,
        artifactId: id,
        staged,
        declaredType: request.headers['content-type'],
        priorityKey: PRIORITIES.upload,
        assertMayReplace: (current) => {
          assertMayReplace(request, current);
        },
      });
      metrics.uploadBytes.inc(staged.sizeBytes);
      reply.headers({ etag: etagOf(row.revision), 'cache-control': 'no-store' });
      return presenter.artifact(row);
    },
  });
};
