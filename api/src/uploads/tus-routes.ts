import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Server, type Locker } from '@tus/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  TUS_MEDIA_TYPE,
  UPLOADED_ARTIFACT_HEADER,
  appendUpload,
  createUpload,
  deleteUpload,
  getUploadOffset,
  getUploadOptions,
} from '@hortus/contracts/upload-api';
import { ProblemError } from '@hortus/service/problem';
import { memberOf } from '../http/authenticate.ts';
import { readRawBody, takeRawBodies } from '../http/raw-bodies.ts';
import { TUS_EXTENSIONS, TusStore } from './tus-store.ts';
import {
  createMemberUploads,
  offsetWrong,
  tooLarge,
  uploadNotFound,
  type MemberUploads,
  type UploadOptions,
} from './upload-service.ts';

const PATH = '/api/v1/uploads';
const TUS_VERSION = '1.0.0';
/** What the library answers and is no affair of its client. */
const DROPPED_HEADERS = /^(access-control-|content-length$)/;

/** Locks would hold for one replica only; the offset in the database decides between two appends. */
const NO_LOCKS: Locker = {
  newLock: () => ({ lock: () => Promise.resolve(), unlock: () => Promise.resolve() }),
};

/** What the library refuses, in the words of the contract. */
function toProblem(status: number, body: string, uploadMaxBytes: number): ProblemError {
  const said = body.trim().replace(/\.$/, '');
  if (status === 404) return uploadNotFound();
  if (status === 409) return offsetWrong();
  if (status === 410) return new ProblemError('UPLOAD_EXPIRED', 'Its bytes were removed. Begin it anew.');
  if (status === 412 || said.includes('tus-resumable'))
    return new ProblemError('TUS_VERSION_UNSUPPORTED', 'Send the header `Tus-Resumable: 1.0.0`.');
  if (status === 413) {
    return said.startsWith('Maximum')
      ? tooLarge(uploadMaxBytes)
      : new ProblemError('BODY_TOO_LARGE', 'The bytes reach behind the end that `Upload-Length` said.');
  }
  return new ProblemError('REQUEST_INVALID', `${said}.`);
}

/** `@tus/server` speaks the protocol; who may call, where bytes lie and how errors look is as everywhere in the api. */
export const tusRoutes: FastifyPluginAsyncTypebox<UploadOptions> = async (app, options) => {
  const { uploadMaxBytes, keptHours } = options;
  takeRawBodies(app);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'tus-resumable': TUS_VERSION, 'tus-version': TUS_VERSION, 'cache-control': 'no-store' });
  });

  async function speak(request: FastifyRequest, reply: FastifyReply, uploads: MemberUploads): Promise<null> {
    const { headers, method, url } = request;
    const body = request.body as Readable | null | undefined;
    const store = new TusStore(
      uploads,
      {
        metadata: String(headers['upload-metadata'] ?? ''),
        ifMatch: headers['if-match'] ?? null,
        bytes: readRawBody(body ?? Readable.from([])),
      },
      keptHours,
    );
    let failure: unknown;
    const server = new Server({
      path: PATH,
      datastore: store,
      maxSize: uploadMaxBytes,
      relativeLocation: true,
      locker: NO_LOCKS,
      onResponseError: (_request, error) => {
        failure = error;
        return undefined;
      },
    });
    const known = Object.entries(headers).filter(([name]) => name !== 'host' && name !== 'connection');
    const asked = { method, headers: new Headers(known.map(([name, value]) => [name, String(value)])) };
    const response = await server.handleWeb(new Request(new URL(url, 'http://localhost'), asked));
    if (failure instanceof Error) throw failure;
    if (response.status >= 400) throw toProblem(response.status, await response.text(), uploadMaxBytes);
    for (const [name, value] of response.headers) if (!DROPPED_HEADERS.test(name)) reply.header(name, value);
    const { row } = store;
    if (row !== undefined && row.completedAt !== null) reply.header(UPLOADED_ARTIFACT_HEADER, row.artifactId);
    // As it came: what is no UTF-8 would come back as something else.
    if (method === 'HEAD' && row !== undefined) reply.header('upload-metadata', row.metadata);
    reply.status(response.status);
    return null;
  }

  const asMember = (request: FastifyRequest, reply: FastifyReply) =>
    speak(request, reply, createMemberUploads(options, memberOf(request)));

  app.route({
    ...getUploadOptions,
    handler: async (_request, reply) => {
      reply.headers({ 'tus-extension': TUS_EXTENSIONS.join(','), 'tus-max-size': uploadMaxBytes });
      return reply.status(204).send(null);
    },
  });
  app.route({ ...createUpload, handler: asMember });
  app.route({
    ...getUploadOffset,
    // The plugin takes every HEAD for the shadow of a GET.
    config: { ...getUploadOffset.config, swagger: { exposeHeadRoute: true } },
    handler: asMember,
  });
  app.route({
    ...appendUpload,
    handler: (request, reply) => {
      if (request.headers['content-type'] !== TUS_MEDIA_TYPE) {
        throw new ProblemError('MEDIA_TYPE_UNSUPPORTED', `Send the bytes as \`${TUS_MEDIA_TYPE}\`.`);
      }
      return asMember(request, reply);
    },
  });
  app.route({ ...deleteUpload, handler: asMember });
};
