import type { Knex } from 'knex';
import type { Logger } from '@hortus/service/logger';
import type { Listener } from '../db/listener.ts';
import { withScope } from '../db/scope.ts';
import type { ApiMetrics } from '../metrics.ts';
import { MAIL_CHANNEL, claimMails, countMails, postponeMail, removeMails, type MailRow } from './mail-repo.ts';
import { isRefusedForGood, type MailTransport } from './mail-transport.ts';

/*
 * Sends the mails that wait, at least once each.
 *
 *   queued ──claim (short transaction)──▶ held ──send, outside of any transaction──▶ taken by the server ──▶ gone
 *                                          │ server away, or 4yz: postponed, with growing pauses, until it has expired
 *                                          │ 5yz, or expired: gone, and counted
 *                                          └ relay dies: available again when the hold is over
 */

const BATCH = 20;
/** Longer than a batch may take at the worst; a mail whose relay died waits this long. */
const HOLD_MS = 3 * 60_000;
const PAUSE_MS_MIN = 500;
const PAUSE_MS_MAX = 60_000;
/** Looks without being woken: for what a dead relay held, and what was postponed. */
const LOOK_EVERY_MS = 2000;

export function pauseAfter(attempts: number): number {
  return Math.min(PAUSE_MS_MIN * 2 ** Math.min(attempts - 1, 20), PAUSE_MS_MAX);
}

type Outcome = 'sent' | 'expired' | 'refused' | 'postponed';

export interface MailRelay {
  /** Ends after the batch that is under way. */
  close(): Promise<void>;
}

export function startMailRelay(options: {
  knex: Knex;
  transport: MailTransport;
  listener: Listener;
  logger: Logger;
  metrics: ApiMetrics;
}): MailRelay {
  const { knex, transport, listener, logger, metrics } = options;
  const instance = { instance: true } as const;
  let wake = Promise.withResolvers<undefined>();
  const closing = new AbortController();
  const isClosed = () => closing.signal.aborted;
  let wasAway = false;

  listener.on(MAIL_CHANNEL, () => {
    wake.resolve(undefined);
  });

  /** Once per outage: the mails wait in the database, and their number is a metric. */
  function noteAway(error: unknown): void {
    if (wasAway) return;
    wasAway = true;
    // Not the error itself: what a mail server answers often repeats the address.
    const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
    logger.warn({ code, smtpStatus: responseCode }, 'mails wait: the mail server or the database is away');
  }

  function noteBack(): void {
    if (wasAway) logger.info('mails are sent again');
    wasAway = false;
  }

  async function send(mail: MailRow): Promise<Outcome> {
    if (mail.isExpired) return 'expired';
    try {
      await transport.send(mail);
      noteBack();
      return 'sent';
    } catch (error) {
      if (!isRefusedForGood(error)) {
        noteAway(error);
        return 'postponed';
      }
      logger.warn({ mailId: mail.id }, 'the mail server refused a mail for good; it is dropped');
      return 'refused';
    }
  }

  /** What came of it is noted mail by mail, so that a crash sends the fewest twice. */
  async function settle(mail: MailRow): Promise<void> {
    const outcome = await send(mail);
    await withScope(knex, instance, (tx) =>
      outcome === 'postponed' ? postponeMail(tx, mail.id, pauseAfter(mail.attempts)) : removeMails(tx, [mail.id]),
    );
    if (outcome !== 'postponed') metrics.mails.inc({ outcome });
  }

  /** @returns whether there may be more at once */
  async function moveBatch(): Promise<boolean> {
    const mails = await withScope(knex, instance, (tx) => claimMails(tx, { limit: BATCH, holdMs: HOLD_MS }));
    const settled = await Promise.allSettled(mails.map(settle));
    metrics.mailsPending.set(await withScope(knex, instance, countMails));
    const failure = settled.find((one) => one.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    return mails.length === BATCH;
  }

  async function run(): Promise<void> {
    while (!isClosed()) {
      wake = Promise.withResolvers<undefined>();
      let more = false;
      try {
        more = await moveBatch();
      } catch (error) {
        noteAway(error);
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
      transport.close();
    },
  };
}
