import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { createLogger } from '@hortus/service/logger';
import { startController, TerminalError, type Controller, type Outcome } from './controller.ts';
import { createControllerMetrics } from './metrics.ts';
import { WorkQueue } from './work-queue.ts';

function start(options: {
  reconcile: (key: string, signal: AbortSignal) => Promise<Outcome>;
  workers?: number;
  timeoutMs?: number;
}) {
  const registry = new Registry();
  const queue = new WorkQueue({ backOffMs: { min: 1, max: 5 } });
  const logged: string[] = [];
  const logger = createLogger({ service: 'operator', level: 'info' }, { write: (line) => void logged.push(line) });
  const metrics = createControllerMetrics(registry);
  const controller: Controller = startController({ name: 'things', queue, workers: 2, logger, metrics, ...options });
  return { queue, controller, logged, registry };
}

describe('a controller', () => {
  it('repeats a pass that failed until it succeeds, whatever was thrown', async () => {
    const done = Promise.withResolvers<undefined>();
    let tries = 0;
    const { queue, controller, registry, logged } = start({
      reconcile: async () => {
        tries += 1;
        if (tries < 4) throw tries % 2 === 0 ? new Error('not yet') : (null as unknown as Error);
        done.resolve(undefined);
        return {};
      },
    });
    queue.add('a');
    await done.promise;
    await controller.stop();
    expect(queue.failuresOf('a')).toBe(0);
    expect(logged.filter((line) => line.includes('it is repeated'))).toHaveLength(3);
    const text = await registry.metrics();
    expect(text).toContain('controller_runtime_reconcile_total{controller="things",result="error"} 3');
    expect(text).toContain('controller_runtime_reconcile_total{controller="things",result="success"} 1');
    expect(text).toContain('workqueue_retries_total{name="things"} 3');
  });

  it('does not repeat what only a change mends, but hears of the change', async () => {
    const seen: string[] = [];
    const second = Promise.withResolvers<undefined>();
    const { queue, controller } = start({
      reconcile: async (key) => {
        seen.push(key);
        if (seen.length === 2) second.resolve(undefined);
        throw new TerminalError('the quota is no quantity');
      },
    });
    queue.add('a');
    while (queue.sizes().processing + queue.sizes().ready > 0) await new Promise(setImmediate);
    expect(queue.sizes().delayed).toBe(0);
    queue.add('a');
    await second.promise;
    await controller.stop();
    expect(seen).toEqual(['a', 'a']);
  });

  it('works on several keys at a time, and never on one twice', async () => {
    const busy = new Set<string>();
    let most = 0;
    let left = 60;
    const all = Promise.withResolvers<undefined>();
    const { queue, controller } = start({
      workers: 4,
      reconcile: async (key) => {
        expect(busy.has(key)).toBe(false);
        busy.add(key);
        most = Math.max(most, busy.size);
        for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
        busy.delete(key);
        left -= 1;
        if (left > 0) queue.add(`key-${String(left % 7)}`);
        else all.resolve(undefined);
        return {};
      },
    });
    for (let key = 0; key < 7; key += 1) queue.add(`key-${String(key)}`);
    await all.promise;
    await controller.stop();
    expect(most).toBe(4);
  });

  it('ends a pass that takes too long, and all of them when it stops', async () => {
    const begun: string[] = [];
    const ended: string[] = [];
    const hang = (key: string, signal: AbortSignal) =>
      new Promise<Outcome>((_resolve, reject) => {
        begun.push(key);
        signal.addEventListener('abort', () => {
          ended.push(`${key}: ${(signal.reason as Error).name}`);
          reject(signal.reason as Error);
        });
      });
    const slow = start({ reconcile: hang, timeoutMs: 20 });
    slow.queue.add('late');
    while (ended.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await slow.controller.stop();
    expect(ended[0]).toBe('late: TimeoutError');
    const stopped = start({ reconcile: hang });
    stopped.queue.add('cut');
    while (!begun.includes('cut')) await new Promise(setImmediate);
    await stopped.controller.stop();
    expect(ended.at(-1)).toBe('cut: Error');
    expect(stopped.logged).toEqual([]);
  });
});
