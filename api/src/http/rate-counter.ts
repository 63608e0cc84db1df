import type { Redis } from 'ioredis';

/** How often something was counted in the present window, and for how long that still lasts. */
export interface RateCount {
  readonly current: number;
  readonly ttl: number;
}

export interface RateCounter {
  /** Counts one more. Never fails. */
  count(key: string, windowMs: number): Promise<RateCount> | RateCount;
}

/** Keys that are remembered at the most; the one that began first is forgotten first. */
const KEYS_MAX = 50_000;

/** Counts in this process. */
export function createMemoryCounter(now: () => number, keysMax: number = KEYS_MAX): RateCounter {
  // In the order in which their windows began.
  const windows = new Map<string, { current: number; readonly endsAt: number }>();
  return {
    count(key, windowMs) {
      const known = windows.get(key);
      if (known !== undefined && known.endsAt > now()) {
        known.current += 1;
        return { current: known.current, ttl: known.endsAt - now() };
      }
      windows.delete(key);
      windows.set(key, { current: 1, endsAt: now() + windowMs });
      const [oldest] = windows.keys();
      if (windows.size > keysMax && oldest !== undefined) windows.delete(oldest);
      return { current: 1, ttl: windowMs };
    },
  };
}

/** For how long Redis is left alone after it did not answer, so that not every request waits for it. */
const LEFT_ALONE_MS = 1000;
const PREFIX = 'hortus:rate:';

/**
 * Counts in Redis, so that all replicas count together. While Redis is away, this process counts alone: nobody is refused
 * for that, and nobody has more than one replica would give them.
 *
 * @param onChange told when Redis goes away, with the reason, and when it is back
 */
export function createRedisCounter(
  redis: Redis,
  options: { now: () => number; onChange: (away: Error | null) => void },
): RateCounter {
  const { now, onChange } = options;
  const alone = createMemoryCounter(now);
  let isAway = false;
  let askAgainAt = 0;

  async function countInRedis(key: string, windowMs: number): Promise<RateCount> {
    const answers = await redis
      .multi()
      .incr(PREFIX + key)
      .pexpire(PREFIX + key, windowMs, 'NX')
      .pttl(PREFIX + key)
      .exec();
    const [[failure, current] = [], , [, ttl] = []] = answers ?? [];
    if (typeof current !== 'number' || typeof ttl !== 'number') {
      throw failure ?? new Error('Redis answered no counts');
    }
    return { current, ttl };
  }

  return {
    async count(key, windowMs) {
      if (isAway && now() < askAgainAt) return alone.count(key, windowMs);
      try {
        const count = await countInRedis(key, windowMs);
        if (isAway) onChange(null);
        isAway = false;
        return count;
      } catch (error) {
        if (!isAway) onChange(error instanceof Error ? error : new Error(String(error)));
        isAway = true;
        askAgainAt = now() + LEFT_ALONE_MS;
        return alone.count(key, windowMs);
      }
    },
  };
}
