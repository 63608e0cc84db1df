import { Model } from 'objection';

export class ShareRow extends Model {
  static override tableName = 'shares';
  static override idColumn = ['workspaceId', 'id'];
}
export interface ShareRow {
  workspaceId: string;
  id: string;
  userId: string;
  sha256: string;
  withOriginals: boolean;
  createdAt: string;
  expiresAt: string;
  /** In the order in which they are shown; those in the trash included. */
  artifactIds: string[];
}
