import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { withScope } from '../db/scope.ts';
import { normalizeEmail } from './email.ts';
import { voidLinksOfUser } from './link-repo.ts';
import type { PasswordHasher } from './password.ts';
import { assertUncommon, type PasswordCheck } from './password-policy.ts';
import { endSessions } from './session-repo.ts';
import { findUserByEmail, insertUserIfFree, setInstanceAdmin, setPassword } from './user-repo.ts';

/* What whoever runs the instance does for people, without a mail and without their password. Addresses must have the form of one. */

export interface PersonDependencies {
  readonly knex: Knex;
  readonly hasher: PasswordHasher;
  readonly isTooCommon: PasswordCheck;
}

/**
 * @returns whether nobody had the address
 * @throws ProblemError PASSWORD_TOO_COMMON
 */
export async function createPerson(
  { knex, hasher, isTooCommon }: PersonDependencies,
  person: { email: string; displayName: string; password: string },
): Promise<boolean> {
  const email = normalizeEmail(person.email);
  assertUncommon(isTooCommon, person.password, email);
  const passwordHash = await hasher.hash(person.password);
  const id = randomUUID();
  const { displayName } = person;
  return withScope(knex, { userId: id }, (tx) => insertUserIfFree(tx, { id, email, displayName, passwordHash }));
}

async function findId(knex: Knex, given: string): Promise<string | undefined> {
  const email = normalizeEmail(given);
  return (await withScope(knex, { email }, (tx) => findUserByEmail(tx, email)))?.id;
}

/**
 * Ends all sessions and links of the person as well.
 *
 * @returns whether somebody has the address
 * @throws ProblemError PASSWORD_TOO_COMMON
 */
export async function setPasswordOf(
  { knex, hasher, isTooCommon }: PersonDependencies,
  { email, password }: { email: string; password: string },
): Promise<boolean> {
  assertUncommon(isTooCommon, password, normalizeEmail(email));
  const userId = await findId(knex, email);
  if (userId === undefined) return false;
  const passwordHash = await hasher.hash(password);
  await withScope(knex, { userId }, async (tx) => {
    await setPassword(tx, userId, passwordHash);
    await endSessions(tx, userId, null);
    await voidLinksOfUser(tx, userId);
  });
  return true;
}

/** @returns whether somebody has the address */
export async function makeInstanceAdmin(
  { knex }: Pick<PersonDependencies, 'knex'>,
  { email, isInstanceAdmin }: { email: string; isInstanceAdmin: boolean },
): Promise<boolean> {
  const userId = await findId(knex, email);
  if (userId === undefined) return false;
  await withScope(knex, { userId }, (tx) => setInstanceAdmin(tx, userId, isInstanceAdmin));
  return true;
}
