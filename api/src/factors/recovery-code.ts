import { createHash, randomInt } from 'node:crypto';

/*
 * Ten codes for the day on which the phone is gone. Sixteen characters of 32 are 80 random bits, so a plain SHA-256 keeps
 * them: nobody guesses that many, and no salt or slowness is needed. No character looks like another (Crockford's base32).
 */

export const RECOVERY_CODES = 10;
const CHARACTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 16;
const GROUP = 4;

/** Such as `k3mq-9fzt-0w2c-hx7d`. */
function makeRecoveryCode(): string {
  const text = Array.from({ length: LENGTH }, () => CHARACTERS.charAt(randomInt(CHARACTERS.length))).join('');
  return text.replaceAll(new RegExp(`.{${String(GROUP)}}(?=.)`, 'g'), '$&-');
}

export function makeRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, makeRecoveryCode);
}

/** The hash of a code as somebody types it: in capitals, with or without the dashes, `o` for `0`; null when it is no such code. */
export function hashRecoveryCode(typed: string): string | null {
  const text = typed.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
  if (text.length !== LENGTH || Array.from(text).some((character) => !CHARACTERS.includes(character))) return null;
  return createHash('sha256').update(text).digest('hex');
}
