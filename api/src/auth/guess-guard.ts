import {
  ACCOUNT_RULE,
  BLOCK_RULE,
  COUNTS_MAX,
  PAIR_RULE,
  closedForMs,
  countWrong,
  type GuessCount,
  type GuessRule,
} from './guess-policy.ts';

/** Remembers wrong passwords, as `guess-policy.ts` says. */
export interface GuessGuard {
  /** For how long from now this account is closed to this address block; 0 when it is open. */
  closedForMs(email: string, addressBlock: string): number;
  noteWrong(email: string, addressBlock: string): void;
  noteRight(email: string, addressBlock: string): void;
  /** How many counts are remembered. */
  readonly size: number;
}

/** @param now milliseconds, from any beginning, that never go back */
export function createGuessGuard(
  now: () => number = () => performance.now(),
  options: { countsMax: number } = { countsMax: COUNTS_MAX },
): GuessGuard {
  // In the order in which they were last wrong.
  const counts = new Map<string, GuessCount>();
  const pairOf = (email: string, block: string) => `pair ${block} ${email}`;
  const rulesOf = (email: string, block: string): readonly (readonly [string, GuessRule])[] => [
    [pairOf(email, block), PAIR_RULE],
    [`account ${email}`, ACCOUNT_RULE],
    [`block ${block}`, BLOCK_RULE],
  ];
  return {
    closedForMs: (email, block) =>
      Math.max(...rulesOf(email, block).map(([key, rule]) => closedForMs(rule, counts.get(key), now()))),
    noteWrong(email, block) {
      for (const [key] of rulesOf(email, block)) {
        const count = countWrong(counts.get(key), now());
        counts.delete(key);
        counts.set(key, count);
        const [oldest] = counts.keys();
        if (counts.size > options.countsMax && oldest !== undefined) counts.delete(oldest);
      }
    },
    // Of the pair alone: whoever guesses has an account of their own, and signs in to it in between.
    noteRight(email, block) {
      counts.delete(pairOf(email, block));
    },
    get size() {
      return counts.size;
    },
  };
}
