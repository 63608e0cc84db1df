import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/**
 * Polls until `isTrue` holds.
 *
 * @param isOver ends the wait early, for instance because the program waited for has died
 * @returns whether it held in time
 */
export async function waitUntil(
  isTrue: () => Promise<boolean> | boolean,
  timeoutMs: number,
  isOver: () => boolean = () => false,
): Promise<boolean> {
  const endMs = performance.now() + timeoutMs;
  while (!isOver()) {
    if (await isTrue()) return true;
    if (performance.now() >= endMs) return false;
    await sleep(POLL_MS);
  }
  return false;
}
