import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputLine } from '../terminal/log-line.ts';
import { identifyProcess, type ProcessIdentity } from './process-identity.mjs';

/** What to run. `env` is all that the program gets: nothing is inherited unseen. */
export interface ProgramCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Only root can set them. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProgram {
  readonly identity: ProcessIdentity;
  /** Settles when the program and all it left in its group are gone and its output is read to the end. */
  readonly exited: Promise<ProgramExit>;
  hasExited(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Asks by `signal`, ends the whole group when that takes longer than the bound. */
  stop(signal: NodeJS.Signals, timeoutMs: number): Promise<ProgramExit>;
  /** SIGKILL to the whole group. */
  kill(): Promise<ProgramExit>;
}

/** A grandchild that left the group could hold the pipes open for ever; its output is not worth more than this. */
const LAST_OUTPUT_MS = 1_000;

/**
 * Starts a program in a process group of its own, so that Ctrl-C at the terminal reaches only the starter, which then
 * stops everything in order, and so that a kill reaches what the program started itself.
 */
export async function startProgram(
  command: ProgramCommand,
  onLine: (line: OutputLine) => void,
): Promise<RunningProgram> {
  const child = spawn(command.command, command.args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  });
  const lines = (['stdout', 'stderr'] as const).map(async (stream) => {
    for await (const text of createInterface({ input: child[stream], crlfDelay: Infinity })) onLine({ stream, text });
  });
  let exit: ProgramExit | undefined;
  // However this process exits (but for SIGKILL), nothing that it started goes on unseen.
  const killAtExit = (): void => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  };
  process.once('exit', killAtExit);
  const exited = new Promise<ProgramExit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      process.off('exit', killAtExit);
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
      const ended = { code, signal };
      void Promise.race([Promise.allSettled(lines), sleep(LAST_OUTPUT_MS, undefined, { ref: false })]).then(() => {
        resolve(ended);
      });
    });
  });
  const { pid } = child;
  if (pid === undefined) {
    process.off('exit', killAtExit);
    const [error] = (await once(child, 'error')) as [Error];
    throw error;
  }
  const kill = (): Promise<ProgramExit> => {
    if (exit === undefined) signalGroup(pid, 'SIGKILL');
    return exited;
  };
  return {
    // A program can be gone before it is looked at; then no process will ever have this identity, which is right.
    identity: identifyProcess(pid) ?? { pid, startedAt: 'gone' },
    exited,
    hasExited: () => exit !== undefined,
    signal: (signal) => {
      if (exit === undefined) child.kill(signal);
    },
    kill,
    stop: async (signal, timeoutMs) => {
      if (exit === undefined) child.kill(signal);
      const ended = await withinMs(exited, timeoutMs);
      return ended ?? (await kill());
    },
  };
}

/** @returns false when the group is already empty */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function withinMs<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const cancel = new AbortController();
  const timeout = sleep(timeoutMs, undefined, { signal: cancel.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    cancel.abort();
  }
}
