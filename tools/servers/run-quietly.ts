import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Runs a compiler or installer to its end, showing nothing of it.
 *
 * @param onLine sees each line of its output, for a figure of progress
 * @throws Error with its last lines when it fails
 */
export async function runQuietly(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env: NodeJS.ProcessEnv; readonly onLine?: (line: string) => void },
): Promise<void> {
  const child = spawn(command, args, {
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      options.onLine?.(line);
    });
  }
  // Whoever ends the starter does not want a compiler to go on behind it.
  const killAtExit = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killAtExit);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  process.off('exit', killAtExit);
  if (code !== 0) throw new Error(`${command} ended with ${signal ?? String(code)}: ${tail.join(' | ').trim()}`);
}

const TAIL_LINES = 5;
