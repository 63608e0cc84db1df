import { Model } from 'objection';

export class IdentityRow extends Model {
  static override tableName = 'openid_identities';
}
export interface IdentityRow {
  id: string;
  userId: string;
  issuer: string;
  subject: string;
  createdAt: string;
  lastUsedAt: string;
}
