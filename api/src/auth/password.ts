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

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes as long for `null` (nobody has the address) as for a hash, so the time tells nothing. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

export function createPasswordHasher(): PasswordHasher {
  const limit = pLimit(CONCURRENCY_MAX);
  let nobody: Promise<string> | undefined;
  const hash = (password: string) => limit(() => bcrypt.hash(prehash(password), COST));
  return {
    hash,
    async verify(password, known) {
      nobody ??= hash('nobody has this password');
      const against = known ?? (await nobody);
      const matches = await limit(() => bcrypt.compare(prehash(password), against));
      return matches && known !== null;
    },
  };
}
