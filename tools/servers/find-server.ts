import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { setGlobalProxyFromEnv } from 'node:http';
import { dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { waitForFileLock } from '../processes/file-lock.mjs';
import type { Say } from '../terminal/say.ts';
import { UserError } from '../terminal/user-error.ts';
import type { ServersConfig } from './config.ts';
import type { ServerEntry } from './server-table.ts';

const VERSION_TIMEOUT_MS = 10_000;

/**
 * The binary of a server: what the environment variable names, else what PATH has, else what was obtained before, else
 * obtained now. Two callers at once obtain it once.
 *
 * @returns an absolute path
 * @throws UserError that names what to install and which variable to set
 */
export async function findServer(entry: ServerEntry, config: ServersConfig, say: Say): Promise<string> {
  const named = config.variables[entry.variable];
  if (named !== undefined && named !== '') return checkNamed(entry, named);
  const inPath = await findInPath(entry, config.path);
  if (inPath !== undefined) return inPath;
  const target = cachedPath(entry, config.cacheFolder);
  if (await isExecutable(target)) return target;
  return obtain(entry, config, say, target);
}

/** Version and machine are in the name: a cache may be shared by machines, and another pin must not find the old file. */
export function cachedPath(entry: Pick<ServerEntry, 'commands' | 'version'>, cacheFolder: string): string {
  const name = entry.commands[0] ?? 'server';
  return join(cacheFolder, 'servers', `${name}-${entry.version}-${process.platform}-${process.arch}`);
}

/** @example `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)` is 1.5 */
export function parseVersion(output: string): { major: number; minor: number } | undefined {
  const match = /(\d+)\.(\d+)/.exec(output);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

async function checkNamed(entry: ServerEntry, named: string): Promise<string> {
  // What a person names is never passed over in silence.
  const isFolder = await stat(named).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const path = isFolder ? join(named, entry.commands[0] ?? '') : named;
  if (!isAbsolute(path)) throw new UserError(`${entry.variable} must be an absolute path; it is "${path}".`);
  if (!(await isExecutable(path))) {
    throw new UserError(`${entry.variable} names ${path}, which is not a program that can be run.`);
  }
  return path;
}

async function findInPath(entry: ServerEntry, folders: readonly string[]): Promise<string | undefined> {
  for (const command of entry.commands) {
    for (const folder of folders) {
      const path = join(folder, command);
      if (isAbsolute(folder) && (await isExecutable(path)) && (await isNewEnough(entry, path))) return path;
    }
  }
  return undefined;
}

async function isNewEnough(entry: ServerEntry, path: string): Promise<boolean> {
  const min = entry.versionMin;
  if (min === undefined) return true;
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: VERSION_TIMEOUT_MS }).catch(() => ({
    stdout: '',
  }));
  const version = parseVersion(stdout);
  if (version === undefined) return false;
  return version.major > min.major || (version.major === min.major && version.minor >= min.minor);
}

async function obtain(entry: ServerEntry, config: ServersConfig, say: Say, target: string): Promise<string> {
  await mkdir(dirname(target), { recursive: true });
  const lock = await waitForFileLock(`${target}.lock`, (holder) => {
    say(`Process ${String(holder?.pid)} is obtaining the ${entry.name} already; waiting for it …`);
  });
  // Node's fetch goes round HTTPS_PROXY unless told not to.
  const restoreProxy = setGlobalProxyFromEnv(config.env);
  try {
    if (await isExecutable(target)) return target;
    const inPath = await findInPath(entry, config.path);
    if (inPath !== undefined) return inPath;
    say(`The ${entry.name} is not installed (neither ${entry.variable} nor PATH has it).`);
    for (const step of entry.steps) {
      say(`Trying ${step.title} …`);
      try {
        return await step.obtain({ config, say, target });
      } catch (error) {
        say(`That did not work: ${error instanceof Error ? error.message : String(error)}.`);
      }
    }
  } finally {
    restoreProxy();
    lock.release();
  }
  throw new UserError(
    `The ${entry.name} is needed and could not be obtained: ${entry.advice}, ` +
      `or set ${entry.variable} to the path of one.`,
  );
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
