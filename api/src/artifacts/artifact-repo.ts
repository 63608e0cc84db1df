import type { Knex } from 'knex';
import { raw } from 'objection';
import type { ArtifactPatch, GardenFailure, NewArtifact } from '@hortus/contracts/artifact';
import type { Inspection, VariantBatch } from '@hortus/contracts/internal-api';
import { ArtifactRow } from './artifact-row.ts';
import { VariantRow } from './variant-row.ts';

/** Variants up to this width are what lists show. */
const THUMBNAIL_WIDTH_MAX_PX = 960;

const thumbnails = raw(
  `(select json_agg(json_build_object('hash', v.hash, 'widthPx', v.width_px) order by v.width_px)
    from variants v
    where v.workspace_id = artifacts.workspace_id and v.artifact_id = artifacts.id
      and v.version = artifacts.original_version and v.format = 'webp' and v.width_px <= ${String(THUMBNAIL_WIDTH_MAX_PX)})`,
).as('thumbnails');

export async function insertArtifact(
  tx: Knex.Transaction,
  workspaceId: string,
  artifact: NewArtifact & { demoKey?: string },
): Promise<ArtifactRow> {
  return ArtifactRow.query(tx)
    .insert({ ...artifact, workspaceId })
    .returning('*');
}

export async function findArtifact(tx: Knex.Transaction, id: string): Promise<ArtifactRow | undefined> {
  return ArtifactRow.query(tx).select('artifacts.*', thumbnails).findOne({ id }).whereNull('deletedAt');
}

export async function findArtifacts(tx: Knex.Transaction, ids: readonly string[]): Promise<ArtifactRow[]> {
  return ArtifactRow.query(tx)
    .select('artifacts.*', thumbnails)
    .whereRaw('artifacts.id = any(?::uuid[])', [ids as string[]])
    .whereNull('deletedAt');
}

/** Newest first (ids are UUIDv7), behind the item `after`. One more than `limit` when there is a next page. */
export async function listArtifacts(
  tx: Knex.Transaction,
  page: { limit: number; after: string | null },
): Promise<ArtifactRow[]> {
  const query = ArtifactRow.query(tx)
    .select('artifacts.*', thumbnails)
    .whereNull('deletedAt')
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query.where('id', '<', page.after);
  return query;
}

/** Like findArtifact, and holds the row until the transaction ends. */
export async function lockArtifact(tx: Knex.Transaction, id: string): Promise<ArtifactRow | undefined> {
  return ArtifactRow.query(tx).select('artifacts.*', thumbnails).findOne({ id }).whereNull('deletedAt').forUpdate();
}

const changedByPerson = { revision: raw('revision + 1') as never, updatedAt: raw('now()') as never };

export async function updateArtifact(tx: Knex.Transaction, id: string, patch: ArtifactPatch): Promise<void> {
  const { name, description, tags, metadata } = patch;
  await ArtifactRow.query(tx)
    .where({ id })
    .patch({
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description: description ?? '' }),
      ...(tags === undefined ? {} : { tags: tags ?? [] }),
      ...(metadata === undefined ? {} : { metadata: metadata ?? {} }),
      ...changedByPerson,
    });
}

/** Hides the artifact; its row stays. */
export async function deleteArtifact(tx: Knex.Transaction, id: string): Promise<void> {
  await ArtifactRow.query(tx)
    .where({ id })
    .patch({ deletedAt: raw('now()') as never, ...changedByPerson });
}

/** Sets a new version of the original, and forgets the variants of the one before. */
export async function setOriginal(
  tx: Knex.Transaction,
  id: string,
  original: Pick<ArtifactRow, 'kind' | 'status' | 'failure'> & {
    contentType: string;
    sizeBytes: number;
    sha256: string;
  },
): Promise<void> {
  const { contentType, sizeBytes, sha256, ...state } = original;
  await ArtifactRow.query(tx)
    .where({ id })
    .patch({
      ...state,
      originalVersion: raw('original_version + 1') as never,
      originalContentType: contentType,
      originalSizeBytes: sizeBytes,
      originalSha256: sha256,
      originalUploadedAt: raw('now()') as never,
      pictureWidthPx: null,
      pictureHeightPx: null,
      thumbhash: null,
      dominantColor: null,
      variantsExpected: 0,
      dropped: [],
      ...changedByPerson,
    });
  await VariantRow.query(tx).where({ artifactId: id }).delete();
}

export async function setInspection(tx: Knex.Transaction, id: string, inspection: Inspection): Promise<void> {
  const { widthPx, heightPx, placeholder, expectedVariants } = inspection;
  await ArtifactRow.query(tx).where({ id }).patch({
    pictureWidthPx: widthPx,
    pictureHeightPx: heightPx,
    thumbhash: placeholder.thumbhash,
    dominantColor: placeholder.dominantColor,
    variantsExpected: expectedVariants,
  });
}

/** Adds what is new of the batch; a format and width that stands already is left as it is. */
export async function addVariants(
  tx: Knex.Transaction,
  artifact: Pick<ArtifactRow, 'workspaceId' | 'id' | 'originalVersion' | 'dropped'>,
  { variants, dropped }: VariantBatch,
): Promise<void> {
  const { workspaceId, id, originalVersion } = artifact;
  if (variants.length > 0) {
    await VariantRow.query(tx)
      .insert(variants.map((variant) => ({ ...variant, workspaceId, artifactId: id, version: originalVersion })))
      .onConflict(['workspaceId', 'artifactId', 'version', 'format', 'widthPx'])
      .ignore()
      .returning('hash');
  }
  const news = dropped.filter(
    ({ format, widthPx }) => !artifact.dropped.some((old) => old.format === format && old.widthPx === widthPx),
  );
  if (news.length > 0)
    await ArtifactRow.query(tx)
      .where({ id })
      .patch({ dropped: [...artifact.dropped, ...news] });
}

export async function setOutcome(tx: Knex.Transaction, id: string, failure: GardenFailure | null): Promise<void> {
  await ArtifactRow.query(tx)
    .where({ id })
    .patch({ status: failure === null ? 'ready' : 'failed', failure });
}

export async function listVariants(
  tx: Knex.Transaction,
  artifact: { id: string; version: number },
): Promise<VariantRow[]> {
  return VariantRow.query(tx)
    .where({ artifactId: artifact.id, version: artifact.version })
    .orderBy('format', 'desc')
    .orderBy('widthPx');
}

export async function listDemoKeys(tx: Knex.Transaction): Promise<string[]> {
  const rows = await ArtifactRow.query(tx).whereNotNull('demoKey').select('demoKey').orderBy('demoKey').limit(10_000);
  return rows.flatMap(({ demoKey }) => (demoKey === null ? [] : [demoKey]));
}

/** How many artifacts the workspace has, deleted ones left out. */
export async function countArtifacts(tx: Knex.Transaction): Promise<number> {
  return ArtifactRow.query(tx).whereNull('deletedAt').resultSize();
}
