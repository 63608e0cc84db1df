import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canConnect } from '../processes/can-connect.ts';
import type { ProgramCommand } from '../processes/program.ts';
import { requestLocal } from '../processes/request-local.ts';

export interface MailCatcherOptions {
  readonly smtpPort: number;
  /** Of its page and of the addresses by which tests read mails. */
  readonly pagePort: number;
  /** Where mails are kept, absolute; made when it is not there. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

const MAILS_MAX = 500;
const ANSWER_TIMEOUT_MS = 3000;
const MAILDEV = fileURLToPath(import.meta.resolve('maildev'));

/** maildev: an SMTP server that keeps what it is given and shows it on a page. On loopback only, since anybody may read it. */
export function mailCatcherCommand({ smtpPort, pagePort, folder, env }: MailCatcherOptions): ProgramCommand {
  const loopback = '127.0.0.1';
  const args = [
    join(MAILDEV, '..', 'bin', 'maildev.js'),
    ...['--ip', loopback, '--smtp', String(smtpPort)],
    ...['--web-ip', loopback, '--web', String(pagePort)],
    ...['--mail-directory', folder, '--max-emails', String(MAILS_MAX)],
  ];
  // It looks for a configuration file where it runs and above.
  return { command: process.execPath, args, cwd: '/', env };
}

export async function isMailCatcherReady({
  smtpPort,
  pagePort,
}: {
  smtpPort: number;
  pagePort: number;
}): Promise<boolean> {
  if (!(await canConnect(smtpPort))) return false;
  const url = `http://127.0.0.1:${String(pagePort)}/api/healthz`;
  return (await requestLocal(url, { timeoutMs: ANSWER_TIMEOUT_MS }).catch(() => undefined))?.status === 200;
}
