import type { Knex } from 'knex';
import { IDEMPOTENCY_KEPT_HOURS } from '@hortus/contracts/idempotency';
import type { Logger } from '@hortus/service/logger';
import type { Listener } from '../db/listener.ts';
import { pruneLinks } from '../auth/link-repo.ts';
import { withScope } from '../db/scope.ts';
import { pruneEvents } from '../events/event-repo.ts';
import { pruneAnswers } from '../idempotency/idempotency-repo.ts';
import type { ApiMetrics } from '../metrics.ts';
import {
  OUTBOX_CHANNEL,
  claimIntents,
  measureOutbox,
  postponeIntents,
  removeIntents,
  type OutboxRow,
} from './outbox-repo.ts';
import type { WorkflowStarter } from './workflow-starter.ts';

/*
 * Moves intents from the outbox to Temporal, at least once each; the workflow's id makes it exactly once.
 *
 *   committed ──claim (short transaction)──▶ held ──start, outside of any transaction──▶ started ──remove──▶ gone
 *                                              │ Temporal away: postponed, with growing pauses
 *                                              └ relay dies: available again when the hold is over
 */

const BATCH = 50;
/** Longer than a batch of starts may take; an intent whose relay died waits this long. */
const HOLD_MS = 15_000;
const PAUSE_MS_MIN = 250;
const PAUSE_MS_MAX = 5000;
/** Looks without being woken: for what a dead relay held, and what was postponed. */
const LOOK_EVERY_MS = 1000;
const PRUNE_EVERY_MS = 10 * 60 * 1000;
const EVENTS_KEPT_HOURS = 24;

export function pauseAfter(attempts: number): number {
  return Math.min(PAUSE_MS_MIN * 2 ** Math.min(attempts - 1, 10), PAUSE_MS_MAX);
}

export interface OutboxRelay {
  /** Ends after the batch that is under way. */
  close(): Promise<void>;
}

export function startOutboxRelay(options: {
  knex: Knex;
  starter: WorkflowStarter;
  listener: Listener;
  logger: Logger;
  metrics: ApiMetrics;
}): OutboxRelay {
  const { knex, starter, listener, logger, metrics } = options;
  const instance = { instance: true } as const;
  let wake = Promise.withResolvers<undefined>();
  const closing = new AbortController();
  const isClosed = () => closing.signal.aborted;
  let prunedAt = 0;
  let wasAway = false;

  listener.on(OUTBOX_CHANNEL, () => {
    wake.resolve(undefined);
  });

  async function startAll(rows: readonly OutboxRow[]): Promise<void> {
    const outcomes = await Promise.allSettled(rows.map((row) => starter.start(row)));
    const started = rows.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    const refused = rows.filter((_, index) => outcomes[index]?.status === 'rejected');
    if (started.length > 0)
      await withScope(knex, instance, (tx) =>
        removeIntents(
          tx,
          started.map(({ id }) => id),
        ),
      );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) {
      const pauseMs = pauseAfter(Math.max(...refused.map(({ attempts }) => attempts)));
      await withScope(knex, instance, (tx) =>
        postponeIntents(
          tx,
          refused.map(({ id }) => id),
          pauseMs,
        ),
      );
      throw failure.reason;
    }
  }

  /** Also when nothing could be started: then above all somebody looks at these figures. */
  async function measure(): Promise<number> {
    const { pending, lagSeconds } = await withScope(knex, instance, measureOutbox);
    metrics.outboxPending.set(pending);
    metrics.outboxLagSeconds.set(lagSeconds);
    return pending;
  }

  /** @returns whether there may be more at once, and whether anything says that Temporal is there */
  async function moveBatch(): Promise<{ isFull: boolean; isMoving: boolean }> {
    let pending: number | undefined;
    const rows = await withScope(knex, instance, (tx) => claimIntents(tx, { limit: BATCH, holdMs: HOLD_MS }));
    try {
      if (rows.length > 0) await startAll(rows);
    } finally {
      pending = await measure();
    }
    if (Date.now() - prunedAt > PRUNE_EVERY_MS) {
      prunedAt = Date.now();
      await withScope(knex, instance, async (tx) => {
        await pruneEvents(tx, EVENTS_KEPT_HOURS);
        await pruneAnswers(tx, IDEMPOTENCY_KEPT_HOURS);
        await pruneLinks(tx);
      });
    }
    return { isFull: rows.length === BATCH, isMoving: rows.length > 0 || pending === 0 };
  }

  async function run(): Promise<void> {
    while (!isClosed()) {
      wake = Promise.withResolvers<undefined>();
      let more = false;
      try {
        const { isFull, isMoving } = await moveBatch();
        more = isFull;
        // A look at intents that are all postponed says nothing.
        if (wasAway && isMoving) logger.info('the outbox moves again');
        if (isMoving) wasAway = false;
      } catch (error) {
        // Once per outage: the intents are safe in the outbox, and the lag is a metric.
        if (!wasAway) logger.warn({ err: error }, 'the outbox waits: Temporal or the database is away');
        wasAway = true;
      }
      if (more || isClosed()) continue;
      const timer = setTimeout(() => {
        wake.resolve(undefined);
      }, LOOK_EVERY_MS);
      await wake.promise;
      clearTimeout(timer);
    }
  }

  const running = run();
  return {
    async close() {
      closing.abort();
      wake.resolve(undefined);
      await running;
    },
  };
}
