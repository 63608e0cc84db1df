import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openTestGarden, type TestGarden } from '../test-garden.ts';
import { quarters } from './test-pictures.ts';

jest.setTimeout(120_000);

let garden: TestGarden;

beforeAll(async () => {
  garden = await openTestGarden(process.env['HORTUS_TEST_TEMPORAL_ADDRESS'] ?? '');
}, 120_000);

afterAll(() => garden.close(), 120_000);

const QUICK = { widthsPx: [16], formats: ['webp'] } as const;
const BACKLOG = 200;
/** Steps that are taken in turns: those in flight, and a few, since a queue has several partitions. */
const AHEAD_MAX = 40;

describe('two workspaces', () => {
  it('take turns: one picture of the small is not behind the 200 that the large one has put in before', async () => {
    const bytes = await quarters(16, 12).png().toBuffer();
    const large: unknown[] = [];
    // In parts, so that all of them are in their queues before the small one comes.
    for (let count = 0; count < BACKLOG; count += 20) {
      large.push(...(await Promise.all(Array.from({ length: 20 }, () => garden.plant(bytes, QUICK)))));
    }
    const small = await garden.plant(bytes, QUICK, randomUUID());
    await garden.startWorkers();
    await small.run.result();
    const done = garden.api.received.filter(({ path }) => path.endsWith('/outcome')).map(({ path }) => path);
    const ahead = done.findIndex((path) => path.includes(small.artifactId));
    expect(large).toHaveLength(BACKLOG);
    expect(ahead).toBeGreaterThanOrEqual(0);
    expect(ahead).toBeLessThan(AHEAD_MAX);
  });
});
