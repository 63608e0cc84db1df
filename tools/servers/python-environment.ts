import { execFile } from 'node:child_process';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { waitForFileLock } from '../processes/file-lock.mjs';
import { runQuietly } from './run-quietly.ts';

const run = promisify(execFile);
const ANSWER_TIMEOUT_MS = 10_000;
const NAMES = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3'];
const IS_NEW_ENOUGH = 'import sys; sys.exit(sys.version_info < (3, 11))';

/** The newest Python of the PATH, 3.11 or later; undefined where there is none. */
async function findPython(): Promise<string | undefined> {
  for (const name of NAMES) {
    const answer = await run(name, ['-c', IS_NEW_ENOUGH], { timeout: ANSWER_TIMEOUT_MS }).catch(() => null);
    if (answer !== null) return name;
  }
  return undefined;
}

/**
 * The programs of Python packages, in an environment of their own that later runs find again.
 *
 * @param packages each with its version; the first gives the environment its name
 * @returns the folder of the programs, or why there is none
 */
export async function ensurePythonEnvironment(
  packages: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly programs: string } | { readonly missing: string }> {
  const name = packages[0].replace('==', '-');
  const cache = env['XDG_CACHE_HOME'] ?? join(env['HOME'] ?? homedir(), '.cache');
  const folder = join(cache, 'hortus', 'python', name);
  const programs = join(folder, 'bin');
  const mark = join(folder, 'complete');
  await mkdir(dirname(folder), { recursive: true });
  const lock = await waitForFileLock(`${folder}.lock`, () => undefined);
  try {
    const isComplete = await access(mark).then(
      () => true,
      () => false,
    );
    if (isComplete) return { programs };
    const python = await findPython();
    if (python === undefined) return { missing: 'no Python 3.11 or later is on the PATH' };
    await rm(folder, { recursive: true, force: true });
    await runQuietly(python, ['-m', 'venv', folder], { env });
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
    await runQuietly(join(programs, 'python'), [...install, ...packages], { env });
    await writeFile(mark, '');
    return { programs };
  } catch (error) {
    return {
      missing: `${packages[0]} could not be installed: ${error instanceof Error ? error.message : String(error)}`,
    };
  } finally {
    lock.release();
  }
}
