import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import pLimit from 'p-limit';

const COST = 12;
/** bcrypt runs on the thread pool, which files need as well: a burst of sign-ins may take half of its four threads. */
const CONCURRENCY_MAX = 2;

/** bcrypt drops what follows byte 72, so it is given a hash of 64 characters instead of the password. */
function prehash(password: string): string {
  return createHash('sha384').update(password, 'utf8').digest('base64');
}

/** Has the form and the cost of a hash, and no password has it. */
const NOBODY = `$2b$${String(COST)}$${'.'.repeat(53)}`;

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes as long for `null` (nobody has the address) as for a hash, so the time tells nothing. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

export function createPasswordHasher(): PasswordHasher {
  const limit = pLimit(CONCURRENCY_MAX);
  return {
    hash: (password) => limit(() => bcrypt.hash(prehash(password), COST)),
    async verify(password, known) {
      const matches = await limit(() => bcrypt.compare(prehash(password), known ?? NOBODY));
      return matches && known !== null;
    },
  };
}
