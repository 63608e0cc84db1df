/**
 * Pictures are decoded, encoded and drawn by processes of their own. So the worker's own thread is always free to beat and
 * to poll; a crash of native code, or the kernel's killer of large processes, ends one picture's process and not the worker;
 * work that takes too long is ended, which native code in a thread can not be; and memory goes back to the system when the
 * process ends. A process gets no environment, hence no key and no address: what it decodes is not trusted.
 *
 * Protocol, over Node's channel between parent and child:
 *
 *     parent → child   a request
 *     child → parent   { answer } any number of times, then { end } or { error }; then the next request may come
 *
 * The channel closes without `end` or `error` when the child has died. The child kills itself when the channel closes, so
 * that it never outlives its parent.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';

type Message<Answer> = { answer: Answer } | { end: true } | { error: { name: string; message: string } };

/** The process ended before it was done: killed by the kernel for its memory, or by a fault in native code. */
export class ProcessDiedError extends Error {
  override readonly name = 'ProcessDiedError';
}

/** The process was ended, since it used more processor time for one answer than an answer may take. */
export class ProcessTooSlowError extends Error {
  override readonly name = 'ProcessTooSlowError';
}

export interface ProcessPoolOptions {
  readonly program: URL;
  /** At the lowest priority of the operating system: others get the processor whenever they want it. */
  readonly isLowPriority: boolean;
  /** Requests that one process answers before another takes its place; 1: each request has a process of its own. */
  readonly requestsMax: number;
  /** Processor time that the process may use from one answer to the next, in milliseconds. */
  readonly answerCpuMsMax?: number;
}

interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<string>;
  readonly complaint: () => string;
  requests: number;
  idleTimer?: NodeJS.Timeout;
}

/** The largest animation that is allowed takes half of this for its widest variant. */
const ANSWER_CPU_MS_MAX = 180_000;
const LOOK_AT_CPU_MS = 250;
/** An idle process holds some 60 MB; the next picture after that waits 150 ms for a new one. */
const IDLE_MS_MAX = 60_000;
/** Linux counts processor time in hundredths of a second, whatever its clock does (`USER_HZ`). */
const TICK_MS = 10;
/** Fewer arenas of glibc's allocator give back more (ADR-0020). */
const ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

/** Linux keeps the priority per thread, and threads inherit it: it is set before the child has made its own. */
function lowerPriority(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {
    // The child has died already, which the channel tells, with the reason.
  }
}

/** Processor time of the process so far; of the clock where the system does not tell. */
async function readCpuMs(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'latin1').catch(() => '');
  // The fields behind the name, which is in parentheses and may hold anything: state is the first, user time the twelfth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isNaN(ticks) ? performance.now() : ticks * TICK_MS;
}

/** Processes of one program, started when they are needed and kept for a while. As many run as are asked at once. */
export class ProcessPool implements Disposable {
  readonly #options: ProcessPoolOptions;
  readonly #idle: Child[] = [];

  constructor(options: ProcessPoolOptions) {
    this.#options = options;
  }

  /**
   * Asks a process and yields its answers as they come.
   *
   * @throws ProcessDiedError, ProcessTooSlowError; an Error with the child's message when it says what went wrong; the
   *   signal's reason when that is aborted, after the process was killed
   */
  async *ask<Answer>(request: object, signal: AbortSignal): AsyncGenerator<Answer, void, undefined> {
    signal.throwIfAborted();
    const child = this.#take();
    using watch = this.#watch(child);
    let isWell = false;
    try {
      const stop = AbortSignal.any([signal, watch.signal]);
      const messages = on(child.process, 'message', { signal: stop, close: ['disconnect'] });
      child.process.send(request);
      for await (const [message] of messages as AsyncIterable<[Message<Answer>]>) {
        isWell = 'end' in message || 'error' in message;
        if ('end' in message) return;
        if ('error' in message) throw Object.assign(new Error(message.error.message), { name: message.error.name });
        watch.begin();
        yield message.answer;
      }
      const how = await child.ended;
      const complaint = child.complaint();
      throw new ProcessDiedError(`the process ended too soon, by ${how}${complaint === '' ? '' : `: ${complaint}`}`);
    } catch (error) {
      signal.throwIfAborted(); // Instead of the AbortError that `on` makes of it.
      watch.signal.throwIfAborted();
      throw error;
    } finally {
      if (isWell && child.requests < this.#options.requestsMax) this.#keep(child);
      else child.process.kill('SIGKILL');
    }
  }

  /** Starts a process that waits, so that the first picture does not. */
  warm(): void {
    this.#keep(this.#start());
  }

  [Symbol.dispose](): void {
    for (const { process, idleTimer } of this.#idle.splice(0)) {
      clearTimeout(idleTimer);
      process.kill('SIGKILL');
    }
  }

  #take(): Child {
    for (let child = this.#idle.pop(); child !== undefined; child = this.#idle.pop()) {
      clearTimeout(child.idleTimer);
      if (!child.process.connected) continue; // It died while it was idle.
      child.requests += 1;
      child.process.ref();
      child.process.channel?.ref();
      return child;
    }
    return this.#start();
  }

  #keep(child: Child): void {
    // An idle process is no reason for the worker not to end.
    child.process.unref();
    child.process.channel?.unref();
    child.idleTimer = setTimeout(() => {
      this.#idle.splice(this.#idle.indexOf(child), 1);
      child.process.kill('SIGKILL');
    }, IDLE_MS_MAX).unref();
    this.#idle.push(child);
  }

  #start(): Child {
    const process = fork(this.#options.program, {
      env: ENVIRONMENT,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    if (this.#options.isLowPriority) lowerPriority(process);
    let complaint = '';
    process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    (process.stderr as unknown as { unref(): void } | null)?.unref();
    const ended = new Promise<string>((resolve) => {
      process.once('close', (code, killedBy) => {
        resolve(killedBy ?? `exit code ${String(code)}`);
      });
    });
    return { process, ended, complaint: () => complaint.trim(), requests: 1 };
  }

  /** Aborts its signal when the process has used too much processor time since `begin`. */
  #watch({ process }: Child): Disposable & { readonly signal: AbortSignal; begin(): void } {
    const limitMs = this.#options.answerCpuMsMax ?? ANSWER_CPU_MS_MAX;
    const controller = new AbortController();
    let begunAt: number | null = null;
    const timer = setInterval(() => {
      void readCpuMs(process.pid).then((cpuMs) => {
        begunAt ??= cpuMs;
        if (cpuMs - begunAt > limitMs) controller.abort(new ProcessTooSlowError('it took too much processor time'));
      });
    }, LOOK_AT_CPU_MS);
    return {
      signal: controller.signal,
      begin() {
        begunAt = null;
      },
      [Symbol.dispose]() {
        clearInterval(timer);
      },
    };
  }
}

/** The child's side: answers one request after the other. */
export function answerParent(answer: (request: never) => AsyncIterable<unknown>): void {
  const kill = (): void => {
    // Not `process.exit`, which waits for native threads, hence for the end of an encoding.
    process.kill(process.pid, 'SIGKILL');
  };
  const send = (message: Message<unknown>): Promise<void> =>
    new Promise((resolve) => {
      process.send?.(message, () => {
        resolve();
      });
    });
  process.on('disconnect', kill);
  try {
    // Where memory runs out, the kernel takes this process and not the worker.
    if (process.platform === 'linux') writeFileSync('/proc/self/oom_score_adj', '900');
  } catch {
    // Not allowed in every sandbox; then the kernel chooses by size, and this is the largest.
  }
  process.on('message', (request) => {
    void (async () => {
      try {
        for await (const one of answer(request as never)) await send({ answer: one });
        await send({ end: true });
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        await send({ error: { name, message } });
      }
    })();
  });
}
