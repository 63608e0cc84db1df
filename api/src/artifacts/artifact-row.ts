import { Model } from 'objection';
import type {
  ArtifactKind,
  ArtifactStatus,
  DroppedVariant,
  GardenFailure,
  NewArtifact,
} from '@hortus/contracts/artifact';

export class ArtifactRow extends Model {
  static override tableName = 'artifacts';
  static override idColumn = ['workspaceId', 'id'];
  static override jsonAttributes = ['metadata', 'failure', 'dropped'];
}
/** What a row says, without the class around it. */
export interface ArtifactFields extends Required<NewArtifact> {
  workspaceId: string;
  id: string;
  kind: ArtifactKind | null;
  status: ArtifactStatus;
  failure: GardenFailure | null;
  originalVersion: number;
  originalContentType: string | null;
  originalSizeBytes: number | null;
  originalSha256: string | null;
  originalUploadedAt: string | null;
  pictureWidthPx: number | null;
  pictureHeightPx: number | null;
  thumbhash: string | null;
  dominantColor: string | null;
  variantsExpected: number;
  dropped: DroppedVariant[];
  revision: number;
  demoKey: string | null;
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
  /** The small variants of the first format, by width; only where the query asks for them. */
  thumbnails?: { hash: string; widthPx: number }[] | null;
}
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- it gives the class its fields
export interface ArtifactRow extends ArtifactFields {}
