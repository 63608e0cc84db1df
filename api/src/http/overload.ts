import fastifyUnderPressure from '@fastify/under-pressure';
import fastifyPlugin from 'fastify-plugin';
import type { FastifyPluginAsync } from 'fastify';
import { getHealth } from '@hortus/contracts/health-api';
import { ProblemError } from '@hortus/service/problem';
import type { ServerLimits } from './server-limits.ts';

const SAMPLE_MS = 3000;

const plugin: FastifyPluginAsync<Pick<ServerLimits, 'eventLoopDelayMaxMs' | 'heapUsedMaxBytes'>> = async (
  app,
  { eventLoopDelayMaxMs, heapUsedMaxBytes },
) => {
  await app.register(fastifyUnderPressure, {
    maxEventLoopDelay: eventLoopDelayMaxMs,
    maxHeapUsedBytes: heapUsedMaxBytes,
    // Long enough that one pause, such as that of a start, is no mean of its own.
    sampleInterval: SAMPLE_MS,
    pressureHandler({ routeOptions }, _reply, _type, value) {
      if (routeOptions.url === getHealth.url) return;
      // The library calls a second without any sample an infinite delay. The loop was blocked then and is free now.
      if (value === Infinity) return;
      throw new ProblemError(
        'UNAVAILABLE',
        'The api has more to do than it can. Nothing was changed; try again in a moment.',
      );
    },
  });
};

/**
 * Turns requests away while there is more to do than can be done, before they cost anything. What tells whether the api lives
 * is answered all the same, since a restart would make nothing better.
 */
export const overload = fastifyPlugin(plugin, { name: 'overload', fastify: '5.x' });
