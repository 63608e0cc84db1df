import type { Artifact, Manifest } from '@hortus/contracts/artifact';
import { variantFileName } from '@hortus/contracts/delivery-api';
import { gardenWorkflowId } from '@hortus/contracts/gardener';
import type { Receipt } from '@hortus/contracts/receipt-api';
import type { TrashedArtifact } from '@hortus/contracts/trash-api';
import type { Version } from '@hortus/contracts/version-api';
import type { AddressSigner } from '../delivery/address-signer.ts';
import type { ArtifactFields } from './artifact-row.ts';
import type { VariantRow } from './variant-row.ts';
import type { VersionRow } from './version-row.ts';

/** Rows become what the contract shows: addresses are signed here, and nowhere else. */
export interface ArtifactPresenter {
  artifact(row: ArtifactFields): Artifact;
  /** @param keptDays how long the trash keeps it */
  trashed(row: ArtifactFields, keptDays: number): TrashedArtifact;
  version(row: VersionRow): Version;
  manifest(row: ArtifactFields, variants: readonly VariantRow[]): Manifest;
  receipt(row: ArtifactFields, variants: readonly VariantRow[]): Receipt;
}

/** What is known of a picture, of the artifact as it is or of one of its versions. */
type Pictured = Pick<
  ArtifactFields,
  'workspaceId' | 'pictureWidthPx' | 'pictureHeightPx' | 'thumbhash' | 'dominantColor' | 'thumbnails'
>;

const DAY_MS = 24 * 60 * 60 * 1000;

export interface TemporalPage {
  /** Address of Temporal's page; no links are given without it. */
  readonly url: string | undefined;
  readonly namespace: string;
}

/** What all variants together have cost, and what a visitor saves by them. */
function sumReceipt(
  originalSizeBytes: number,
  variants: readonly VariantRow[],
): Pick<Receipt, 'encodings' | 'encodeMs' | 'savedBytes'> {
  const widestPx = Math.max(...variants.map(({ widthPx }) => widthPx));
  const widest = variants.filter(({ widthPx }) => widthPx === widestPx).map(({ sizeBytes }) => sizeBytes);
  return {
    encodings: variants.reduce((sum, { tries }) => sum + Math.max(1, tries.length), 0),
    encodeMs: variants.reduce((sum, { encodeMs }) => sum + encodeMs, 0),
    savedBytes: widest.length === 0 ? null : originalSizeBytes - Math.min(...widest),
  };
}

export function createArtifactPresenter(signer: AddressSigner, temporalPage: TemporalPage): ArtifactPresenter {
  function addressOf(workspaceId: string, variant: Pick<VariantRow, 'hash' | 'widthPx' | 'format'>): string {
    return signer.sign(`/assets/${workspaceId}/${variantFileName(variant)}`);
  }

  function srcset(entries: readonly { url: string; widthPx: number }[]): string {
    return entries.map(({ url, widthPx }) => `${url} ${String(widthPx)}w`).join(', ');
  }

  function placeholderOf(row: Pictured): Manifest['placeholder'] {
    const { thumbhash, dominantColor } = row;
    return thumbhash === null || dominantColor === null ? null : { thumbhash, dominantColor };
  }

  function pictureOf(row: Pictured): Artifact['picture'] {
    const placeholder = placeholderOf(row);
    if (row.pictureWidthPx === null || row.pictureHeightPx === null || placeholder === null) return null;
    const entries = (row.thumbnails ?? []).map(({ hash, widthPx }) => ({
      url: addressOf(row.workspaceId, { hash, widthPx, format: 'webp' }),
      widthPx,
    }));
    const smallest = entries[0];
    return {
      widthPx: row.pictureWidthPx,
      heightPx: row.pictureHeightPx,
      placeholder,
      thumbnail: smallest === undefined ? null : { src: smallest.url, srcset: srcset(entries) },
    };
  }

  function originalOf(row: ArtifactFields): Artifact['original'] {
    const { originalContentType, originalSizeBytes, originalSha256, originalUploadedAt } = row;
    if (
      originalContentType === null ||
      originalSizeBytes === null ||
      originalSha256 === null ||
      originalUploadedAt === null
    ) {
      return null;
    }
    return {
      version: row.originalVersion,
      contentType: originalContentType,
      sizeBytes: originalSizeBytes,
      sha256: originalSha256,
      uploadedAt: originalUploadedAt,
    };
  }

  function runUrl(row: ArtifactFields): string | null {
    if (temporalPage.url === undefined || row.kind !== 'picture') return null;
    const { workspaceId, id: artifactId, originalVersion: version } = row;
    const id = encodeURIComponent(gardenWorkflowId({ workspaceId, artifactId, version }));
    return `${temporalPage.url}/namespaces/${encodeURIComponent(temporalPage.namespace)}/workflows/${id}`;
  }

  function presentArtifact(row: ArtifactFields): Artifact {
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      tags: row.tags,
      metadata: row.metadata,
      kind: row.kind,
      status: row.status,
      failure: row.failure,
      original: originalOf(row),
      picture: pictureOf(row),
      revision: row.revision,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    };
  }

  return {
    artifact: presentArtifact,
    trashed(row, keptDays) {
      const deletedAt = row.deletedAt ?? row.updatedAt;
      const keptUntil = new Date(Date.parse(deletedAt) + keptDays * DAY_MS).toISOString();
      return { ...presentArtifact(row), deletedAt, keptUntil };
    },
    version: (row) => ({
      version: row.version,
      contentType: row.contentType,
      sizeBytes: row.sizeBytes,
      sha256: row.sha256,
      uploadedAt: row.uploadedAt,
      isCurrent: row.isCurrent,
      uploadedBy: row.userId,
      kind: row.kind,
      picture: pictureOf(row),
    }),
    manifest(row, variants) {
      const presented = variants.map((variant) => ({
        format: variant.format,
        widthPx: variant.widthPx,
        heightPx: variant.heightPx,
        sizeBytes: variant.sizeBytes,
        quality: variant.quality,
        score: variant.score,
        url: addressOf(row.workspaceId, variant),
      }));
      const byFormat = Object.groupBy(presented, ({ format }) => format);
      return {
        artifactId: row.id,
        version: row.originalVersion,
        status: row.status,
        failure: row.failure,
        widthPx: row.pictureWidthPx,
        heightPx: row.pictureHeightPx,
        originalSizeBytes: row.originalSizeBytes ?? 0,
        placeholder: placeholderOf(row),
        variants: presented,
        srcsets: Object.fromEntries(Object.entries(byFormat).map(([format, entries]) => [format, srcset(entries)])),
        dropped: row.dropped,
        expected: row.variantsExpected,
        runUrl: runUrl(row),
      };
    },
    receipt: (row, variants) => ({
      artifactId: row.id,
      version: row.originalVersion,
      originalSizeBytes: row.originalSizeBytes ?? 0,
      lines: variants.map(({ format, widthPx, sizeBytes, quality, score, encodeMs, tries }) => {
        return { format, widthPx, sizeBytes, quality, score, encodeMs, tries };
      }),
      dropped: row.dropped,
      ...sumReceipt(row.originalSizeBytes ?? 0, variants),
    }),
  };
}
