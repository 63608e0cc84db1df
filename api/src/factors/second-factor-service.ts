import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { SecondFactor, SecondFactorAsked } from '@hortus/contracts/auth-api';
import { ProblemError } from '@hortus/service/problem';
import type { GuessGuard } from '../auth/guess-guard.ts';
import { openSession, type OpenSession, type Origin, type SessionDependencies } from '../auth/session-service.ts';
import { findUser, holdPassword } from '../auth/user-repo.ts';
import { withScope } from '../db/scope.ts';
import { useChallenge } from './challenge-repo.ts';
import type { Challenge, Challenges } from './challenge.ts';
import { findTotp, hasTotp, takeTotpStep, useRecoveryCode } from './factor-repo.ts';
import { hashRecoveryCode } from './recovery-code.ts';
import { unseal } from './seal.ts';
import { findTotpStep } from './totp.ts';

/*
 * Signing in with two factors:
 *
 *   password, or a provider ──▶ challenge (5 minutes) ──▶ code ──▶ session
 *
 * Nothing is opened before the code. A challenge ends with the password that it proves, and each of challenge, step of the
 * app and recovery code works once. Wrong codes are counted per person, wherever they come from: only who has the password
 * gets this far, so no stranger can make the person wait. While they are waited for, a recovery code still opens.
 */

export interface SecondFactorDependencies extends SessionDependencies {
  readonly guard: GuessGuard;
  readonly challenges: Challenges;
  readonly factorKey: Buffer;
}

/** In place of an address block, which keeps these counts apart from those of passwords. */
const GUESSES = 'second factor';

export function totpContext(userId: string): string {
  return `totp ${userId}`;
}

export function challengeInvalid(): ProblemError {
  return new ProblemError('CHALLENGE_INVALID', 'Begin again with the first step.');
}

/** Changes with the password, and tells nothing of it. */
export function passwordMark(passwordHash: string): string {
  return createHash('sha256').update(passwordHash).digest('base64url').slice(0, 22);
}

/** Opens a session for who has proven the first factor, or asks for the second. Needs the scope `userId`. */
export async function openOrAsk(
  tx: Knex.Transaction,
  dependencies: SecondFactorDependencies,
  proven: { readonly userId: string; readonly passwordMark: string | null },
  origin: Origin,
): Promise<OpenSession | SecondFactorAsked> {
  if (!(await hasTotp(tx, proven.userId))) return openSession(tx, dependencies, proven.userId, origin);
  return dependencies.challenges.issue('second factor', proven);
}

async function isRightCode(
  tx: Knex.Transaction,
  { factorKey }: SecondFactorDependencies,
  userId: string,
  digits: string,
): Promise<boolean> {
  const totp = await findTotp(tx, userId);
  if (totp === undefined || totp.confirmedAt === null) return false;
  const secret = unseal(factorKey, totpContext(userId), totp.sealedSecret);
  if (secret === null) throw new Error('the secret of an authenticator app was sealed by another HORTUS_SECRET_KEY');
  const step = findTotpStep(secret, digits, Date.now());
  return step !== null && takeTotpStep(tx, userId, step);
}

/** Counts a try before it is looked at, so that many at once are not one. @throws ProblemError RATE_LIMITED */
export async function countTry(
  guard: GuessGuard,
  userId: string,
  what: string,
  check: () => Promise<boolean>,
): Promise<boolean> {
  const closedForMs = guard.closedForMs(userId, what);
  if (closedForMs > 0) {
    const seconds = String(Math.ceil(closedForMs / 1000));
    throw new ProblemError('RATE_LIMITED', `It was wrong too often. Try again in ${seconds} seconds.`);
  }
  guard.noteWrong(userId, what);
  const isRight = await check();
  if (isRight) guard.noteRight(userId, what);
  return isRight;
}

/**
 * Takes a code of the app or a recovery code of the person. Needs the scope `userId`.
 *
 * @throws ProblemError CODE_WRONG, RATE_LIMITED
 */
export async function takeCode(
  tx: Knex.Transaction,
  dependencies: SecondFactorDependencies,
  userId: string,
  code: string,
): Promise<void> {
  const digits = code.replaceAll(/\s/g, '');
  const isRight = /^\d{6}$/.test(digits)
    ? await countTry(dependencies.guard, userId, GUESSES, () => isRightCode(tx, dependencies, userId, digits))
    : await isRightRecoveryCode(tx, userId, code);
  if (!isRight)
    throw new ProblemError('CODE_WRONG', 'Wait for the next code of the app, or use another recovery code.');
}

async function isRightRecoveryCode(tx: Knex.Transaction, userId: string, code: string): Promise<boolean> {
  const sha256 = hashRecoveryCode(code);
  return sha256 !== null && useRecoveryCode(tx, userId, sha256);
}

/** Whether the password is still the one that the challenge proves; it stays it until the transaction ends. */
async function isStillProven(
  tx: Knex.Transaction,
  { claims }: Challenge<{ userId: string; passwordMark: string | null }>,
): Promise<boolean> {
  if (claims.passwordMark === null) return true;
  const user = await findUser(tx, claims.userId);
  if (user === undefined || passwordMark(user.passwordHash) !== claims.passwordMark) return false;
  return holdPassword(tx, user);
}

/** @throws ProblemError CHALLENGE_INVALID, CODE_WRONG, RATE_LIMITED */
export async function finishSignIn(
  dependencies: SecondFactorDependencies,
  { challenge: text, code }: SecondFactor,
  origin: Origin,
): Promise<OpenSession> {
  const challenge = dependencies.challenges.read('second factor', text);
  if (challenge === null) throw challengeInvalid();
  const { userId } = challenge.claims;
  return withScope(dependencies.knex, { userId }, async (tx) => {
    if (!(await isStillProven(tx, challenge))) throw challengeInvalid();
    await takeCode(tx, dependencies, userId, code);
    if (!(await useChallenge(tx, userId, challenge))) throw challengeInvalid();
    return openSession(tx, dependencies, userId, origin);
  });
}
