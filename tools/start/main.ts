import { mkdir } from 'node:fs/promises';
import { tryFileLock, type FileLock } from '../processes/file-lock.mjs';
import { identifyProcess } from '../processes/process-identity.mjs';
import { waitUntil } from '../processes/wait-until.ts';
import { Terminal } from '../terminal/terminal.ts';
import { UserError } from '../terminal/user-error.ts';
import { readStartConfig } from './config.ts';
import { dataFolder, type DataFolder } from './data-folder.ts';
import { checkDiskSpace } from './disk-space.ts';
import { START_USAGE, parseStartOptions } from './options.ts';
import { readRunRecord } from './run-record.ts';
import { startHortus } from './start-hortus.ts';

/**
 * Ctrl-C reaches npm, run.mjs and this process, and the first two pass it on as well: signals this close together are
 * one keypress. A later one means "now".
 */
const SAME_KEYPRESS_MS = 1_000;
/** What a shell reports for a program that Ctrl-C has ended. */
const EXIT_IMPATIENT = 130;
/** A dead holder's lock is taken over at the second look. */
const LOCK_TIMEOUT_MS = 1_000;

const terminal = new Terminal(process.stdout);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  terminal.live('');
  const isPlain = error instanceof UserError;
  process.stderr.write(`\n${isPlain ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
}
// Nothing of the start is left; a stray timer or socket must not keep the terminal waiting.
process.exit();

async function main(argv: readonly string[]): Promise<number> {
  const { isDev, isHelp } = parseStartOptions(argv);
  if (isHelp) {
    process.stdout.write(START_USAGE);
    return 0;
  }
  const config = readStartConfig();
  await checkDiskSpace(config.home);
  const folder = dataFolder(config.home);
  await mkdir(folder.home, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new UserError(`The data folder ${folder.home} cannot be made: ${String(error)}`, { cause: error });
  });
  const lock = await takeLock(folder);
  try {
    let giveUp: (error: unknown) => void = () => undefined;
    const gaveUp = new Promise<unknown>((resolve) => (giveUp = resolve));
    // A fault of the starter itself must not leave what it has started behind.
    process.on('uncaughtException', giveUp);
    const starter = identifyProcess(process.pid) ?? { pid: process.pid, startedAt: '' };
    const stopAsked = listenForStop();
    const hortus = await startHortus(config, { isDev, terminal, starter, onGiveUp: giveUp });
    const failed = hortus.ready.then(
      () => new Promise<never>(() => undefined),
      (error: unknown) => error,
    );
    const end = await Promise.race([stopAsked, gaveUp, failed]);
    const isAsked = typeof end === 'string';
    terminal.live('');
    terminal.line(isAsked ? `Stopping (${end}); once more ends it at once …` : 'Stopping …');
    await hortus.stop();
    if (!isAsked) throw end;
    terminal.line('Hortus is stopped.');
    return 0;
  } finally {
    lock.release();
  }
}

async function takeLock(folder: DataFolder): Promise<FileLock> {
  let lock: FileLock | undefined;
  let holderPid: number | undefined;
  await waitUntil(() => {
    const result = tryFileLock(folder.lock);
    if ('release' in result) lock = result;
    else holderPid = result.holder?.pid;
    return lock !== undefined;
  }, LOCK_TIMEOUT_MS);
  if (lock !== undefined) return lock;
  const record = readRunRecord(folder.runRecord);
  const isItsRecord = record !== undefined && record.starter.pid === holderPid;
  const where = isItsRecord ? ` ${record.isReady ? 'at' : 'and will be at'} ${record.url}` : '';
  const state = isItsRecord && !record.isReady ? 'is starting already' : 'runs already';
  throw new UserError(
    `Hortus ${state}${where} (process ${String(holderPid)}, data in ${folder.home}). ` +
      'Stop it first, or set HORTUS_HOME to another folder for a second one.',
  );
}

/** @returns a promise of the signal's name, or of what else ends this process */
function listenForStop(): Promise<string> {
  let firstAtMs: number | undefined;
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        firstAtMs ??= performance.now();
        // An exit takes everything that was started with it (see startProgram), by SIGKILL.
        if (performance.now() - firstAtMs > SAME_KEYPRESS_MS) process.exit(EXIT_IMPATIENT);
        resolve(signal);
      });
    }
    // run.mjs was killed: without it nobody could stop this process from the terminal.
    process.once('disconnect', () => {
      resolve('npm is gone');
    });
  });
}
