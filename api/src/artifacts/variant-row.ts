import { Model } from 'objection';
import type { NewVariant } from '@hortus/contracts/internal-api';

/** Variants up to this width are what lists show. */
export const THUMBNAIL_WIDTH_MAX_PX = 960;

export class VariantRow extends Model {
  static override tableName = 'variants';
  static override idColumn = ['workspaceId', 'artifactId', 'version', 'format', 'widthPx'];
  static override jsonAttributes = ['tries'];
}
export interface VariantRow extends Required<NewVariant> {
  workspaceId: string;
  artifactId: string;
  version: number;
}
