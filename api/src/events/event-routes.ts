import { once } from 'node:events';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { streamEvents } from '@hortus/contracts/event-api';
import { ProblemError } from '@hortus/service/problem';
import type { ArtifactPresenter } from '../artifacts/artifact-presenter.ts';
import { memberOf } from '../http/authenticate.ts';
import type { EventBus } from './event-bus.ts';
import { findStart, readBatch, writeEvent } from './event-stream.ts';

/**
 * How often a quiet stream says that it is there, and any stream asks whether its reader still may read. It asks at once when
 * it hears that their access has changed; asking again is for what says nothing, such as time.
 */
const HEARTBEAT_MS = 15_000;
const STREAMS_PER_PERSON_MAX = 30;

export const eventRoutes: FastifyPluginAsyncTypebox<{
  knex: Knex;
  bus: EventBus;
  presenter: ArtifactPresenter;
  heartbeatMs?: number;
}> = async (app, { knex, bus, presenter, heartbeatMs = HEARTBEAT_MS }) => {
  const streamsOf = new Map<string, number>();
  const closing = new AbortController();
  app.addHook('preClose', () => {
    closing.abort();
  });

  app.route({
    ...streamEvents,
    handler: async (request, reply) => {
      const member = memberOf(request);
      const { workspaceId, userId } = member;
      const open = streamsOf.get(userId) ?? 0;
      if (open >= STREAMS_PER_PERSON_MAX) {
        throw new ProblemError(
          'RATE_LIMITED',
          `At most ${String(STREAMS_PER_PERSON_MAX)} streams at once; close some tabs.`,
        );
      }
      const lastEventId = request.headers['last-event-id'];

      // Subscribed before the first look, so that nothing falls between.
      let wake = Promise.withResolvers<undefined>();
      const unsubscribe = bus.subscribe(workspaceId, () => {
        wake.resolve(undefined);
      });
      // From the first moment on: access that ended while the stream was being opened told nobody.
      let checkAt = performance.now();
      const unsubscribeAccess = bus.subscribeAccess(userId, () => {
        checkAt = performance.now();
        wake.resolve(undefined);
      });
      streamsOf.set(userId, open + 1);
      const ended = new AbortController();
      reply.raw.once('close', () => {
        ended.abort();
        unsubscribe();
        unsubscribeAccess();
        const left = (streamsOf.get(userId) ?? 1) - 1;
        if (left === 0) streamsOf.delete(userId);
        else streamsOf.set(userId, left);
      });
      const signal = AbortSignal.any([ended.signal, closing.signal]);
      const isOver = () => signal.aborted;

      async function write(text: string): Promise<void> {
        if (!reply.raw.write(text)) await once(reply.raw, 'drain', { signal });
      }

      // Before the headers, so that a database that is away is answered as a problem.
      const start = await findStart(knex, workspaceId, lastEventId === undefined ? null : Number(lastEventId));

      async function run(): Promise<void> {
        reply.raw.writeHead(200, {
          ...(reply.getHeaders() as Record<string, string>),
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
          // A stream is the last of its connection, or a shutdown would wait for one that nobody uses any more.
          connection: 'close',
        });
        await write(start.missed ? writeEvent(start.after, { type: 'reset' }) : `id: ${String(start.after)}\n\n`);
        let after = start.after;
        while (!isOver()) {
          wake = Promise.withResolvers<undefined>();
          if (performance.now() >= checkAt) {
            // Before asking: a change that is heard meanwhile is asked about once more.
            checkAt = performance.now() + heartbeatMs;
            if (!(await app.isStillMember(member))) break;
          }
          const batch = await readBatch(knex, presenter, workspaceId, after);
          after = batch.after;
          for (const { id, event } of batch.events) await write(writeEvent(id, event));
          if (batch.isFull) continue;
          const isWoken = await wokenWithin(wake.promise, checkAt - performance.now(), signal);
          if (!isWoken && !isOver()) await write(': still here\n\n');
        }
      }

      reply.hijack();
      try {
        await run();
      } catch (error) {
        if (!isOver()) request.log.warn({ err: error }, 'an event stream broke; the browser will resume it');
      }
      reply.raw.end();
    },
  });
};

/** True when woken, false when the time has passed or the signal came. */
async function wokenWithin(woken: Promise<undefined>, timeMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const late = Promise.withResolvers<boolean>();
  const giveUp = () => {
    late.resolve(false);
  };
  const timer = setTimeout(giveUp, Math.max(0, timeMs));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([woken.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
