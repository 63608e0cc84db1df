import type { Knex } from 'knex';
import { ProblemError } from '@hortus/service/problem';
import type { GuessGuard } from '../auth/guess-guard.ts';
import type { PasswordHasher } from '../auth/password.ts';
import { findUser } from '../auth/user-repo.ts';
import { withScope } from '../db/scope.ts';
import { countTry } from './second-factor-service.ts';

const GUESSES = 'password within a session';

/**
 * Asks for the password before something that outlives a session (OWASP ASVS 5.0, 7.5.1): whoever has found an open browser
 * must not make themselves a way in. Answers the person's e-mail address.
 *
 * @throws ProblemError PASSWORD_WRONG, RATE_LIMITED
 */
export async function provePassword(
  { knex, hasher, guard }: { knex: Knex; hasher: PasswordHasher; guard: GuessGuard },
  userId: string,
  password: string,
): Promise<string> {
  const user = await withScope(knex, { userId }, (tx) => findUser(tx, userId));
  if (user === undefined) throw new ProblemError('SESSION_ENDED', 'The account no longer exists.');
  if (!(await countTry(guard, userId, GUESSES, () => hasher.verify(password, user.passwordHash)))) {
    throw new ProblemError('PASSWORD_WRONG', 'Give the password that you have now.');
  }
  return user.email;
}
