/*
 * Who guesses passwords is slowed, and nobody can be locked out by a stranger.
 *
 * Wrong passwords are counted per pair of account and address block (a person who mistypes), per account (a guesser who has
 * many addresses), and per address block (a guesser who tries one password at many accounts). The first few of each are
 * free; each further one closes it for a time that doubles, up to a limit. While any of the three is closed, every attempt
 * gets the same answer, so a guess tells nothing: but for the right password from a block that has signed in to the account
 * before, which is always let in. So a stranger can't keep a person out of where they are at home; somewhere new they wait
 * seconds while their account is under attack.
 *
 * The counts are in the memory of each replica of the api, at most COUNTS_MAX of them; what was wrong longest ago is
 * forgotten first. To push a count out, a guesser pays a check of a password for every third of all the others. With n
 * replicas there are n times as many free guesses, and no database write for a guess.
 */

export interface GuessRule {
  readonly freeGuesses: number;
  readonly delayFirstMs: number;
  readonly delayMaxMs: number;
}

export const PAIR_RULE: GuessRule = { freeGuesses: 5, delayFirstMs: 2000, delayMaxMs: 15 * 60 * 1000 };
export const ACCOUNT_RULE: GuessRule = { freeGuesses: 30, delayFirstMs: 1000, delayMaxMs: 30 * 1000 };
export const BLOCK_RULE: GuessRule = { freeGuesses: 100, delayFirstMs: 2000, delayMaxMs: 5 * 60 * 1000 };
/** What had no wrong password for this time begins anew. */
export const FORGET_AFTER_MS = 60 * 60 * 1000;
export const COUNTS_MAX = 50_000;

export interface GuessCount {
  readonly wrong: number;
  readonly lastWrongMs: number;
}

/** How long that many wrong passwords close what they were counted for. */
export function delayAfterMs({ freeGuesses, delayFirstMs, delayMaxMs }: GuessRule, wrong: number): number {
  if (wrong < freeGuesses) return 0;
  return Math.min(delayMaxMs, delayFirstMs * 2 ** Math.min(wrong - freeGuesses, 30));
}

/** For how long from now it is closed; 0 when it is open. */
export function closedForMs(rule: GuessRule, count: GuessCount | undefined, nowMs: number): number {
  if (count === undefined) return 0;
  return Math.max(0, count.lastWrongMs + delayAfterMs(rule, count.wrong) - nowMs);
}

export function countWrong(count: GuessCount | undefined, nowMs: number): GuessCount {
  const isForgotten = count === undefined || nowMs - count.lastWrongMs > FORGET_AFTER_MS;
  return { wrong: isForgotten ? 1 : count.wrong + 1, lastWrongMs: nowMs };
}

/** `wait`: it is closed, and nothing is said of the password. */
export type SignInDecision = 'open' | 'wrong' | 'wait';

export function decideSignIn(attempt: {
  isRight: boolean;
  /** Whether the account was signed in to from this address block before. */
  isKnownBlock: boolean;
  closedForMs: number;
}): SignInDecision {
  if (attempt.isRight && (attempt.isKnownBlock || attempt.closedForMs === 0)) return 'open';
  return attempt.closedForMs > 0 ? 'wait' : 'wrong';
}

const GROUPS = 8;

/** The eight groups of an IPv6 address. */
function expand(address: string): string[] {
  const [head = '', tail] = address.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, GROUPS - before.length - after.length) }, () => '0');
  return [...before, ...(tail === undefined ? [] : zeros), ...after];
}

/** What one person can easily move within: the last byte of IPv4, and the last 80 bits of IPv6 (a site has a /48). */
export function addressBlock(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.\d+$/i.exec(address);
  if (v4 !== null) return `${v4.slice(1).join('.')}.0/24`;
  const plain = address.split('%', 1)[0] ?? '';
  const site = expand(plain.toLowerCase()).slice(0, 3);
  return `${site.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/48`;
}
