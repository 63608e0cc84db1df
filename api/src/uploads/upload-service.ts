import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { PRIORITIES } from '@hortus/contracts/gardener';
import { deleteFolder, type ObjectStore } from '@hortus/service/object-store';
import { ProblemError } from '@hortus/service/problem';
import type { ArtifactPresenter } from '../artifacts/artifact-presenter.ts';
import { artifactNotFound } from '../artifacts/artifact-problems.ts';
import { findArtifact } from '../artifacts/artifact-repo.ts';
import { createArtifact } from '../artifacts/artifact-repo.ts';
import { askWithin } from '../db/one-trip.ts';
import { commitOriginal, placeOriginal } from '../artifacts/original-service.ts';
import { assertMayReplace } from '../artifacts/replace-check.ts';
import { withWorkspace } from '../db/scope.ts';
import type { Member } from '../http/authenticate.ts';
import type { ApiMetrics } from '../metrics.ts';
import { assertFits } from '../quota/quota-problem.ts';
import { findUsage } from '../quota/usage-repo.ts';
import { createByteReader, type ByteReader } from './byte-reader.ts';
import { readUploadMetadata } from './upload-metadata.ts';
import * as repo from './upload-repo.ts';
import type { UploadPart, UploadRow } from './upload-repo.ts';

/*
 * A resumable upload:
 *
 *   open, offset 0 ──append: a part is flushed to the store, then the offset moves──▶ open, offset n
 *   open, offset n ──append of the last bytes──▶ complete: artifact, original and intent in one transaction
 *   open ──nothing appended for the time that it is kept──▶ expired ──sweep──▶ its bytes are gone, then the row
 *
 * The offset never claims a byte that is not flushed, and claims the last only together with the artifact: whatever dies,
 * the client asks for the offset and sends what is behind it. No lock is held while bytes flow: of two appends at the same
 * offset the offset moves for one, by whatever replica, and the other is told 409.
 */

/** What a client sends again at the most after a crash. In S3, a part of this size is one request. */
const PART_BYTES = 4 * 1024 * 1024;
const OPEN_UPLOADS_MAX = 1000;

export interface UploadOptions {
  readonly knex: Knex;
  readonly store: ObjectStore;
  readonly presenter: ArtifactPresenter;
  readonly metrics: ApiMetrics;
  readonly uploadMaxBytes: number;
  /** How long an upload is kept after its last bytes. */
  readonly keptHours: number;
}

export interface NewUpload {
  readonly metadata: string;
  readonly sizeBytes: number | null;
  readonly ifMatch: string | null;
}

/** The uploads of one member. */
export interface MemberUploads {
  create(upload: NewUpload): Promise<UploadRow>;
  /** @throws ProblemError UPLOAD_NOT_FOUND, for an upload of somebody else as well */
  find(id: string): Promise<UploadRow>;
  declareSize(id: string, sizeBytes: number): Promise<void>;
  /** Appends as much as comes. @returns the offset and, once the upload is complete, its artifact */
  append(id: string, offsetBytes: number, bytes: AsyncIterable<Uint8Array>): Promise<UploadRow>;
  remove(id: string): Promise<void>;
}

export function uploadFolder({ workspaceId, id }: Pick<UploadRow, 'workspaceId' | 'id'>): string {
  return `${workspaceId}/uploads/${id}`;
}

export function uploadNotFound(): ProblemError {
  return new ProblemError('UPLOAD_NOT_FOUND', 'There is no upload of yours with this id. Begin it anew.');
}

export function offsetWrong(): ProblemError {
  return new ProblemError('UPLOAD_OFFSET_WRONG', 'Ask by `HEAD` how many bytes have come, and go on from there.');
}

export function tooLarge(sizeBytesMax: number): ProblemError {
  return new ProblemError('BODY_TOO_LARGE', `An upload may have at most ${String(sizeBytesMax)} bytes.`);
}

/** The first original that a new artifact gets replaces nothing, whatever the request of the upload said. */
function replaceRequest({ artifactId, ifMatch }: Pick<UploadRow, 'artifactId' | 'ifMatch'>) {
  return { headers: artifactId === null || ifMatch === null ? {} : { 'if-match': ifMatch } };
}

export function createMemberUploads(options: UploadOptions, member: Member): MemberUploads {
  const { knex, store, presenter, metrics, uploadMaxBytes, keptHours } = options;
  const { workspaceId, userId } = member;
  const inWorkspace = <Result>(work: (tx: Knex.Transaction) => Promise<Result>) =>
    withWorkspace(knex, workspaceId, work);

  async function find(id: string): Promise<UploadRow> {
    const row = await inWorkspace((tx) => repo.findUpload(tx, { id, userId }));
    if (row === undefined) throw uploadNotFound();
    return row;
  }

  async function create({ metadata, sizeBytes, ifMatch }: NewUpload): Promise<UploadRow> {
    const { artifactId } = readUploadMetadata(metadata);
    if (sizeBytes === 0) throw new ProblemError('ORIGINAL_EMPTY', 'Choose a file that has bytes.');
    return inWorkspace(async (tx) => {
      const usage = await findUsage(tx, workspaceId);
      if (usage !== undefined) assertFits(usage, sizeBytes ?? 0);
      if (artifactId !== null) {
        const artifact = await findArtifact(tx, artifactId);
        if (artifact === undefined) throw artifactNotFound();
        assertMayReplace(presenter, replaceRequest({ artifactId, ifMatch }), artifact);
      }
      if ((await repo.countOpenUploads(tx, userId)) >= OPEN_UPLOADS_MAX) {
        const detail = `You have ${String(OPEN_UPLOADS_MAX)} uploads under way. Complete or delete some of them.`;
        throw new ProblemError('RATE_LIMITED', detail);
      }
      const upload = { workspaceId, id: randomUUID(), userId, artifactId, ifMatch, metadata, sizeBytes };
      return repo.insertUpload(tx, upload, keptHours);
    });
  }

  /** Flushes the next bytes to the store. @returns null where none came */
  async function storePart(upload: UploadRow, offsetBytes: number, reader: ByteReader): Promise<UploadPart | null> {
    const left = (upload.sizeBytes ?? uploadMaxBytes) - offsetBytes;
    const sizeBytesMax = Math.min(PART_BYTES, left);
    const staged = await store.stage(reader.take(sizeBytesMax), { sizeBytesMax });
    if (staged.sizeBytes === 0) {
      await staged.discard();
      return null;
    }
    const objectKey = `${uploadFolder(upload)}/${String(offsetBytes)}-${randomUUID()}`;
    await staged.commit(objectKey);
    return { offsetBytes, sizeBytes: staged.sizeBytes, objectKey };
  }

  async function* readParts(parts: readonly UploadPart[]): AsyncGenerator<Uint8Array, void, undefined> {
    for (const { objectKey } of parts) yield* store.read(objectKey) as AsyncIterable<Uint8Array>;
  }

  /** Makes all bytes one object, and that the original; the offset moves to the end in the same transaction. */
  async function complete(upload: UploadRow, sizeBytes: number, last: readonly UploadPart[]): Promise<UploadRow> {
    const parts = [...(await inWorkspace((tx) => repo.listParts(tx, upload.id))), ...last];
    const staged = await store.stage(readParts(parts), { sizeBytesMax: sizeBytes });
    if (staged.sizeBytes !== sizeBytes) {
      // Another append was faster, and what this one has is not the whole.
      await staged.discard();
      throw offsetWrong();
    }
    await commitOriginal(knex, { workspaceId, staged });
    const { name, declaredType } = readUploadMetadata(upload.metadata);
    const done = await inWorkspace(async (tx) => {
      const current = await repo.lockUpload(tx, { id: upload.id, userId });
      if (current === undefined) throw uploadNotFound();
      if (current.completedAt !== null || current.offsetBytes !== sizeBytes - sumOf(last)) throw offsetWrong();
      const artifactId = upload.artifactId ?? (await createArtifact(askWithin(tx), member, { name })).id;
      await placeOriginal(tx, {
        workspaceId,
        artifactId,
        actor: member,
        staged,
        declaredType,
        priorityKey: PRIORITIES.upload,
        assertMayReplace: (artifact) => {
          assertMayReplace(presenter, replaceRequest(upload), artifact);
        },
      });
      await repo.completeUpload(tx, upload.id, artifactId);
      return repo.findUpload(tx, { id: upload.id, userId });
    });
    if (done === undefined) throw uploadNotFound();
    metrics.uploadBytes.inc(sizeBytes);
    return done;
  }

  const sumOf = (parts: readonly UploadPart[]) => parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

  /** Once it is complete nobody needs its parts; where the store is away now, the sweep removes them. */
  async function removeParts(upload: UploadRow): Promise<void> {
    await deleteFolder(store, uploadFolder(upload)).catch(() => undefined);
  }

  async function append(id: string, begin: number, bytes: AsyncIterable<Uint8Array>): Promise<UploadRow> {
    const upload = await find(id);
    if (upload.offsetBytes !== begin) throw offsetWrong();
    if (upload.completedAt !== null) return upload;
    const reader = createByteReader(bytes);
    try {
      return await appendAll(upload, reader);
    } finally {
      await reader.close();
    }
  }

  async function appendAll(upload: UploadRow, reader: ByteReader): Promise<UploadRow> {
    let { offsetBytes } = upload;
    for (;;) {
      const part = await storePart(upload, offsetBytes, reader);
      const end = offsetBytes + (part?.sizeBytes ?? 0);
      const isWhole = end === (upload.sizeBytes ?? uploadMaxBytes);
      try {
        if (isWhole && !(await reader.isAtEnd())) throw tooLarge(upload.sizeBytes ?? uploadMaxBytes);
        if (end === upload.sizeBytes) {
          const done = await complete(upload, end, part === null ? [] : [part]);
          await removeParts(upload);
          return done;
        }
        if (part !== null && !(await inWorkspace((tx) => repo.appendPart(tx, upload, part, keptHours)))) {
          throw offsetWrong();
        }
      } catch (error) {
        if (part !== null) await store.delete(part.objectKey).catch(() => undefined);
        throw error;
      }
      offsetBytes = end;
      if (part === null || isWhole || reader.failure !== undefined) break;
    }
    if (reader.failure !== undefined) {
      const detail = `${String(offsetBytes)} bytes are kept. Go on from there.`;
      throw new ProblemError('UPLOAD_INTERRUPTED', detail, { cause: reader.failure });
    }
    return find(upload.id);
  }

  return {
    create,
    find,
    append,
    async declareSize(id, sizeBytes) {
      await inWorkspace((tx) => repo.setUploadSize(tx, id, sizeBytes));
    },
    async remove(id) {
      const upload = await find(id);
      // An append that is under way finds the row gone and removes its own part.
      await deleteFolder(store, uploadFolder(upload));
      await inWorkspace((tx) => repo.deleteUpload(tx, id));
    },
  };
}
