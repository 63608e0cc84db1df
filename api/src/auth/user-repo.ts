import type { Knex } from 'knex';
import type { Person } from '@hortus/contracts/auth-api';
import { UserRow } from './user-row.ts';

/** Needs the scope `email`. */
export async function findUserByEmail(tx: Knex.Transaction, email: string): Promise<UserRow | undefined> {
  return UserRow.query(tx).findOne({ email });
}

/** Needs the scope `userId`. */
export async function findPerson(tx: Knex.Transaction, userId: string): Promise<Person | undefined> {
  return UserRow.query(tx).findById(userId).select('id', 'email', 'displayName');
}

/** Needs the scope `userId`, which is the id of the new person. */
export async function insertUser(
  tx: Knex.Transaction,
  user: { id: string; email: string; displayName: string; passwordHash: string; isDemo: boolean },
): Promise<void> {
  await UserRow.query(tx).insert(user);
}

/** Needs the scope `userId`. */
export async function deleteUser(tx: Knex.Transaction, userId: string): Promise<void> {
  await UserRow.query(tx).deleteById(userId);
}
