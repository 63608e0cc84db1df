import { Model } from 'objection';
import type { TokenScope } from '@hortus/contracts/token-api';

export class ApiTokenRow extends Model {
  static override tableName = 'api_tokens';
  static override idColumn = ['workspaceId', 'id'];
}
export interface ApiTokenRow {
  workspaceId: string;
  id: string;
  userId: string;
  name: string;
  scopes: TokenScope[];
  prefix: string;
  sha256: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}
