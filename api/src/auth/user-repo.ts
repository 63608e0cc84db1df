import type { Knex } from 'knex';
import type { Person } from '@hortus/contracts/auth-api';
import { ConstraintViolationError } from 'objection';
import { UserRow } from './user-row.ts';

/** Needs the scope `email`. */
export async function findUserByEmail(tx: Knex.Transaction, email: string): Promise<UserRow | undefined> {
  return UserRow.query(tx).findOne({ email });
}

/** Needs the scope `userId`. */
export async function findPerson(tx: Knex.Transaction, userId: string): Promise<Person | undefined> {
  return UserRow.query(tx).findById(userId).select('id', 'email', 'displayName');
}

/** With the hash of the password. Needs the scope `userId`. */
export async function findUser(tx: Knex.Transaction, userId: string): Promise<UserRow | undefined> {
  return UserRow.query(tx).findById(userId);
}

/** Needs the scope `userId`, which is the id of the new person. */
export async function insertUser(
  tx: Knex.Transaction,
  user: { id: string; email: string; displayName: string; passwordHash: string; isDemo: boolean },
): Promise<void> {
  await UserRow.query(tx).insert(user);
}

/** Whether nobody had the address. Needs the scope `userId`, which is the id of the new person. */
export async function insertUserIfFree(
  tx: Knex.Transaction,
  user: { id: string; email: string; displayName: string; passwordHash: string },
): Promise<boolean> {
  // Without naming what may conflict: then PostgreSQL asks for no policy that shows the row in the way.
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `insert into users (id, email, display_name, password_hash) values (:id, :email, :displayName, :passwordHash)
     on conflict do nothing`,
    user,
  );
  return rowCount > 0;
}

/** Needs the scope `userId`. */
export async function setPassword(tx: Knex.Transaction, userId: string, passwordHash: string): Promise<void> {
  await UserRow.query(tx).findById(userId).patch({ passwordHash });
}

/** Whether nobody else had the address; if somebody has, the transaction can only be rolled back. Needs the scope `userId`. */
export async function setEmail(tx: Knex.Transaction, userId: string, email: string): Promise<boolean> {
  try {
    await UserRow.query(tx).findById(userId).patch({ email });
    return true;
  } catch (error) {
    // No finer: row-level security hides the row in the way, and with it what objection tells a unique constraint by.
    if (error instanceof ConstraintViolationError) return false;
    throw error;
  }
}

/** Needs the scope `userId`. */
export async function setInstanceAdmin(tx: Knex.Transaction, userId: string, isInstanceAdmin: boolean): Promise<void> {
  await UserRow.query(tx).findById(userId).patch({ isInstanceAdmin });
}

/** Needs the scope `userId`. */
export async function setDisplayName(tx: Knex.Transaction, userId: string, displayName: string): Promise<void> {
  await UserRow.query(tx).findById(userId).patch({ displayName });
}

/**
 * Whether the password is still the one that was checked, and stays it until the transaction ends. Needs the scope `userId`.
 */
export async function holdPassword(
  tx: Knex.Transaction,
  { id, passwordHash }: { id: string; passwordHash: string },
): Promise<boolean> {
  return (await UserRow.query(tx).findOne({ id, passwordHash }).select('id').forShare()) !== undefined;
}

/** Whether the password was still the one that was checked, and is the new one now. Needs the scope `userId`. */
export async function replacePassword(
  tx: Knex.Transaction,
  { id, from, to }: { id: string; from: string; to: string },
): Promise<boolean> {
  return (await UserRow.query(tx).where({ id, passwordHash: from }).patch({ passwordHash: to })) > 0;
}

/** Needs the scope `userId`. */
export async function deleteUser(tx: Knex.Transaction, userId: string): Promise<void> {
  await UserRow.query(tx).deleteById(userId);
}
