import type { BothFactors, Factors, RecoveryCodes, TotpSetup } from '@hortus/contracts/factor-api';
import { ProblemError } from '@hortus/service/problem';
import type { AccessClaims } from '../auth/access-token.ts';
import type { PasswordHasher } from '../auth/password.ts';
import { endSessions } from '../auth/session-repo.ts';
import { withScope } from '../db/scope.ts';
import {
  confirmTotpSecret,
  deleteTotp,
  findTotp,
  hasTotp,
  keepTotpSecret,
  readFactors,
  replaceRecoveryCodes,
} from './factor-repo.ts';
import { provePassword } from './password-proof.ts';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-code.ts';
import { seal, unseal } from './seal.ts';
import { countTry, takeCode, totpContext, type SecondFactorDependencies } from './second-factor-service.ts';
import { findTotpStep, makeTotpSecret } from './totp.ts';

export interface FactorDependencies extends SecondFactorDependencies {
  readonly hasher: PasswordHasher;
}

const SETUP_GUESSES = 'first code';

function totpOff(): ProblemError {
  return new ProblemError('TOTP_OFF', 'Set an authenticator app up first.');
}

function alreadyOn(): ProblemError {
  return new ProblemError('TOTP_ALREADY_ON', 'Disable the one before to set up another one.');
}

export async function getFactors({ knex }: FactorDependencies, userId: string): Promise<Factors> {
  return withScope(knex, { userId }, (tx) => readFactors(tx, userId));
}

/** @throws ProblemError PASSWORD_WRONG, RATE_LIMITED, TOTP_ALREADY_ON */
export async function setUpTotp(
  dependencies: FactorDependencies,
  userId: string,
  password: string,
): Promise<TotpSetup> {
  const email = await provePassword(dependencies, userId, password);
  const { bytes, text, uri } = makeTotpSecret(email);
  const sealed = seal(dependencies.factorKey, totpContext(userId), bytes);
  const isKept = await withScope(dependencies.knex, { userId }, (tx) => keepTotpSecret(tx, userId, sealed));
  if (!isKept) throw alreadyOn();
  return { secret: text, uri };
}

/**
 * Puts the authenticator app in force and ends all other sessions, which were opened without it.
 *
 * @throws ProblemError TOTP_OFF, TOTP_ALREADY_ON, CODE_WRONG, RATE_LIMITED
 */
export async function confirmTotp(
  { knex, guard, factorKey }: FactorDependencies,
  { userId, sessionId }: AccessClaims,
  code: string,
): Promise<RecoveryCodes> {
  return withScope(knex, { userId }, async (tx) => {
    const totp = await findTotp(tx, userId);
    if (totp === undefined) throw totpOff();
    if (totp.confirmedAt !== null) throw alreadyOn();
    const secret = unseal(factorKey, totpContext(userId), totp.sealedSecret);
    const isRight = await countTry(guard, userId, SETUP_GUESSES, async () => {
      const step = secret === null ? null : findTotpStep(secret, code, Date.now());
      return step !== null && confirmTotpSecret(tx, totp, step);
    });
    if (!isRight)
      throw new ProblemError('CODE_WRONG', 'Check that the clock of the phone is right, and give the next code.');
    const recoveryCodes = makeRecoveryCodes();
    await replaceRecoveryCodes(tx, userId, hashAll(recoveryCodes));
    await endSessions(tx, userId, sessionId);
    return { recoveryCodes };
  });
}

/** @throws ProblemError PASSWORD_WRONG, CODE_WRONG, RATE_LIMITED, TOTP_OFF */
export async function disableTotp(
  dependencies: FactorDependencies,
  userId: string,
  { password, code }: BothFactors,
): Promise<void> {
  await provePassword(dependencies, userId, password);
  await withScope(dependencies.knex, { userId }, async (tx) => {
    if (!(await hasTotp(tx, userId))) throw totpOff();
    await takeCode(tx, dependencies, userId, code);
    await deleteTotp(tx, userId);
  });
}

/** @throws ProblemError PASSWORD_WRONG, CODE_WRONG, RATE_LIMITED, TOTP_OFF */
export async function renewRecoveryCodes(
  dependencies: FactorDependencies,
  userId: string,
  { password, code }: BothFactors,
): Promise<RecoveryCodes> {
  await provePassword(dependencies, userId, password);
  return withScope(dependencies.knex, { userId }, async (tx) => {
    if (!(await hasTotp(tx, userId))) throw totpOff();
    await takeCode(tx, dependencies, userId, code);
    const recoveryCodes = makeRecoveryCodes();
    await replaceRecoveryCodes(tx, userId, hashAll(recoveryCodes));
    return { recoveryCodes };
  });
}

function hashAll(codes: readonly string[]): string[] {
  return codes.map((code) => hashRecoveryCode(code)).filter((hash) => hash !== null);
}
