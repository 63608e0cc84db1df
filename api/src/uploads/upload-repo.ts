import type { Knex } from 'knex';

/* Everything here needs the scope `workspaceId`, but for what says otherwise. */

export interface UploadRow {
  readonly workspaceId: string;
  readonly id: string;
  readonly userId: string;
  /** Whose original it becomes; null while a new artifact is to be made of it. */
  readonly artifactId: string | null;
  /** What the uploader said that the artifact was. */
  readonly ifMatch: string | null;
  /** `Upload-Metadata` as it came. */
  readonly metadata: string;
  /** Null while nobody has said it. */
  readonly sizeBytes: number | null;
  /** How many bytes are stored for good. */
  readonly offsetBytes: number;
  readonly expiresAt: string;
  readonly completedAt: string | null;
}

export interface UploadPart {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly objectKey: string;
}

const COLUMNS = [
  'workspaceId', 'id', 'userId', 'artifactId', 'ifMatch', 'metadata', 'sizeBytes', 'offsetBytes', 'expiresAt',
  'completedAt',
] as const; // prettier-ignore

const inHours = (tx: Knex.Transaction, hours: number) => tx.raw('now() + make_interval(hours => ?)', [hours]);

export async function insertUpload(
  tx: Knex.Transaction,
  upload: Pick<UploadRow, 'workspaceId' | 'id' | 'userId' | 'artifactId' | 'ifMatch' | 'metadata' | 'sizeBytes'>,
  keptHours: number,
): Promise<UploadRow> {
  const [row] = await tx('uploads')
    .insert({ ...upload, expiresAt: inHours(tx, keptHours) })
    .returning<UploadRow[]>([...COLUMNS]);
  if (row === undefined) throw new Error('the upload was not inserted');
  return row;
}

/** How many uploads of a person are not complete. */
export async function countOpenUploads(tx: Knex.Transaction, userId: string): Promise<number> {
  const { rows } = await tx.raw<{ rows: { count: number }[] }>(
    'select count(*) as count from uploads where user_id = ? and completed_at is null',
    [userId],
  );
  return rows[0]?.count ?? 0;
}

/** An upload of this person; undefined for anybody else's. */
export async function findUpload(
  tx: Knex.Transaction,
  { id, userId }: { id: string; userId: string },
): Promise<UploadRow | undefined> {
  return tx('uploads')
    .where({ id, userId })
    .first<UploadRow | undefined>(...COLUMNS);
}

/** Like findUpload, and holds the row until the transaction ends. */
export async function lockUpload(
  tx: Knex.Transaction,
  { id, userId }: { id: string; userId: string },
): Promise<UploadRow | undefined> {
  return tx('uploads')
    .where({ id, userId })
    .forUpdate()
    .first<UploadRow | undefined>(...COLUMNS);
}

export async function setUploadSize(tx: Knex.Transaction, id: string, sizeBytes: number): Promise<void> {
  await tx('uploads').where({ id }).update({ sizeBytes });
}

/**
 * Adds a part behind the bytes that are stored, and keeps the upload for longer.
 *
 * @returns false, and does nothing, where the stored bytes end elsewhere by now or the upload is gone
 */
export async function appendPart(
  tx: Knex.Transaction,
  upload: { workspaceId: string; id: string },
  part: UploadPart,
  keptHours: number,
): Promise<boolean> {
  const { workspaceId, id } = upload;
  const { offsetBytes, sizeBytes } = part;
  const moved = await tx('uploads')
    .where({ id, offsetBytes })
    .whereNull('completedAt')
    .update({ offsetBytes: offsetBytes + sizeBytes, expiresAt: inHours(tx, keptHours) });
  if (moved === 0) return false;
  await tx('uploadParts').insert({ workspaceId, uploadId: id, ...part });
  return true;
}

export async function listParts(tx: Knex.Transaction, uploadId: string): Promise<UploadPart[]> {
  return tx('uploadParts').where({ uploadId }).orderBy('offsetBytes').select('offsetBytes', 'sizeBytes', 'objectKey');
}

/** All bytes have become the original of the artifact; the parts are no longer needed. */
export async function completeUpload(tx: Knex.Transaction, id: string, artifactId: string): Promise<void> {
  await tx('uploadParts').where({ uploadId: id }).delete();
  await tx('uploads')
    .where({ id })
    .update({ artifactId, offsetBytes: tx.ref('sizeBytes'), completedAt: tx.fn.now() });
}

export async function deleteUpload(tx: Knex.Transaction, id: string): Promise<void> {
  await tx('uploads').where({ id }).delete();
}

/** Forgets the bytes of an expired upload; that it was there is remembered. */
export async function emptyUpload(tx: Knex.Transaction, id: string): Promise<void> {
  await tx('uploadParts').where({ uploadId: id }).delete();
  await tx('uploads').where({ id }).update({ offsetBytes: 0 });
}

export interface ExpiredUpload {
  readonly workspaceId: string;
  readonly id: string;
  /** Nobody needs to be told any more that it has expired. */
  readonly isForgotten: boolean;
}

/** The oldest uploads that have expired and of which there is something to remove. Needs the scope `instance`. */
export async function listExpiredUploads(
  tx: Knex.Transaction,
  options: { limit: number; rememberedDays: number },
): Promise<ExpiredUpload[]> {
  const { rows } = await tx.raw<{ rows: ExpiredUpload[] }>(
    `select workspace_id as "workspaceId", id, is_forgotten as "isForgotten"
     from uploads, lateral (select completed_at is not null
       or expires_at < now() - make_interval(days => :rememberedDays) as is_forgotten) f
     where expires_at < now() and (is_forgotten or offset_bytes > 0)
     order by expires_at limit :limit`,
    options,
  );
  return rows;
}
