import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { WORKFLOWS, gardenWorkflowId } from '@hortus/contracts/gardener';
import type { RemovalReceipt } from '@hortus/contracts/removal-api';
import { openTestGarden, type TestGarden } from '../../workflows/src/test-garden.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { TEST_SERVICE_KEY, startTestApi, type TestApi } from './fixtures/api.ts';
import type { TestPerson } from './fixtures/people.ts';
import { readTestEnvironment } from './fixtures/test-environment.ts';

jest.setTimeout(120_000);

const { temporalAddress } = readTestEnvironment();

async function until(holds: () => Promise<boolean>): Promise<void> {
  expect(await waitUntil(holds, 30_000)).toBe(true);
}

/** A run of the workspace that nobody works on, and that Temporal lists. */
async function startIdleRun(garden: TestGarden, workspaceId: string): Promise<string> {
  const workflowId = gardenWorkflowId({ workspaceId, artifactId: randomUUID(), version: 1 });
  await garden.client.workflow.start(WORKFLOWS.gardenArtifact, { workflowId, taskQueue: 'nobody', args: [] });
  await until(async () => (await garden.client.workflow.count(`WorkflowId = '${workflowId}'`)).count === 1);
  return workflowId;
}

async function isKnown(garden: TestGarden, workflowId: string): Promise<boolean> {
  try {
    await garden.client.workflow.getHandle(workflowId).describe();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

describe('removeWorkspace, with the api itself,', () => {
  let api: TestApi;
  let garden: TestGarden;
  let doomed: TestPerson;
  let neighbour: TestPerson;

  beforeAll(async () => {
    api = await startTestApi({ HORTUS_WORKSPACE_GRACE_DAYS: '0' });
    const apiUrl = await api.app.listen({ host: '127.0.0.1', port: 0 });
    garden = await openTestGarden(temporalAddress, { apiUrl, serviceKey: TEST_SERVICE_KEY, objects: api.store });
    await garden.startWorkers();
    doomed = (await api.plant('Doomed', ['owner'])).people.owner;
    neighbour = (await api.plant('Neighbour', ['owner'])).people.owner;
  });
  afterAll(async () => {
    await garden.close();
    await api.close();
  });

  async function listObjects(workspaceId: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of api.store.list(workspaceId)) keys.push(key);
    return keys;
  }
  /** Rows by table, of those that have any. */
  async function countRows(workspaceId: string): Promise<Record<string, number>> {
    const tables = await api.database.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'workspace_id' and a.attnum > 0`,
    );
    const counts: Record<string, number> = {};
    for (const { name } of tables) {
      const sql = `select count(*)::int as count from ${name} where workspace_id = $1`;
      const [row] = await api.database.query<{ count: number }>(sql, [workspaceId]);
      if (row !== undefined && row.count > 0) counts[name] = row.count;
    }
    return counts;
  }
  async function fill(person: TestPerson): Promise<{ workspaceId: string; idle: string; closed: string }> {
    const { workspaceId } = person;
    for (const text of ['one', 'two', 'two']) {
      const { id } = await person.createArtifact({ name: text, tags: ['a tag'] });
      expect((await person.upload(id, Buffer.from(text))).statusCode).toBe(200);
    }
    const scopes = ['read'];
    const of = `/api/v1/workspaces/${workspaceId}`;
    await person.call({ method: 'POST', url: `${of}/tokens`, payload: { name: 'T', scopes, expiresInDays: 1 } });
    await person.call({ method: 'POST', url: `${of}/invitations`, payload: { email: 'x@y.test', role: 'member' } });
    await person.call({ method: 'POST', url: `${of}/switch` });
    const idle = await startIdleRun(garden, workspaceId);
    const closed = await startIdleRun(garden, workspaceId);
    await garden.client.workflow.getHandle(closed).terminate();
    const isClosed = `WorkflowId = '${closed}' AND ExecutionStatus = 'Terminated'`;
    await until(async () => (await garden.client.workflow.count(isClosed)).count === 1);
    return { workspaceId, idle, closed };
  }

  it('leaves nothing of the workspace but a receipt, and everything of its neighbour', async () => {
    const { workspaceId, ...runs } = await fill(doomed);
    const { idle, closed } = await fill(neighbour);
    // More than one batch of rows.
    await api.database.query(
      `insert into artifacts (workspace_id, name) select $1, 'A' || n from generate_series(1, 2500) n`,
      [workspaceId],
    );
    const url = `/api/v1/workspaces/${workspaceId}`;
    await doomed.call({ method: 'DELETE', url, headers: { 'if-match': '*' } });
    const rows = await countRows(workspaceId);
    expect(rows).toMatchObject({ artifacts: 2503, memberships: 1, api_tokens: 1, invitations: 1, artifact_tags: 3 });
    const kept = { rows: await countRows(neighbour.workspaceId), objects: await listObjects(neighbour.workspaceId) };
    expect(kept.objects).toHaveLength(2);

    const run = await garden.removeWorkspace(workspaceId);
    const counts = { objects: 2, objectBytes: 6, stoppedRuns: 1, removedRuns: 2 };
    await expect(run.result()).resolves.toEqual({ outcome: 'removed', ...counts });

    expect(await countRows(workspaceId)).toEqual({});
    expect(await api.database.query('select 1 from workspaces where id = $1', [workspaceId])).toEqual([]);
    expect(await listObjects(workspaceId)).toEqual([]);
    for (const workflowId of Object.values(runs)) {
      await until(async () => !(await isKnown(garden, workflowId)));
    }
    expect(await countRows(neighbour.workspaceId)).toEqual(kept.rows);
    expect(await listObjects(neighbour.workspaceId)).toEqual(kept.objects);
    expect([await isKnown(garden, idle), await isKnown(garden, closed)]).toEqual([true, true]);
    expect((await neighbour.call({ method: 'GET', url: '/api/v1/artifacts' })).statusCode).toBe(200);
    // Whoever had it loses nothing else.
    expect((await doomed.call({ method: 'GET', url: '/api/v1/me' })).json()).toMatchObject({ workspaces: [] });

    const receipts = await api.asService({ method: 'GET', url: '/internal/v1/removals' });
    const [receipt] = receipts.json<{ items: RemovalReceipt[] }>().items.filter(({ id }) => id === workspaceId);
    expect(receipt).toEqual({
      id: workspaceId,
      slug: expect.stringMatching(/^doomed-/),
      deletedAt: expect.any(String),
      beganAt: expect.any(String),
      finishedAt: expect.any(String),
      rows: { ...rows, workspaces: 1 },
      ...counts,
    });
    // A second run has nothing to do, and changes nothing.
    await expect((await garden.removeWorkspace(workspaceId)).result()).resolves.toEqual({ outcome: 'not due' });
  });

  it('does nothing to a workspace that was restored', async () => {
    const run = await garden.removeWorkspace(neighbour.workspaceId);
    await expect(run.result()).resolves.toEqual({ outcome: 'not due' });
    expect((await countRows(neighbour.workspaceId))['memberships']).toBe(1);
  });
});
