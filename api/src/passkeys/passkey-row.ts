import { Model } from 'objection';

export class PasskeyRow extends Model {
  static override tableName = 'passkeys';
}
export interface PasskeyRow {
  id: string;
  userId: string;
  credentialId: string;
  publicKey: Buffer;
  counter: number;
  transports: string[];
  name: string;
  isSynced: boolean;
  createdAt: string;
  lastUsedAt: string | null;
}
