import { Model } from 'objection';

export class UserRow extends Model {
  static override tableName = 'users';
}
export interface UserRow {
  id: string;
  email: string;
  displayName: string;
  passwordHash: string;
  isDemo: boolean;
  isInstanceAdmin: boolean;
}
