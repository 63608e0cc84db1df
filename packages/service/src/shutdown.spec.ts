import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';
import { shutDownOnSignal, type ShutdownStep } from './shutdown.ts';

/** A process that can be told to exit and says how it did. */
function fakeProcess() {
  const exited = Promise.withResolvers<number>();
  const emitter = new EventEmitter();
  const host = Object.assign(emitter, {
    exit: (code: number) => {
      exited.resolve(code);
    },
  }) as unknown as NodeJS.Process;
  return { host, exited: exited.promise, signal: (name: string) => emitter.emit(name) };
}

const logger = createLogger({ service: 'test', level: 'silent' });

function begin(steps: readonly ShutdownStep[], timeoutMs = 10_000) {
  const { host, exited, signal } = fakeProcess();
  const shutDown = shutDownOnSignal({ logger, timeoutMs, steps, process: host });
  return { exited, signal, shutDown };
}

describe('a shutdown', () => {
  it('goes step by step, each after the one before', async () => {
    const order: string[] = [];
    const step = (name: string): ShutdownStep => ({
      name,
      run: async () => {
        order.push(`${name} begins`);
        await Promise.resolve();
        order.push(`${name} ends`);
      },
    });
    const { exited, signal } = begin([step('a'), step('b')]);
    signal('SIGTERM');
    expect(await exited).toBe(0);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('goes on behind a step that fails, and tells it by its exit code', async () => {
    let isClosed = false;
    const { exited, signal } = begin([
      { name: 'fails', run: () => Promise.reject(new Error('no')) },
      { name: 'closes', run: () => void (isClosed = true) },
    ]);
    signal('SIGINT');
    expect(await exited).toBe(1);
    expect(isClosed).toBe(true);
  });

  it('does not wait for ever', async () => {
    const { exited, signal } = begin([{ name: 'hangs', run: () => new Promise(() => undefined) }], 1);
    signal('SIGTERM');
    expect(await exited).toBe(1);
  });

  describe('of a process', () => {
    const children: ChildProcess[] = [];
    afterEach(() => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
    });

    /** A program whose last step is as given; resolves when it stands. */
    async function startProgram(options: { lastStep: string; timeoutMs: number }) {
      const here = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
      const source = `
        import { createLogger } from ${here('./logger.ts')};
        import { shutDownOnSignal } from ${here('./shutdown.ts')};
        const steps = [
          { name: 'first', run: () => console.log('first') },
          { name: 'fails', run: () => { throw new Error('no'); } },
          { name: 'last', run: () => { console.log('last'); return ${options.lastStep}; } },
        ];
        const alive = setInterval(() => undefined, 1000);
        shutDownOnSignal({
          logger: createLogger({ service: 'test', level: 'silent' }),
          timeoutMs: ${String(options.timeoutMs)},
          steps: [{ name: 'idle', run: () => clearInterval(alive) }, ...steps],
        });
        console.log('up');`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: process.env['PATH'] },
      });
      children.push(child);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const exit = once(child, 'exit');
      const next = async () => String((await lines.next()).value);
      expect(await next()).toBe('up');
      return { child, next, exit };
    }

    it('runs every step in order, and tells by its exit code that one failed', async () => {
      const { child, next, exit } = await startProgram({ lastStep: 'undefined', timeoutMs: 60_000 });
      child.kill('SIGTERM');
      expect([await next(), await next()]).toEqual(['first', 'last']);
      expect(await exit).toEqual([1, null]);
    });

    it('ends it at once at a second signal', async () => {
      const { child, next, exit } = await startProgram({ lastStep: 'new Promise(() => {})', timeoutMs: 60_000 });
      child.kill('SIGINT');
      expect([await next(), await next()]).toEqual(['first', 'last']);
      child.kill('SIGTERM');
      expect(await exit).toEqual([1, null]);
    });

    it('that never comes to an end is given up, although nothing else keeps the process alive', async () => {
      const { child, exit } = await startProgram({ lastStep: 'new Promise(() => {})', timeoutMs: 50 });
      child.kill('SIGTERM');
      expect(await exit).toEqual([1, null]);
    });
  });

  it('can begin from within, with an exit code', async () => {
    const { exited, shutDown } = begin([]);
    shutDown('a worker failed', 1);
    expect(await exited).toBe(1);
  });
});
