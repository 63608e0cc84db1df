/**
 * Work that takes whole seconds of processor time (AVIF, drawing) runs in a process of its own at the lowest priority of
 * the operating system. So WebP gets nearly the whole processor however long the backlog of AVIF is; memory goes back when
 * the process ends; and a crash of the native code, or the kernel's killer of large processes, ends one picture's process
 * and not the worker. The process gets no environment, hence no key and no address: what it decodes is not trusted.
 *
 * Protocol, over Node's channel between parent and child:
 *
 *     parent → child   the request, once
 *     child → parent   { answer } any number of times, then { end } or { error }, and the child ends
 *
 * The channel closes without `end` or `error` when the child has died. The child kills itself when the channel closes, so
 * that it never outlives its parent.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

type Message<Answer> = { answer: Answer } | { end: true } | { error: { name: string; message: string } };

/** The process ended before it was done: killed by the kernel for its memory, or by a fault in native code. */
export class ProcessDiedError extends Error {
  override readonly name = 'ProcessDiedError';
}

/** The lowest priority. Linux keeps it per thread, and threads inherit it: it is set before the child has made its own. */
function lowerPriority(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {
    // The child has died already, which the channel tells, with the reason.
  }
}

/**
 * Runs a program that calls {@link answerParent} and yields its answers as they come.
 *
 * @throws ProcessDiedError when the process ends too soon; an Error with the child's message when it says what went wrong;
 *   the signal's reason when that is aborted, after the process was killed
 */
export async function* askLowPriorityProcess<Answer>(
  program: URL,
  request: object,
  signal: AbortSignal,
): AsyncGenerator<Answer, void, undefined> {
  signal.throwIfAborted();
  const child = fork(program, {
    env: {},
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  lowerPriority(child);
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, killedBy) => {
      resolve(killedBy ?? `exit code ${String(code)}`);
    });
  });
  try {
    const messages = on(child, 'message', { signal, close: ['disconnect'] });
    child.send(request);
    for await (const [message] of messages as AsyncIterable<[Message<Answer>]>) {
      if ('end' in message) return;
      if ('error' in message) throw Object.assign(new Error(message.error.message), { name: message.error.name });
      yield message.answer;
    }
    const how = await ended;
    throw new ProcessDiedError(
      `the process ended too soon, by ${how}${complaint === '' ? '' : `: ${complaint.trim()}`}`,
    );
  } catch (error) {
    signal.throwIfAborted(); // Instead of the AbortError that `on` makes of it.
    throw error;
  } finally {
    child.kill('SIGKILL');
  }
}

/** The child's side: answers the one request that comes, and ends the process. */
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
  process.once('message', (request) => {
    void (async () => {
      try {
        for await (const one of answer(request as never)) await send({ answer: one });
        await send({ end: true });
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        await send({ error: { name, message } });
      }
      kill();
    })();
  });
}
