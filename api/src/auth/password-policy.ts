import { readFileSync } from 'node:fs';
import { ProblemError } from '@hortus/service/problem';

/*
 * A password is refused when somebody who knows no more than the person's address and the name of the product would try it
 * among the first thousands: it is on the list, it is one short pattern again and again, it runs along the alphabet, the
 * digits or the keyboard, or it is such a word with few characters around it. Nothing is asked of the kinds of characters
 * (OWASP ASVS 5.0, 6.2.4, 6.2.5 and 6.2.11).
 */

const PRODUCT = 'hortus';
const WORD_LENGTH_MIN = 3;
/** With fewer letters than these, and fewer characters in all, around it, a word of one's own is the password. */
const LETTERS_AROUND_MIN = 3;
const AROUND_MIN = 8;
const RUNS = ['0123456789012345678901234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm'];
const UNIT_MAX = 4;

const LEET: Readonly<Record<string, string>> = { '@': 'a', '4': 'a', '3': 'e', '1': 'i', '0': 'o', $: 's', '5': 's' };

function plain(text: string): string {
  return text.replaceAll(/[@4310$5]/g, (sign) => LEET[sign] ?? sign);
}

function isRepeated(text: string): boolean {
  for (let unit = 1; unit <= UNIT_MAX; unit += 1) {
    if (
      text ===
      text
        .slice(0, unit)
        .repeat(Math.ceil(text.length / unit))
        .slice(0, text.length)
    )
      return true;
  }
  return false;
}

function isRun(text: string): boolean {
  const backwards = Array.from(text).reverse().join('');
  return RUNS.some((run) => run.includes(text) || run.includes(backwards));
}

function isAbout(text: string, word: string): boolean {
  if (word.length < WORD_LENGTH_MIN || !text.includes(word)) return false;
  const around = text.replaceAll(word, '');
  return around.length < AROUND_MIN && around.replaceAll(/[^\p{L}]/gu, '').length < LETTERS_AROUND_MIN;
}

/** Tells whether a password is too easy to guess for the person with this e-mail address. */
export type PasswordCheck = (password: string, email: string) => boolean;

export function createPasswordCheck(common: ReadonlySet<string>): PasswordCheck {
  return (password, email) => {
    const text = password.trim().toLowerCase();
    const address = email.toLowerCase();
    const name = address.split('@', 1)[0] ?? '';
    const words = [PRODUCT, address, name, name.replaceAll(/[^\p{L}\p{N}]/gu, '')];
    return [text, plain(text)].some(
      (form) => common.has(form) || isRepeated(form) || isRun(form) || words.some((word) => isAbout(form, word)),
    );
  };
}

/** @throws ProblemError PASSWORD_TOO_COMMON */
export function assertUncommon(isTooCommon: PasswordCheck, password: string, email: string): void {
  if (!isTooCommon(password, email)) return;
  throw new ProblemError('PASSWORD_TOO_COMMON', 'It is among the first that somebody would guess. Choose another one.');
}

/** The list beside this file: lower case, 8 characters or more, one a line. */
export function readCommonPasswords(): ReadonlySet<string> {
  const text = readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8');
  return new Set(text.split('\n').filter((line) => line !== ''));
}
