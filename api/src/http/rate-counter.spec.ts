import { describe, expect, it } from '@jest/globals';
import { createMemoryCounter } from './rate-counter.ts';

describe('counting in memory', () => {
  it('counts each key by itself until its window ends, and begins anew then', async () => {
    let now = 0;
    const counter = createMemoryCounter(() => now);
    expect(await counter.count('a', 1000)).toEqual({ current: 1, ttl: 1000 });
    now = 400;
    expect(await counter.count('a', 1000)).toEqual({ current: 2, ttl: 600 });
    expect(await counter.count('b', 1000)).toEqual({ current: 1, ttl: 1000 });
    now = 1000;
    expect(await counter.count('a', 1000)).toEqual({ current: 1, ttl: 1000 });
    expect(await counter.count('b', 1000)).toEqual({ current: 2, ttl: 400 });
  });

  it('remembers no more keys than it may, and forgets the one that began first', async () => {
    const counter = createMemoryCounter(() => 0, 2);
    for (const key of ['a', 'b', 'a', 'c']) await counter.count(key, 1000);
    expect(await counter.count('b', 1000)).toMatchObject({ current: 2 });
    expect(await counter.count('a', 1000)).toMatchObject({ current: 1 });
  });
});
