import type { Manifest, VariantFormat } from '@hortus/contracts/artifact';

export type VariantCell =
  | { readonly state: 'made'; readonly sizeBytes: number; readonly url: string }
  | { readonly state: 'dropped'; readonly sizeBytes: number; readonly reason: string }
  | { readonly state: 'awaited' }
  | { readonly state: 'absent' };

export interface VariantRow {
  readonly widthPx: number;
  readonly cells: Readonly<Partial<Record<VariantFormat, VariantCell>>>;
}

/** The formats that have a column: WebP and AVIF, and what there is besides. */
export function variantFormats(manifest: Manifest): VariantFormat[] {
  return [...new Set<VariantFormat>(['webp', 'avif', ...manifest.variants.map(({ format }) => format)])];
}

/** The variants as a table, width by format. What has not come is `awaited` while the gardener is at work. */
export function variantRows(manifest: Manifest): VariantRow[] {
  const widths = new Set([...manifest.variants, ...manifest.dropped].map(({ widthPx }) => widthPx));
  return [...widths]
    .sort((a, b) => a - b)
    .map((widthPx) => ({
      widthPx,
      cells: Object.fromEntries(variantFormats(manifest).map((format) => [format, cell(manifest, format, widthPx)])),
    }));
}

function cell(manifest: Manifest, format: VariantFormat, widthPx: number): VariantCell {
  const made = manifest.variants.find((variant) => variant.format === format && variant.widthPx === widthPx);
  if (made !== undefined) return { state: 'made', sizeBytes: made.sizeBytes, url: made.url };
  const dropped = manifest.dropped.find((variant) => variant.format === format && variant.widthPx === widthPx);
  if (dropped !== undefined) return { state: 'dropped', sizeBytes: dropped.sizeBytes, reason: dropped.reason };
  // The fallback is made at one width only.
  const isAwaited = manifest.status === 'gardening' && (format === 'webp' || format === 'avif');
  return { state: isAwaited ? 'awaited' : 'absent' };
}

/** How far the gardener is. `total` is 0 until it is known. */
export function gardenProgress(manifest: Manifest): { readonly done: number; readonly total: number } {
  return { done: manifest.variants.length + manifest.dropped.length, total: manifest.expected };
}

/** Saved share of the original's bytes in whole percent; null where the variant is not smaller. */
export function savedPercent(originalSizeBytes: number, shownSizeBytes: number): number | null {
  if (originalSizeBytes <= 0 || shownSizeBytes >= originalSizeBytes) return null;
  return Math.min(99, Math.round((1 - shownSizeBytes / originalSizeBytes) * 100));
}
