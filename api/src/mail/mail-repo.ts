import type { Knex } from 'knex';
import type { MailText } from './mail-templates.ts';

/** The channel on which the relay hears that there is a mail. */
export const MAIL_CHANNEL = 'hortus_mails';

export interface QueuedMail extends MailText {
  /** The bare address. */
  readonly to: string;
  /** After this time the mail is not sent any more: for as long as its links are good, and no longer. */
  readonly keptMinutes: number;
}

export interface MailRow extends MailText {
  readonly id: number;
  readonly to: string;
  readonly attempts: number;
  readonly isExpired: boolean;
}

/** Commits together with what the mail follows from. Works in every scope. */
export async function queueMail(tx: Knex.Transaction, mail: QueuedMail): Promise<void> {
  // One statement, which `queueNoMail` can match by one.
  await tx.raw(
    `with queued as (insert into mails (recipient, subject, body_text, body_html, expires_at)
       values (:to, :subject, :text, :html, now() + make_interval(mins => :keptMinutes)))
     select pg_notify('${MAIL_CHANNEL}', '')`,
    { ...mail },
  );
}

/** As many queries as `queueMail` and no mail: where it must not show that there is none. */
export async function queueNoMail(tx: Knex.Transaction): Promise<void> {
  await tx.raw(`select pg_notify('${MAIL_CHANNEL}', '')`);
}

/**
 * Takes mails for a time: nobody else gets them until it is over, and a relay that dies in between loses none. Needs the
 * scope `instance`.
 */
export async function claimMails(tx: Knex.Transaction, options: { limit: number; holdMs: number }): Promise<MailRow[]> {
  const { rows } = await tx.raw<{ rows: MailRow[] }>(
    `update mails set attempts = attempts + 1, available_at = now() + make_interval(secs => :holdSeconds)
     where id in (select id from mails where available_at <= now() order by available_at, id limit :limit
                  for update skip locked)
     returning id, recipient as "to", subject, body_text as text, body_html as html, attempts,
               expires_at <= now() as "isExpired"`,
    { limit: options.limit, holdSeconds: options.holdMs / 1000 },
  );
  return rows.toSorted((a, b) => a.id - b.id);
}

/** Needs the scope `instance`. */
export async function removeMails(tx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  await tx('mails').whereIn('id', ids).delete();
}

/** Gives a mail back, to be tried again after a pause. Needs the scope `instance`. */
export async function postponeMail(tx: Knex.Transaction, id: number, pauseMs: number): Promise<void> {
  await tx('mails')
    .where({ id })
    .update({ availableAt: tx.raw('now() + make_interval(secs => ?)', [pauseMs / 1000]) });
}

/** Needs the scope `instance`. */
export async function countMails(tx: Knex.Transaction): Promise<number> {
  const { rows } = await tx.raw<{ rows: { count: number }[] }>('select count(*)::int as count from mails');
  return rows[0]?.count ?? 0;
}
