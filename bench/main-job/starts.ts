import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { chooseFreePortVariables } from '../../tools/start/free-port-variables.ts';
import { readRunRecord } from '../../tools/start/run-record.ts';
import type { Figure } from '../figure.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const FRESH_S_MAX = 180;
const COLD_S_MAX = 1200;
const SECOND_S_MAX = 10;
/** The demo's pictures are being made after a first start; idle is when no more processor time is spent. */
const IDLE_MS_MAX = 20 * 60_000;

interface Started {
  readonly child: ChildProcess;
  readonly seconds: number;
}

/** `npm start` in a clone, until the ready line. */
async function start(clone: string, env: NodeJS.ProcessEnv): Promise<Started> {
  const begunAt = performance.now();
  const child = spawn('npm', ['start'], { cwd: clone, env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  let text = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    process.stdout.write(String(chunk));
    if (text.includes('Hortus is ready at')) {
      child.stdout.resume();
      return { child, seconds: (performance.now() - begunAt) / 1000 };
    }
  }
  throw new Error('npm start ended before the ready line');
}

/** Ctrl-C, as a terminal sends it: to the whole group of the starter. */
async function stop({ child }: Started): Promise<void> {
  const gone = once(child, 'exit');
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  await gone;
}

function listProcesses(home: string): readonly { name: string; pid: number }[] {
  const record = readRunRecord(join(home, 'run.json'));
  if (record === undefined) throw new Error('the product says nothing of what runs');
  return record.children;
}

/** Resident memory and processor time of a process and all that it started. */
async function measureTree(root: number): Promise<{ mib: number; ticks: number }> {
  const { stdout } = await run('ps', ['-e', '-o', 'pid=,ppid=,rss=,cputimes=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = new Set([root]);
  for (let size = 0; size !== tree.size;) {
    size = tree.size;
    for (const [pid = 0, parent = 0] of rows) if (tree.has(parent)) tree.add(pid);
  }
  const members = rows.filter(([pid = 0]) => tree.has(pid));
  return {
    mib: members.reduce((sum, [, , kib = 0]) => sum + kib, 0) / 1024,
    ticks: members.reduce((sum, [, , , seconds = 0]) => sum + seconds, 0),
  };
}

async function untilIdle(pids: readonly number[]): Promise<void> {
  const endAt = Date.now() + IDLE_MS_MAX;
  for (let last = -1; Date.now() < endAt;) {
    const now = (await Promise.all(pids.map(measureTree))).reduce((sum, { ticks }) => sum + ticks, 0);
    if (now - last <= 1) return;
    last = now;
    await pause(5000);
  }
}

/** From a fresh clone to the ready line, again with everything there, and what the idle product weighs. */
export async function measureStarts({ isCold }: { isCold: boolean }): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hortus-starts-'));
  const figures: Figure[] = [];
  try {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(HORTUS_|npm_)/.test(name)));
    const env = { ...own, ...(await chooseFreePortVariables()) };

    if (isCold) {
      const clone = join(folder, 'cold');
      await run('git', ['clone', '--quiet', checkout, clone]);
      const cache = join(folder, 'cache');
      const cold = await start(clone, {
        ...env,
        XDG_CACHE_HOME: cache,
        npm_config_cache: join(cache, 'npm'),
        GOCACHE: join(cache, 'go-build'),
        GOMODCACHE: join(cache, 'go-mod'),
        GOFLAGS: '-modcacherw',
        TEMPORAL_CLI: '',
      });
      await stop(cold);
      figures.push({
        what: 'fresh clone, empty caches, all builds → ready',
        measured: `${cold.seconds.toFixed(0)} s`,
        against: '',
        bar: `≤ ${String(COLD_S_MAX)} s`,
        isReached: cold.seconds <= COLD_S_MAX,
      });
    }

    const clone = join(folder, 'warm');
    await run('git', ['clone', '--quiet', checkout, clone]);
    const fresh = await start(clone, env);
    await stop(fresh);
    const second = await start(clone, env);
    try {
      const programs = listProcesses(join(clone, '.hortus'));
      await untilIdle(programs.map(({ pid }) => pid));
      const weights = await Promise.all(
        programs.map(async ({ name, pid }) => ({ name, mib: (await measureTree(pid)).mib })),
      );
      figures.push(
        {
          what: 'fresh clone, package caches warm → ready',
          measured: `${fresh.seconds.toFixed(0)} s`,
          against: '',
          bar: `≤ ${String(FRESH_S_MAX)} s`,
          isReached: fresh.seconds <= FRESH_S_MAX,
        },
        {
          what: 'second npm start → ready',
          measured: `${second.seconds.toFixed(1)} s`,
          against: '',
          bar: `≤ ${String(SECOND_S_MAX)} s`,
          isReached: second.seconds <= SECOND_S_MAX,
        },
        ...weights.map(({ name, mib }): Figure => ({
          what: `idle memory of ${name}`,
          measured: `${mib.toFixed(0)} MiB`,
          against: '',
          bar: '',
          isReached: null,
        })),
      );
    } finally {
      await stop(second);
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
