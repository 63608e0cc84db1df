import type { Knex } from 'knex';
import type { GardenFailure } from '@hortus/contracts/artifact';
import type { Inspection, VariantBatch } from '@hortus/contracts/internal-api';
import { ArtifactRow } from './artifact-row.ts';
import { VariantRow } from './variant-row.ts';

/* What the gardener records, and what is asked of it. Everything here needs the scope `workspaceId`. */

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

/** The variants of the originals that the artifacts have now. */
export async function listVariantsOf(tx: Knex.Transaction, artifactIds: readonly string[]): Promise<VariantRow[]> {
  return VariantRow.query(tx)
    .select('variants.*')
    .join('artifacts as a', (on) => {
      on.on('a.workspaceId', 'variants.workspaceId').andOn('a.id', 'variants.artifactId');
      on.andOn('a.originalVersion', 'variants.version');
    })
    .whereRaw('a.id = any(?::uuid[])', [artifactIds as string[]])
    .orderBy('format', 'desc')
    .orderBy('variants.widthPx');
}
