import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { ProgramCommand, RunningProgram } from '../processes/program.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { UserError } from '../terminal/user-error.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { createPostgresFolder, readPostgresFolder, removeStalePostmasterPid } from './postgres-folder.ts';
import { reachableBinaries } from './reachable-binaries.ts';
import { choosePostgresUser, letIn, runAs } from './postgres-user.ts';

export interface PostgresOptions {
  /** Absolute. Made when it is not there. */
  readonly folder: string;
  readonly port: number;
  /** The superuser's. It is only set when the folder is made. */
  readonly password: string;
  /** False for tests: no fsync, since a test's data need not outlive the machine. */
  readonly isDurable: boolean;
  readonly maxConnections?: number;
  /** What a person moves away to begin anew when the folder is broken. Default: the folder alone. */
  readonly wholeFolder?: string;
}

/** Postgres' "fast" shutdown: open transactions are rolled back and sessions ended (pg_ctl, PostgreSQL). */
export const POSTGRES_STOP_SIGNAL = 'SIGINT';

/** Prepares the data folder and says how to run Postgres on it: on loopback TCP only, without a socket file. */
export async function preparePostgres(options: PostgresOptions): Promise<ProgramCommand> {
  const found = await readPostgresFolder(options.folder);
  if (found.state === 'broken') throw brokenFolderError(options, found.reason);
  const user = await choosePostgresUser(options.folder);
  const binaries = await reachableBinaries(findPostgresBinaries(), user);
  await letIn(user, options.folder, binaries.postgres);
  if (found.state === 'absent') {
    await createPostgresFolder(options.folder, binaries, { ...options, user });
  }
  await removeStalePostmasterPid(options.folder);
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    unix_socket_directories: '',
    max_connections: String(options.maxConnections ?? 100),
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return runAs(user, {
    command: binaries.postgres,
    args: ['-D', options.folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
}

function brokenFolderError({ folder, wholeFolder = folder }: PostgresOptions, reason: string): UserError {
  return new UserError(
    `The Postgres folder ${folder} is not usable: ${reason}. Put back a copy of it, or begin anew without the data: ` +
      `mv ${wholeFolder} ${wholeFolder}.broken`,
  );
}

/**
 * Whether the server takes connections, by its own word in postmaster.pid (the file that pg_ctl reads): a trial
 * connection would be logged as a failure each time it comes too early.
 *
 * @param program to tell this server's file from one that an earlier server has left
 */
export async function isPostgresReady(folder: string, program: RunningProgram): Promise<boolean> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[0] === String(program.identity.pid) && lines[7]?.trim() === 'ready';
}

/** The port of the server that runs on the folder, by its own word; undefined when none does. */
export async function readPostgresPort(folder: string): Promise<number | undefined> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const port = Number(lines[3]);
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

export async function waitForPostgres(folder: string, program: RunningProgram, timeoutMs: number): Promise<boolean> {
  return waitUntil(
    () => isPostgresReady(folder, program),
    timeoutMs,
    () => program.hasExited(),
  );
}

/** Makes the database when it is not there. The api's migrations do the rest. */
export async function ensureDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

/** Letters and digits only, so that it stands in an address as it is. */
export function generatePassword(): string {
  return randomBytes(24).toString('hex');
}

export function postgresUrl(options: { port: number; user: string; password: string; database: string }): string {
  const { port, user, password, database } = options;
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${String(port)}/${database}`;
}
