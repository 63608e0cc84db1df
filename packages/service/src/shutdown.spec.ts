import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
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

  it('ends at once at a second signal', async () => {
    const { exited, signal } = begin([{ name: 'hangs', run: () => new Promise(() => undefined) }]);
    signal('SIGTERM');
    signal('SIGTERM');
    expect(await exited).toBe(1);
  });

  it('does not wait for ever', async () => {
    const { exited, signal } = begin([{ name: 'hangs', run: () => new Promise(() => undefined) }], 1);
    signal('SIGTERM');
    // The shutdown's own timer does not keep a process alive; this one keeps the test alive until it has come.
    const alive = setInterval(() => undefined, 5);
    expect(await exited).toBe(1);
    clearInterval(alive);
  });

  it('can begin from within, with an exit code', async () => {
    const { exited, shutDown } = begin([]);
    shutDown('a worker failed', 1);
    expect(await exited).toBe(1);
  });
});
