import { join } from 'node:path';
import { chooseFreePort } from '../processes/free-port.ts';
import { startProgram, type ProgramCommand, type RunningProgram } from '../processes/program.ts';
import { waitUntil } from '../processes/wait-until.ts';
import type { OutputLine } from '../terminal/log-line.ts';
import type { Say } from '../terminal/say.ts';
import { readServersConfig } from './config.ts';
import { findTemporalCli } from './find-temporal-cli.ts';
import { isMailCatcherReady, mailCatcherCommand } from './mail-catcher.ts';
import {
  POSTGRES_STOP_SIGNAL,
  ensureDatabase,
  generatePassword,
  postgresUrl,
  preparePostgres,
  waitForPostgres,
} from './postgres.ts';
import { checkTemporalFile, isTemporalReady, temporalCommand } from './temporal.ts';

export interface StackOptions {
  /** An absolute folder, for instance of `mkdtemp`. It is left as it is in the end. */
  readonly folder: string;
  readonly say?: Say;
  readonly temporal?: {
    /** Beside `default`, which is always there. Default: `hortus`. */
    readonly namespaces?: readonly string[];
    /** Workflows in a file, so that they outlive `temporal.stop()` and `kill()`. Default: in memory. */
    readonly isPersistent?: boolean;
    /** No browser interface. Default true. */
    readonly isHeadless?: boolean;
  };
}

/** A server that a test may stop, kill and start again, at the same port with the same data. */
export interface StackServer {
  readonly port: number;
  /** Resolves when the server takes work. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stop and start. */
  restart(): Promise<void>;
  /** SIGKILL to it and all its processes. */
  kill(): Promise<void>;
}

export interface Stack {
  readonly postgres: StackServer & {
    /** The superuser's address of the database `postgres`. */
    readonly adminUrl: string;
    /** The superuser's address of the database `hortus`, which is there and empty. */
    readonly ownerUrl: string;
  };
  readonly temporal: StackServer & {
    readonly address: string;
    /** Nothing when headless. */
    readonly uiUrl: string | undefined;
  };
  /** Its port is that of SMTP. */
  readonly mail: StackServer & {
    readonly smtpUrl: string;
    readonly pageUrl: string;
  };
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const TAIL_LINES = 20;

/** Postgres, Temporal and the mail catcher alone, on free ports, for tests. Whoever starts it stops it; an exit of this process kills it. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const say = options.say ?? (() => undefined);
  const isHeadless = options.temporal?.isHeadless ?? true;
  const [postgresPort, temporalPort, uiPort, smtpPort, mailPagePort, binary] = await Promise.all([
    chooseFreePort(),
    chooseFreePort(),
    isHeadless ? undefined : chooseFreePort(),
    chooseFreePort(),
    chooseFreePort(),
    findTemporalCli(say),
  ]);
  const password = generatePassword();
  const login = { port: postgresPort, user: 'postgres', password };
  const adminUrl = postgresUrl({ ...login, database: 'postgres' });
  const postgresFolder = join(options.folder, 'postgres');
  const postgres = manageServer({
    name: 'Postgres',
    port: postgresPort,
    stopSignal: POSTGRES_STOP_SIGNAL,
    prepare: () =>
      preparePostgres({ folder: postgresFolder, port: postgresPort, password, isDurable: false, maxConnections: 300 }),
    waitReady: (program) => waitForPostgres(postgresFolder, program, READY_TIMEOUT_MS),
  });
  const namespaces = options.temporal?.namespaces ?? ['hortus'];
  const file = options.temporal?.isPersistent === true ? join(options.folder, 'temporal', 'temporal.db') : undefined;
  const { env } = readServersConfig();
  const temporal = manageServer({
    name: 'Temporal',
    port: temporalPort,
    stopSignal: 'SIGTERM',
    prepare: async () => {
      if (file !== undefined) await checkTemporalFile(file);
      return temporalCommand({
        binary,
        port: temporalPort,
        namespaces,
        env: { PATH: env['PATH'], HOME: env['HOME'] },
        ...(uiPort === undefined ? {} : { uiPort }),
        ...(file === undefined ? {} : { file }),
      });
    },
    waitReady: (program) =>
      waitUntil(
        () => isTemporalReady(temporalPort, namespaces),
        READY_TIMEOUT_MS,
        () => program.hasExited(),
      ),
  });
  const mail = manageServer({
    name: 'The mail catcher',
    port: smtpPort,
    stopSignal: 'SIGTERM',
    prepare: () =>
      Promise.resolve(
        mailCatcherCommand({
          smtpPort,
          pagePort: mailPagePort,
          folder: join(options.folder, 'mails'),
          env: { PATH: env['PATH'], HOME: env['HOME'] },
        }),
      ),
    waitReady: (program) =>
      waitUntil(
        () => isMailCatcherReady({ smtpPort, pagePort: mailPagePort }),
        READY_TIMEOUT_MS,
        () => program.hasExited(),
      ),
  });
  const stop = async (): Promise<void> => {
    await Promise.all([temporal.stop(), postgres.stop(), mail.stop()]);
  };
  const results = await Promise.allSettled([
    postgres.start().then(() => ensureDatabase(adminUrl, 'hortus')),
    temporal.start(),
    mail.start(),
  ]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return {
    postgres: { ...postgres, adminUrl, ownerUrl: postgresUrl({ ...login, database: 'hortus' }) },
    temporal: {
      ...temporal,
      address: `127.0.0.1:${String(temporalPort)}`,
      uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${String(uiPort)}`,
    },
    mail: {
      ...mail,
      smtpUrl: `smtp://127.0.0.1:${String(smtpPort)}`,
      pageUrl: `http://127.0.0.1:${String(mailPagePort)}`,
    },
    stop,
  };
}

function manageServer(server: {
  name: string;
  port: number;
  stopSignal: NodeJS.Signals;
  prepare: () => Promise<ProgramCommand>;
  waitReady: (program: RunningProgram) => Promise<boolean>;
}): StackServer {
  let program: RunningProgram | undefined;
  const tail: string[] = [];
  const remember = ({ text }: OutputLine): void => {
    tail.push(text);
    if (tail.length > TAIL_LINES) tail.shift();
  };
  const end = async (how: (running: RunningProgram) => Promise<unknown>): Promise<void> => {
    const running = program;
    program = undefined;
    if (running !== undefined) await how(running);
  };
  const stop = (): Promise<void> => end((running) => running.stop(server.stopSignal, STOP_TIMEOUT_MS));
  const start = async (): Promise<void> => {
    if (program !== undefined) throw new Error(`${server.name} runs already.`);
    const running = await startProgram(await server.prepare(), remember);
    program = running;
    if (await server.waitReady(running)) return;
    await stop();
    throw new Error(`${server.name} did not come up:\n${tail.join('\n')}`);
  };
  return {
    port: server.port,
    start,
    stop,
    restart: async () => {
      await stop();
      await start();
    },
    kill: () => end((running) => running.kill()),
  };
}
