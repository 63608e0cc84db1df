const WINDOW_MS = 5 * 60_000;
const RESTARTS_MAX = 10;
const DELAY_MIN_MS = 500;
const DELAY_MAX_MS = 10_000;

/**
 * When to start a program again that died unexpectedly: after 0.5 s, then twice as long each time up to 10 s, and no
 * more after 10 times in 5 minutes, since then starting it again does not help.
 *
 * @param deathsMs when it died before, the present death included, on any clock that runs forward
 */
export function planRestart(deathsMs: readonly number[], nowMs: number): { delayMs: number } | 'give-up' {
  const recent = deathsMs.filter((deathMs) => nowMs - deathMs < WINDOW_MS).length;
  if (recent > RESTARTS_MAX) return 'give-up';
  return { delayMs: Math.min(DELAY_MAX_MS, DELAY_MIN_MS * 2 ** Math.max(0, recent - 1)) };
}
