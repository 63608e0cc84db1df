import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitForFileLock } from '../processes/file-lock.mjs';
import type { ProgramCommand } from '../processes/program.ts';
import { sayProgress, type Say } from '../terminal/say.ts';
import { UserError } from '../terminal/user-error.ts';
import type { StartConfig } from './config.ts';
import { webFolder } from './program-env.ts';
import { hashSources } from './source-hash.ts';
import type { SupervisedProgram, Supervisor } from './supervisor.ts';

/** All that a build of the web app is made of. */
const SOURCES = ['web', 'packages/contracts/src', 'package-lock.json'];
const FIRST_WATCH_BUILD_MS = 300_000;

/**
 * Builds the web app when it was never built, or from other sources. The hash of the sources is written after the
 * build, so an interrupted build is done again.
 *
 * @returns what was done, for the step's line
 */
export async function buildWebIfStale(config: StartConfig, supervisor: Supervisor, say: Say): Promise<string> {
  const { checkout } = config;
  const hash = await hashSources(checkout, SOURCES);
  if (await isBuilt(checkout, hash)) return 'built already';
  const lock = await waitForFileLock(`${hashPath(checkout)}.lock`, (holder) => {
    say(`process ${String(holder?.pid)} is building it already; waiting for it …`);
  });
  try {
    if (await isBuilt(checkout, hash)) return 'built by another start';
    await rm(hashPath(checkout), { force: true });
    const build = supervisor.run('web', 'json', ngBuild(config, []));
    await sayProgress(say, () => 'building', build);
    await writeFile(hashPath(checkout), `${hash}\n`);
    return 'built';
  } finally {
    lock.release();
  }
}

/** The build that goes on by itself at every change of the source, for `npm run dev`. */
export function webWatcher(config: StartConfig): SupervisedProgram {
  const index = join(webFolder(config.checkout), 'index.html');
  const begunAtMs = Date.now();
  return {
    name: 'web',
    form: 'json',
    rank: 5,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
    readyTimeoutMs: FIRST_WATCH_BUILD_MS,
    prepare: async () => {
      // What the watcher leaves is a development build: the next `npm start` must make its own.
      await rm(hashPath(config.checkout), { force: true });
      return ngBuild(config, ['--watch', '--configuration', 'development']);
    },
    isReady: async () => ((await stat(index).catch(() => undefined))?.mtimeMs ?? 0) >= begunAtMs,
  };
}

function hashPath(checkout: string): string {
  return join(checkout, 'web', 'dist', 'sources.sha256');
}

async function isBuilt(checkout: string, hash: string): Promise<boolean> {
  const built = await readFile(hashPath(checkout), 'utf8').catch(() => '');
  return built.trim() === hash && existsSync(join(webFolder(checkout), 'index.html'));
}

function ngBuild({ checkout, machineEnv }: StartConfig, args: readonly string[]): ProgramCommand {
  const web = join(checkout, 'web');
  const ng = [checkout, web]
    .map((folder) => join(folder, 'node_modules', '@angular', 'cli', 'bin', 'ng.js'))
    .find((path) => existsSync(path));
  if (ng === undefined) throw new UserError('The Angular CLI is not installed; run npm ci.');
  return {
    command: process.execPath,
    args: [ng, 'build', ...args],
    cwd: web,
    env: { ...machineEnv, NG_CLI_ANALYTICS: 'false' },
  };
}
