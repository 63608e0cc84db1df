import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import pLimit from 'p-limit';
import { createZipAddress, getZip } from '@hortus/contracts/artifact-batch-api';
import { originalKey } from '@hortus/contracts/object-key';
import type { ObjectStore } from '@hortus/service/object-store';
import { ProblemError } from '@hortus/service/problem';
import { withWorkspace } from '../db/scope.ts';
import type { AddressSigner } from '../delivery/address-signer.ts';
import { memberOf } from '../http/authenticate.ts';
import { attachment } from '../http/content-disposition.ts';
import { artifactNotFound } from './artifact-problems.ts';
import { findArtifacts } from './artifact-repo.ts';
import type { ArtifactRow } from './artifact-row.ts';
import { fileNameOf, makeUnique } from './file-name.ts';
import { createZipStream, type ZipEntry } from './zip-stream.ts';
import { readZipTicket, writeZipTicket } from './zip-ticket.ts';

const STATS_AT_ONCE = 10;
const FILE_NAME = 'artifacts.zip';

/** The artifacts in the order that was asked for. @throws ProblemError ARTIFACT_NOT_FOUND where one of them is not there */
async function getArtifacts(knex: Knex, workspaceId: string, ids: readonly string[]): Promise<ArtifactRow[]> {
  const rows = await withWorkspace(knex, workspaceId, (tx) => findArtifacts(tx, ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = byId.get(id.toLowerCase());
    if (row === undefined) throw artifactNotFound();
    return row;
  });
}

export const zipRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  store: ObjectStore;
  /** Of addresses that work for minutes. */
  signer: AddressSigner;
}> = async (app, { knex, store, signer }) => {
  function entriesOf(workspaceId: string, rows: readonly ArtifactRow[]): ZipEntry[] {
    const names = makeUnique(rows.map(({ name, originalContentType }) => fileNameOf(name, originalContentType ?? '')));
    return rows.map(({ originalSha256, originalSizeBytes, originalUploadedAt, createdAt }, index) => ({
      name: names[index] ?? '',
      sizeBytes: originalSizeBytes ?? 0,
      modifiedAt: new Date(originalUploadedAt ?? createdAt),
      open: () => store.read(originalKey(workspaceId, originalSha256 ?? '')),
    }));
  }

  /** Before the first byte is sent, what is known to be missing is a problem and not a broken download. */
  async function assertStored(workspaceId: string, rows: readonly ArtifactRow[]): Promise<void> {
    const atOnce = pLimit(STATS_AT_ONCE);
    const keys = new Set(rows.map(({ originalSha256 }) => originalKey(workspaceId, originalSha256 ?? '')));
    const stats = await Promise.all([...keys].map((key) => atOnce(() => store.stat(key))));
    if (stats.includes(null)) {
      throw new ProblemError('ORIGINAL_NOT_FOUND', 'The bytes of one of the artifacts are gone from the object store.');
    }
  }

  app.route({
    ...createZipAddress,
    handler: async (request, reply) => {
      const member = memberOf(request);
      const rows = await getArtifacts(knex, member.workspaceId, request.body.ids);
      const full = rows.filter(({ originalSha256 }) => originalSha256 !== null);
      if (full.length === 0) throw new ProblemError('ORIGINAL_NOT_FOUND', 'None of the artifacts has an original.');
      const ticket = writeZipTicket({ member, ids: full.map(({ id }) => id) });
      const { expires, signature } = signer.prove(`zip ${ticket}`);
      const query = new URLSearchParams({ ticket, expires: String(expires), signature });
      reply.status(201).header('cache-control', 'no-store');
      return {
        url: `${getZip.url}?${query.toString()}`,
        expiresAt: new Date(expires * 1000).toISOString(),
        files: full.length,
        sizeBytes: full.reduce((sum, { originalSizeBytes }) => sum + (originalSizeBytes ?? 0), 0),
        empty: rows.filter((row) => !full.includes(row)).map(({ id }) => id),
      };
    },
  });

  app.route({
    ...getZip,
    handler: async (request, reply) => {
      const { ticket, expires, signature } = request.query;
      const notSigned = () => new ProblemError('ADDRESS_NOT_SIGNED', 'Ask for a new address, and follow it at once.');
      if (!signer.verify(`zip ${ticket}`, { expires, signature })) throw notSigned();
      const { member, ids } = readZipTicket(ticket);
      if (!(await app.isStillMember(member))) throw notSigned();
      const { workspaceId } = member;
      const rows = await getArtifacts(knex, workspaceId, ids);
      await assertStored(workspaceId, rows);
      const { stream, sizeBytes } = createZipStream(entriesOf(workspaceId, rows));
      reply.headers({
        'content-type': 'application/zip',
        'content-disposition': attachment(FILE_NAME),
        'content-length': sizeBytes,
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'no-store',
      });
      if (request.method === 'HEAD') {
        stream.destroy();
        return reply.send(Readable.from([]));
      }
      return reply.send(stream);
    },
  });
};
