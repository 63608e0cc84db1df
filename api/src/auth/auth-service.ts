import type { Credentials, SecondFactorAsked } from '@hortus/contracts/auth-api';
import { ProblemError } from '@hortus/service/problem';
import { withScope } from '../db/scope.ts';
import { openOrAsk, passwordMark, type SecondFactorDependencies } from '../factors/second-factor-service.ts';
import { normalizeEmail } from './email.ts';
import { addressBlock, decideSignIn } from './guess-policy.ts';
import type { PasswordHasher } from './password.ts';
import { hasSignedInFrom } from './session-repo.ts';
import type { OpenSession, Origin } from './session-service.ts';
import { findUserByEmail, holdPassword } from './user-repo.ts';

export interface AuthDependencies extends SecondFactorDependencies {
  readonly hasher: PasswordHasher;
}

function wrongCredentials(): ProblemError {
  return new ProblemError('CREDENTIALS_WRONG', 'Check the address and the password, then try again.');
}

/**
 * Opens a session, or asks for the second factor of a person who has one. How guesses are slowed stands in `guess-policy.ts`.
 *
 * @throws ProblemError CREDENTIALS_WRONG or RATE_LIMITED, each the same and after as much work whether or not the address is
 *   known
 */
export async function signIn(
  dependencies: AuthDependencies,
  credentials: Credentials,
  origin: Origin,
): Promise<OpenSession | SecondFactorAsked> {
  const { knex, hasher, guard } = dependencies;
  const email = normalizeEmail(credentials.email);
  const block = addressBlock(origin.address);
  const user = await withScope(knex, { email }, (tx) => findUserByEmail(tx, email));
  const isRight = await hasher.verify(credentials.password, user?.passwordHash ?? null);
  const closedForMs = guard.closedForMs(email, block);
  const isKnownBlock =
    isRight &&
    closedForMs > 0 &&
    user !== undefined &&
    (await withScope(knex, { userId: user.id }, (tx) => hasSignedInFrom(tx, { userId: user.id, addressBlock: block })));
  const decision = decideSignIn({ isRight, isKnownBlock, closedForMs });
  if (decision === 'wait') {
    const seconds = Math.ceil(closedForMs / 1000);
    throw new ProblemError(
      'RATE_LIMITED',
      `The password was wrong too often. Try again in ${String(seconds)} seconds.`,
    );
  }
  if (user === undefined || decision === 'wrong') {
    guard.noteWrong(email, block);
    throw wrongCredentials();
  }
  guard.noteRight(email, block);
  return withScope(knex, { userId: user.id }, async (tx) => {
    // A change of the password ends all other sessions; one that is opened by the old password must not slip past it.
    if (!(await holdPassword(tx, user))) throw wrongCredentials();
    return openOrAsk(tx, dependencies, { userId: user.id, passwordMark: passwordMark(user.passwordHash) }, origin);
  });
}
