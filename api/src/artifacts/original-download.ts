import type { FastifyReply, FastifyRequest } from 'fastify';
import { originalKey } from '@hortus/contracts/object-key';
import type { ObjectStore } from '@hortus/service/object-store';
import { ProblemError } from '@hortus/service/problem';
import { attachment } from '../http/content-disposition.ts';
import { sendObject } from '../http/send-object.ts';
import { fileNameOf } from './file-name.ts';

/** An original as a download: the name of its artifact, and what its bytes are. */
export interface Download {
  readonly workspaceId: string;
  readonly name: string;
  readonly sha256: string | null;
  readonly contentType: string | null;
}

/** Sends the bytes, to be saved and never shown. @throws ProblemError ORIGINAL_NOT_FOUND */
export async function sendOriginal(
  request: FastifyRequest,
  reply: FastifyReply,
  store: ObjectStore,
  { workspaceId, name, sha256, contentType }: Download,
): Promise<FastifyReply> {
  const notFound = () => new ProblemError('ORIGINAL_NOT_FOUND', 'Nothing was uploaded yet.');
  if (sha256 === null) throw notFound();
  const type = contentType ?? 'application/octet-stream';
  // Somebody else's bytes: never run in our origin, whatever they are.
  reply.headers({
    'content-disposition': attachment(fileNameOf(name, type)),
    'content-security-policy': "sandbox; default-src 'none'",
  });
  const isSent = await sendObject(request, reply, store, {
    key: originalKey(workspaceId, sha256),
    etag: `"${sha256}"`,
    contentType: type,
    cacheControl: 'private, no-cache',
  });
  if (!isSent) throw notFound();
  return reply;
}
