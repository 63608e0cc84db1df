import { Model } from 'objection';

export class TotpSecretRow extends Model {
  static override tableName = 'totp_secrets';
  static override idColumn = 'userId';
}
export interface TotpSecretRow {
  userId: string;
  sealedSecret: Buffer;
  lastStep: number;
  createdAt: string;
  confirmedAt: string | null;
}

export class RecoveryCodeRow extends Model {
  static override tableName = 'recovery_codes';
  static override idColumn = ['userId', 'sha256'];
}
export interface RecoveryCodeRow {
  userId: string;
  sha256: string;
  usedAt: string | null;
}
