import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import type { Artifact } from '@hortus/contracts/artifact';
import { gardenWorkflowId } from '@hortus/contracts/gardener';
import { createMetricsRegistry } from '@hortus/service/admin-server';
import { createLogger } from '@hortus/service/logger';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { makeJpeg } from '../../../tools/test/fixtures/pictures.ts';
import { readTestEnvironment } from '../../../tools/test/fixtures/test-environment.ts';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { startListener, type Listener } from '../db/listener.ts';
import { withScope } from '../db/scope.ts';
import { createApiMetrics } from '../metrics.ts';
import { OUTBOX_CHANNEL, claimIntents } from './outbox-repo.ts';
import { pauseAfter, startOutboxRelay } from './outbox-relay.ts';
import { createWorkflowStarter } from './workflow-starter.ts';

const NAMESPACE = 'hortus';
const WAIT_MS = 20_000;

describe('the relay of the outbox', () => {
  const { temporalAddress } = readTestEnvironment();
  const logger = createLogger({ service: 'api', level: 'silent' });
  let api: TestApi;
  let ada: TestPerson;
  let listener: Listener;
  let connection: Connection;
  let client: Client;

  beforeAll(async () => {
    api = await startTestApi();
    ada = (await api.plant('Outbox', ['owner'])).people.owner;
    listener = startListener({ databaseUrl: api.config.databaseUrl, channels: [OUTBOX_CHANNEL], logger });
    connection = await Connection.connect({ address: temporalAddress });
    client = new Client({ connection, namespace: NAMESPACE });
  }, 30_000);
  afterAll(async () => {
    await listener.close();
    await connection.close();
    await api.close();
  });

  async function upload(): Promise<{ artifact: Artifact; workflowId: string }> {
    const { id } = await ada.createArtifact({ name: 'To be gardened' });
    const artifact = (await ada.upload(id, await makeJpeg(40, 30))).json<Artifact>();
    return { artifact, workflowId: gardenWorkflowId({ workspaceId: ada.workspaceId, artifactId: id, version: 1 }) };
  }

  const countIntents = async () =>
    Number((await api.database.query<{ count: string }>('select count(*) as count from outbox'))[0]?.count);

  async function isStarted(workflowId: string): Promise<boolean> {
    try {
      await client.workflow.getHandle(workflowId).describe();
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  function startRelay(address = temporalAddress) {
    const lines: string[] = [];
    const logger = createLogger({ service: 'api', level: 'info' }, { write: (line) => void lines.push(line) });
    const registry = createMetricsRegistry();
    const starter = createWorkflowStarter({ address, namespace: NAMESPACE });
    const relay = startOutboxRelay({ knex: api.knex, starter, listener, logger, metrics: createApiMetrics(registry) });
    return {
      registry,
      messages: () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg),
      close: async () => {
        await relay.close();
        await starter.close();
      },
    };
  }

  it('has nothing to do for an upload that was rolled back: row and intent are one', async () => {
    const artifact = await ada.createArtifact({ name: 'Never there' });
    const before = await countIntents();
    await api.database.query('alter table events add constraint full_up check (id < 0) not valid');
    try {
      expect((await ada.upload(artifact.id, await makeJpeg(20, 30))).statusCode).toBe(500);
    } finally {
      await api.database.query('alter table events drop constraint full_up');
    }
    expect(await countIntents()).toBe(before);
    const now = await ada.call({ method: 'GET', url: `/api/v1/artifacts/${artifact.id}` });
    expect(now.json()).toEqual(artifact);
  });

  it('starts the workflow of an upload, by an id that can be told from it', async () => {
    const { workflowId } = await upload();
    expect(await isStarted(workflowId)).toBe(false);
    const relay = startRelay();
    try {
      expect(await waitUntil(async () => (await countIntents()) === 0, WAIT_MS)).toBe(true);
      expect(await isStarted(workflowId)).toBe(true);
      const { memo, taskQueue } = await client.workflow.getHandle(workflowId).describe();
      expect(taskQueue).toBe('hortus-io');
      expect(memo).toMatchObject({ workspaceId: ada.workspaceId });
    } finally {
      await relay.close();
    }
  }, 60_000);

  it('starts each once, though two relays are at work and an intent was carried out before', async () => {
    const uploads = await Promise.all(Array.from({ length: 12 }, upload));
    // One that was started and not yet removed when its relay died.
    const before = await client.workflow.start('gardenArtifact', {
      taskQueue: 'hortus-io',
      workflowId: uploads[0]?.workflowId ?? '',
    });
    const relays = [startRelay(), startRelay()];
    try {
      expect(await waitUntil(async () => (await countIntents()) === 0, WAIT_MS)).toBe(true);
    } finally {
      await Promise.all(relays.map((relay) => relay.close()));
    }
    // Visibility lags behind, so it is waited for; a second run would be seen there as well.
    const countRuns = () =>
      Promise.all(uploads.map(async (one) => (await client.workflow.count(`WorkflowId = "${one.workflowId}"`)).count));
    expect(await waitUntil(async () => (await countRuns()).every((count) => count >= 1), WAIT_MS)).toBe(true);
    expect(await countRuns()).toEqual(uploads.map(() => 1));
    const { runId } = await client.workflow.getHandle(uploads[0]?.workflowId ?? '').describe();
    expect(runId).toBe(before.firstExecutionRunId);
  }, 60_000);

  it('keeps what it can not start while Temporal is away, tells how long it has waited, and starts it then', async () => {
    const { workflowId } = await upload();
    const away = startRelay('127.0.0.1:1');
    try {
      const figure = async (name: string) => (await away.registry.getSingleMetric(name)?.get())?.values[0]?.value ?? 0;
      // By the first failure on: an outage is when somebody looks at the figures.
      expect(await waitUntil(async () => (await figure('hortus_outbox_pending')) === 1, WAIT_MS)).toBe(true);
      const lag = await figure('hortus_outbox_lag_seconds');
      // A look that finds all of them postponed goes on measuring, and does not take the outage for over.
      await api.database.query(`update outbox set available_at = now() + interval '1 hour'`);
      const hasLooked = async () => {
        await api.database.query(`select pg_notify('${OUTBOX_CHANNEL}', '')`);
        return (await figure('hortus_outbox_lag_seconds')) > lag;
      };
      expect(await waitUntil(hasLooked, WAIT_MS)).toBe(true);
      expect(await countIntents()).toBe(1);
      expect(away.messages()).toEqual(['the outbox waits: Temporal or the database is away']);
      await api.database.query('update outbox set available_at = now()');
    } finally {
      await away.close();
    }
    const relay = startRelay();
    try {
      expect(await waitUntil(async () => (await countIntents()) === 0, WAIT_MS)).toBe(true);
      expect(await isStarted(workflowId)).toBe(true);
    } finally {
      await relay.close();
    }
  }, 90_000);

  it('leaves to another, after a time, what a relay held that died', async () => {
    const { workflowId } = await upload();
    const held = await withScope(api.knex, { instance: true }, (tx) => claimIntents(tx, { limit: 10, holdMs: 2000 }));
    expect(held).toHaveLength(1);
    const now = await withScope(api.knex, { instance: true }, (tx) => claimIntents(tx, { limit: 10, holdMs: 2000 }));
    expect(now).toEqual([]);
    const relay = startRelay();
    try {
      expect(await waitUntil(async () => (await countIntents()) === 0, WAIT_MS)).toBe(true);
      expect(await isStarted(workflowId)).toBe(true);
    } finally {
      await relay.close();
    }
  }, 60_000);

  it('pauses longer from attempt to attempt, up to a limit', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 50].map(pauseAfter);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses.at(-1)).toBe(5000);
  });
});
