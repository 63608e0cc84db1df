import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { PRIORITY, WorkQueue } from './work-queue.ts';

async function take(queue: WorkQueue): Promise<string | undefined> {
  return (await queue.get())?.key;
}

describe('a work queue', () => {
  it('gives a key once, however often it was added meanwhile', async () => {
    const queue = new WorkQueue();
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
    expect([await take(queue), await take(queue)]).toEqual(['a', 'b']);
    expect(queue.sizes().ready).toBe(0);
  });

  it('gives a key again that was added while it was worked on, and only after that', async () => {
    const queue = new WorkQueue();
    queue.add('a');
    await queue.get();
    queue.add('a');
    queue.add('b');
    expect(await take(queue)).toBe('b');
    expect(queue.sizes()).toEqual({ ready: 0, processing: 2, delayed: 0 });
    queue.done('a');
    expect(await take(queue)).toBe('a');
  });

  it('gives changes before what is only looked at again, and each in the order of coming', async () => {
    const queue = new WorkQueue();
    queue.add('resync-1', PRIORITY.resync);
    queue.add('change-1');
    queue.add('resync-2', PRIORITY.resync);
    queue.add('change-2');
    queue.add('resync-2');
    const order = [await take(queue), await take(queue), await take(queue), await take(queue)];
    expect(order).toEqual(['change-1', 'change-2', 'resync-2', 'resync-1']);
  });

  it('waits longer after each failure of a key, up to a bound, and forgets them when told', () => {
    jest.useFakeTimers();
    try {
      const queue = new WorkQueue({ backOffMs: { min: 5, max: 1000 } });
      const waits: number[] = [];
      for (let round = 0; round < 10; round += 1) {
        queue.addAfterFailure('a');
        const began = performance.now();
        while (queue.sizes().ready === 0) jest.advanceTimersByTime(1);
        waits.push(Math.round(performance.now() - began));
        void queue.get();
        queue.done('a');
      }
      expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
      queue.forget('a');
      expect(queue.failuresOf('a')).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('takes the sooner of two wishes to come back, and a change does not wait for either', async () => {
    const queue = new WorkQueue();
    queue.addAfter('a', 60_000);
    queue.addAfter('a', 120_000);
    expect(queue.sizes()).toEqual({ ready: 0, processing: 0, delayed: 1 });
    queue.add('a');
    expect(queue.sizes()).toEqual({ ready: 1, processing: 0, delayed: 0 });
    expect(await take(queue)).toBe('a');
    queue.close();
  });

  it('lets everybody go who waits when it is closed', async () => {
    const queue = new WorkQueue();
    const waiting = [queue.get(), queue.get()];
    queue.close();
    expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
    queue.add('a');
    expect(await queue.get()).toBeUndefined();
  });

  it('loses no key and gives none to two at once, in whatever order things happen', async () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      fc.record({ add: key, priority: fc.constantFrom(-100, 0, 100) }),
      fc.constant({ get: true }),
      fc.record({ done: key }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const queue = new WorkQueue();
        const owed = new Set<string>();
        const held = new Set<string>();
        for (const one of steps) {
          if ('add' in one) {
            queue.add(one.add, one.priority);
            owed.add(one.add);
          } else if ('get' in one) {
            if (queue.sizes().ready === 0) continue;
            const got = await take(queue);
            if (got === undefined) throw new Error('the queue is open');
            expect(held.has(got)).toBe(false);
            held.add(got);
            owed.delete(got);
          } else if (held.delete(one.done)) {
            queue.done(one.done);
          }
        }
        for (const one of held) queue.done(one);
        const rest = new Set<string>();
        while (queue.sizes().ready > 0) rest.add((await take(queue)) ?? '');
        expect(rest).toEqual(owed);
      }),
    );
  });
});
