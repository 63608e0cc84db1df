import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import pLimit from 'p-limit';
import { ProblemError } from '@hortus/service/problem';

const COST = 12;
/** bcrypt runs on the thread pool, which files need as well: a burst of sign-ins may take half of its four threads. */
const CONCURRENCY_MAX = 2;
/** Who stands behind these would wait longer than anybody waits to sign in. */
export const WAITING_MAX = 100;

/** bcrypt drops what follows byte 72, so it is given a hash of 64 characters instead of the password. */
function prehash(password: string): string {
  return createHash('sha384').update(password, 'utf8').digest('base64');
}

/** Has the form and the cost of a hash, and no password has it. */
function nobodysHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
}

/** The hash of somebody who signs in in another way. */
export const NO_PASSWORD = nobodysHash(COST);

/** Both throw ProblemError UNAVAILABLE when too many wait already: a burst costs bounded memory, and is told so. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes as long for `null` (nobody has the address) as for a hash, so the time tells nothing. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

/** @param cost of bcrypt: each step doubles the work. Less than the default is for tests, which are not about strength. */
export function createPasswordHasher(cost = COST): PasswordHasher {
  const limit = pLimit(CONCURRENCY_MAX);
  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (limit.pendingCount >= WAITING_MAX) {
      throw new ProblemError('UNAVAILABLE', 'Too many people sign in at this moment. Try again in a few seconds.');
    }
    return limit(work);
  }
  return {
    hash: (password) => inTurn(() => bcrypt.hash(prehash(password), cost)),
    async verify(password, known) {
      const matches = await inTurn(() => bcrypt.compare(prehash(password), known ?? nobodysHash(cost)));
      return matches && known !== null;
    },
  };
}
