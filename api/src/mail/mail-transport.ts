import { createTransport } from 'nodemailer';
import type { MailText } from './mail-templates.ts';

const CONNECTIONS_MAX = 4;
const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 20_000;

export interface MailTransport {
  /** Resolves when the server has taken the mail over; rejects with what `isRefusedForGood` reads. */
  send(mail: MailText & { readonly to: string }): Promise<void>;
  close(): void;
}

/** The mail server behind an `smtp:` (STARTTLS where it offers that) or `smtps:` address. */
export function createMailTransport({ smtpUrl, from }: { smtpUrl: string; from: string }): MailTransport {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    // A mail is text from here: it fetches nothing and attaches no file.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, html }) {
      // An object, so that nothing in the address is read as a second one.
      await transport.sendMail({
        from,
        to: { name: '', address: to },
        subject,
        text,
        html,
        // Machines that answer mails leave alone what a machine has sent (RFC 3834).
        headers: { 'auto-submitted': 'auto-generated' },
      });
    },
    close() {
      transport.close();
    },
  };
}

/** Codes of nodemailer by which it is this one mail that the server does not take, and not the server that is away. */
const OF_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE']);

/** Whether sending the mail again would be refused again: the server said 5yz to its address or its content (RFC 5321 §4.2.1). */
export function isRefusedForGood(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, responseCode } = error as Error & { code?: unknown; responseCode?: unknown };
  if (!OF_THE_MAIL.has(String(code))) return false;
  // Without an answer of the server it is nodemailer itself that can make no envelope of the address.
  return typeof responseCode !== 'number' || responseCode >= 500;
}
