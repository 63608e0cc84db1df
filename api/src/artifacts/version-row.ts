import { Model } from 'objection';
import type { ArtifactKind } from '@hortus/contracts/artifact';

export class VersionRow extends Model {
  static override tableName = 'versions';
  static override idColumn = ['workspaceId', 'artifactId', 'version'];
}
export interface VersionRow {
  workspaceId: string;
  artifactId: string;
  version: number;
  kind: ArtifactKind;
  contentType: string;
  sizeBytes: number;
  sha256: string;
  userId: string | null;
  uploadedAt: string;
  isCurrent: boolean;
  /** As the artifact has these; of the version that is the original, its own. */
  pictureWidthPx: number | null;
  pictureHeightPx: number | null;
  thumbhash: string | null;
  dominantColor: string | null;
  thumbnails: { hash: string; widthPx: number }[] | null;
}
