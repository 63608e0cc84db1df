import { variantFileName } from './delivery-api.ts';
import type { VariantFormat } from './artifact.ts';

/** Where an original lies in the object store: by its content, so that the same bytes in a workspace are stored once. */
export function originalKey(workspaceId: string, sha256: string): string {
  return `${workspaceId}/originals/${sha256}`;
}

/** Where a variant lies in the object store. */
export function variantKey(
  workspaceId: string,
  variant: { hash: string; widthPx: number; format: VariantFormat },
): string {
  return `${workspaceId}/variants/${variantFileName(variant)}`;
}
