import fastifyRateLimit, { normalizeIP } from '@fastify/rate-limit';
import fastifyPlugin from 'fastify-plugin';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { Redis } from 'ioredis';
import { ProblemError } from '@hortus/service/problem';
import type { ApiMetrics } from '../metrics.ts';
import { createMemoryCounter, createRedisCounter, type RateCounter } from './rate-counter.ts';

/*
 * Requests a minute, each counted by itself:
 *
 * - from one network address (IPv6: its /64), before anything of the request is looked at;
 * - from one network address to what needs no sign-in, which is where passwords and links are guessed;
 * - of one session or API token, which is fair to people behind one address.
 *
 * Single operations have narrower limits of their own (`config.rateLimit`). What the product's programs ask of each other,
 * pictures by signed addresses and the pages are not counted.
 */
const MINUTE_MS = 60_000;

export interface RateLimits {
  readonly perAddress: number;
  readonly perAddressSignedOut: number;
  readonly perCaller: number;
}

interface RateLimitsOptions {
  readonly limits: RateLimits;
  readonly redisUrl: string | undefined;
  readonly metrics: Pick<ApiMetrics, 'rateLimited' | 'rateLimitRedisUp'>;
}

function isCounted(request: FastifyRequest): boolean {
  const { access } = request.routeOptions.config;
  return access !== undefined && access !== 'service' && access !== 'signed' && request.url.startsWith('/api/');
}

/** The session or API token of a request that was let in. */
function callerOf({ member, session }: FastifyRequest): string | null {
  if (member !== null) {
    return 'sessionId' in member.by ? `session ${member.by.sessionId}` : `token ${member.by.apiTokenId}`;
  }
  return session === null ? null : `session ${session.sessionId}`;
}

function limited(seconds: number): ProblemError {
  return new ProblemError('RATE_LIMITED', `Try again in ${String(seconds)} seconds.`);
}

/** One that does not wait: a request is never held up for a count. */
function connect(redisUrl: string): Redis {
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    commandTimeout: 500,
    retryStrategy: (times) => Math.min(times * 200, 5000),
  });
  // Every failed count says so by itself; without a listener the program would end.
  redis.on('error', () => undefined);
  return redis;
}

const plugin: FastifyPluginAsync<RateLimitsOptions> = async (app, { limits, redisUrl, metrics }) => {
  const now = () => performance.now();

  function createCounter(): RateCounter {
    if (redisUrl === undefined) return createMemoryCounter(now);
    const redis = connect(redisUrl);
    app.addHook('onClose', async () => {
      redis.disconnect();
    });
    metrics.rateLimitRedisUp.set(1);
    return createRedisCounter(redis, {
      now,
      onChange(away) {
        metrics.rateLimitRedisUp.set(away === null ? 1 : 0);
        if (away === null) app.log.info('Redis is back; requests are counted over all replicas');
        else app.log.error({ err: away }, 'Redis is away; this replica counts requests by itself');
      },
    });
  }
  const counter = createCounter();

  /** What the library asks of a store; a route that has a limit of its own has keys of its own. */
  class Store {
    readonly #scope: string;
    constructor(scope: unknown) {
      this.#scope = typeof scope === 'string' ? scope : '';
    }
    incr(key: string, done: (error: Error | null, count?: { current: number; ttl: number }) => void, windowMs: number) {
      void Promise.resolve(counter.count(this.#scope + key, windowMs)).then((count) => {
        done(null, count);
      });
    }
    child({ routeInfo }: { routeInfo?: { method?: unknown; url?: string } }) {
      return new Store(routeInfo?.url === undefined ? '' : `${String(routeInfo.method)} ${routeInfo.url} `);
    }
  }

  await app.register(fastifyRateLimit, {
    global: false,
    enableDraftSpec: true,
    store: Store as never,
    onExceeded: () => {
      metrics.rateLimited.inc({ limit: 'operation' });
    },
    errorResponseBuilder: (_request, { ttl }) => limited(Math.ceil(ttl / 1000)),
  });

  function createCheck(limit: string, max: number, keyOf: (request: FastifyRequest) => string) {
    const check = app.createRateLimit({ max, timeWindow: MINUTE_MS, keyGenerator: (request) => `${limit} ${keyOf(request)}` }); // prettier-ignore
    return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const count = await check(request);
      if (count.isAllowed) return;
      reply.headers({
        'ratelimit-limit': count.max,
        'ratelimit-remaining': count.remaining,
        'ratelimit-reset': count.ttlInSeconds,
      });
      if (!count.isExceeded) return;
      metrics.rateLimited.inc({ limit });
      reply.header('retry-after', count.ttlInSeconds);
      throw limited(count.ttlInSeconds);
    };
  }
  const addressOf = ({ ip }: FastifyRequest) => normalizeIP(ip);
  const checkAddress = createCheck('address', limits.perAddress, addressOf);
  const checkSignedOut = createCheck('signed-out', limits.perAddressSignedOut, addressOf);
  const checkCaller = createCheck('caller', limits.perCaller, (request) => callerOf(request) ?? '');

  // Before the request is authenticated, so that guessing tokens is limited as well.
  app.addHook('onRequest', async (request, reply) => {
    if (!isCounted(request)) return;
    await checkAddress(request, reply);
    if (request.routeOptions.config.access === 'public') await checkSignedOut(request, reply);
  });
  app.addHook('preParsing', async (request, reply, payload) => {
    if (callerOf(request) !== null) await checkCaller(request, reply);
    return payload;
  });
};

/** Limits requests, and says by `RateLimit-*` and `Retry-After` how far somebody is. Registered before `authenticate`. */
export const rateLimits = fastifyPlugin(plugin, { name: 'rate-limits', fastify: '5.x' });
