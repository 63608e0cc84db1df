import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { originalKey } from '@hortus/contracts/object-key';
import { removalWorkflowId } from '@hortus/contracts/removal';
import { openTestGarden, type TestGarden } from '../test-garden.ts';

jest.setTimeout(120_000);

const temporalAddress = process.env['HORTUS_TEST_TEMPORAL_ADDRESS'] ?? '';

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 3000; attempt += 1) {
    if (await holds()) return;
    await sleep(10);
  }
  throw new Error('waited in vain for 30 s');
}

describe('removeWorkspace', () => {
  let garden: TestGarden;
  beforeAll(async () => {
    garden = await openTestGarden(temporalAddress);
    garden.api.answers['/removal'] = { isDue: true };
    garden.api.answers['/rows'] = { isDone: false };
    await garden.startWorkers();
  });
  afterAll(() => garden.close());

  it('goes on where it was when a worker dies and the api hangs up, and counts nothing twice', async () => {
    const workspaceId = randomUUID();
    for (const name of ['a', 'b', 'c']) {
      await garden.objects.put(originalKey(workspaceId, name.repeat(64)), Buffer.from(name));
    }
    let isRemoving = false;
    garden.api.trouble = ({ path }) => {
      if (path.endsWith('/rows')) isRemoving = true;
      return path.endsWith('/rows') ? 'hang up' : undefined;
    };
    const run = await garden.removeWorkspace(workspaceId);
    await until(() => isRemoving);
    await garden.stopWorkers();
    garden.api.answers['/rows'] = { isDone: true };
    let troubles = 3;
    garden.api.trouble = ({ path }) => (path.endsWith('/receipt') && troubles-- > 0 ? 'UNAVAILABLE' : undefined);
    await garden.startWorkers();
    const counts = { objects: 3, objectBytes: 3, stoppedRuns: 0, removedRuns: 0 };
    await expect(run.result()).resolves.toEqual({ outcome: 'removed', ...counts });
    expect(garden.api.bodies('/receipt').at(-1)).toEqual(counts);
    for await (const { key } of garden.objects.list(workspaceId)) throw new Error(`${key} is left`);
    expect(run.workflowId).toBe(removalWorkflowId(workspaceId));
  });
});
