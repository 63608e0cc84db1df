import { Model } from 'objection';

export class SessionRow extends Model {
  static override tableName = 'sessions';
}
export interface SessionRow {
  id: string;
  userId: string;
  counter: number;
  userAgent: string;
  addressBlock: string;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
  endedAt: string | null;
}
