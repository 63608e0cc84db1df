import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitForFileLock } from '../processes/file-lock.mjs';
import type { ServersConfig } from '../servers/config.ts';
import { runQuietly } from '../servers/run-quietly.ts';
import type { Say } from '../terminal/say.ts';
import { UserError } from '../terminal/user-error.ts';

const SCHEMATHESIS_VERSION = '4.32.5';
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const IS_NEW_ENOUGH = 'import sys, venv; sys.exit(sys.version_info < (3, 10))';

/** @throws UserError where there is no Python that can run it */
async function findPython(): Promise<string> {
  for (const command of PYTHONS) {
    const isGood = await promisify(execFile)(command, ['-c', IS_NEW_ENOUGH]).then(() => true, () => false); // prettier-ignore
    if (isGood) return command;
  }
  throw new UserError('The fuzzer schemathesis needs Python 3.10 or newer with its module venv, and PATH has none. Install one.');
} // prettier-ignore

/**
 * The fuzzer, in a Python environment of its own in the cache; made once.
 *
 * @returns the absolute path of its command
 */
export async function findSchemathesis({ cacheFolder, env }: ServersConfig, say: Say): Promise<string> {
  const folder = join(cacheFolder, 'fuzz', `schemathesis-${SCHEMATHESIS_VERSION}`);
  const command = join(folder, 'bin', 'schemathesis');
  await mkdir(join(cacheFolder, 'fuzz'), { recursive: true });
  const lock = await waitForFileLock(`${folder}.lock`, () => {
    say('Another process is installing schemathesis; waiting for it …');
  });
  try {
    if (existsSync(command)) return command;
    const python = await findPython();
    say(`Installing schemathesis ${SCHEMATHESIS_VERSION} …`);
    await rm(folder, { recursive: true, force: true });
    await runQuietly(python, ['-m', 'venv', folder], { env });
    const pip = ['-m', 'pip', 'install', '--quiet', `schemathesis==${SCHEMATHESIS_VERSION}`];
    await runQuietly(join(folder, 'bin', 'python'), pip, { env });
    return command;
  } catch (error) {
    await rm(command, { force: true });
    throw error instanceof UserError ? error : new UserError(`schemathesis could not be installed: ${String(error)}`);
  } finally {
    lock.release();
  }
}
