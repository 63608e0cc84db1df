export const BACKOFF_FIRST_MS = 500;
export const BACKOFF_MAX_MS = 30_000;

/**
 * How long to wait before an attempt to connect again: doubling up to a bound, of which a half is chance, so that the
 * browsers of a team don't all come back in the same moment after a restart.
 *
 * @param attempt Failures since the last good connection, from 0.
 * @param chance 0 to 1, `Math.random()`.
 */
export function backoffMs(attempt: number, chance: number): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt);
  return Math.round(ceiling / 2 + (ceiling / 2) * chance);
}
