import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PURGE_SCHEDULE_ID } from '@hortus/contracts/gardener';
import { openTestGarden, type TestGarden } from '../test-garden.ts';
import { ensurePurgeSchedule } from './schedule.ts';

let garden: TestGarden;
/** What the api answers next; the last one again and again. */
let parts: { after: string | null; isDone: boolean; artifacts: number; objects: number }[] = [];

beforeAll(async () => {
  garden = await openTestGarden(process.env['HORTUS_TEST_TEMPORAL_ADDRESS'] ?? '');
  Object.defineProperty(garden.api.answers, '/trash/purge', {
    enumerable: true,
    get: () => (parts.length > 1 ? parts.shift() : parts[0]),
  });
  await garden.startWorkers();
}, 120_000);

afterAll(() => garden.close(), 120_000);

jest.setTimeout(120_000);

const asked = () => garden.api.bodies<{ after: string | null }>('/trash/purge').map(({ after }) => after);

describe('purgeTrash', () => {
  it('goes on where the api says, until nothing is left', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    parts = [
      { after: one, isDone: false, artifacts: 500, objects: 10 },
      { after: two, isDone: false, artifacts: 1, objects: 0 },
      { after: two, isDone: true, artifacts: 0, objects: 5 },
    ];
    const before = asked().length;
    const run = await garden.purge('in parts');
    await expect(run.result()).resolves.toEqual({ artifacts: 501, objects: 15 });
    expect(asked().slice(before)).toEqual([null, one, two]);
  });

  it('goes on when the api was away', async () => {
    parts = [{ after: null, isDone: true, artifacts: 2, objects: 0 }];
    let left = 2;
    garden.api.trouble = () => (left-- > 0 ? 'UNAVAILABLE' : undefined);
    const run = await garden.purge('in trouble');
    await expect(run.result()).resolves.toEqual({ artifacts: 2, objects: 0 });
    garden.api.trouble = () => undefined;
  });

  it('goes on in a new run before its history grows too long', async () => {
    const workspaceId = randomUUID();
    parts = Array.from({ length: 205 }, (_, index) => ({
      after: workspaceId,
      isDone: index === 204,
      artifacts: 1,
      objects: 0,
    }));
    const run = await garden.purge('long');
    await expect(run.result()).resolves.toEqual({ artifacts: 205, objects: 0 });
    const { runId } = await garden.client.workflow.getHandle('long').describe();
    expect(runId).not.toBe(run.firstExecutionRunId);
  });

  it('is started by one schedule for the instance, however many workers ensure it, and stays paused where it was', async () => {
    await Promise.all([1, 2, 3].map(() => ensurePurgeSchedule(garden.client)));
    const schedules: string[] = [];
    const handle = garden.client.schedule.getHandle(PURGE_SCHEDULE_ID);
    const described = await handle.describe();
    for await (const { scheduleId } of garden.client.schedule.list()) schedules.push(scheduleId);
    expect(schedules.filter((id) => id !== PURGE_SCHEDULE_ID)).toEqual([]);
    expect(described.policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 60 * 60 * 1000 });
    await handle.pause('of the test');
    await ensurePurgeSchedule(garden.client);
    expect((await handle.describe()).state).toMatchObject({ paused: true, note: 'of the test' });

    parts = [{ after: null, isDone: true, artifacts: 7, objects: 0 }];
    const before = asked().length;
    await handle.trigger();
    await garden.api.waitFor(before + 1, '/trash/purge');
    expect(asked().at(-1)).toBeNull();
    await handle.delete();
  });
});
