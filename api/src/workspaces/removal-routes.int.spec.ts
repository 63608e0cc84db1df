import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { Problem } from '@hortus/contracts/errors';
import { removalWorkflowId } from '@hortus/contracts/removal';
import type { RemovalReceipt } from '@hortus/contracts/removal-api';
import { createLogger } from '@hortus/service/logger';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { readTestEnvironment } from '../../../tools/test/fixtures/test-environment.ts';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { withWorkspace } from '../db/scope.ts';
import { createWorkflowStarter } from '../outbox/workflow-starter.ts';
import { startListener } from '../db/listener.ts';
import { REMOVAL_CHANNEL } from './removal-repo.ts';
import { startRemovalSweep, sweepRemovals } from './removal-sweep.ts';

const NAMESPACE = 'hortus';

describe('the removal of a workspace', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  /** A workspace without people, deleted, whose time of grace is over in so many seconds. */
  async function plantDeleted(graceSeconds: number): Promise<string> {
    const { id } = await api.plant('Gone', []);
    await api.database.query(
      `update workspaces set deleted_at = now(), removed_from = now() + make_interval(secs => $2) where id = $1`,
      [id, graceSeconds],
    );
    return id;
  }
  const url = (id: string, path = '') => `/internal/v1/workspaces/${id}/removal${path}`;
  const begin = async (id: string) => (await api.asService({ method: 'POST', url: url(id) })).json<unknown>();
  const removeRows = (id: string) => api.asService({ method: 'POST', url: url(id, '/rows') });
  const counts = { objects: 3, objectBytes: 2 ** 40, stoppedRuns: 1, removedRuns: 2 };
  const finish = (id: string) => api.asService({ method: 'PUT', url: url(id, '/receipt'), payload: counts });

  it('begins only where one was deleted and its time of grace is over', async () => {
    const { id: live } = await api.plant('Live', []);
    for (const id of [live, await plantDeleted(60), randomUUID()]) {
      expect(await begin(id)).toEqual({ isDue: false });
      for (const answer of [await removeRows(id), await finish(id)]) {
        expect([answer.statusCode, answer.json<Problem>().code]).toEqual([404, 'WORKSPACE_NOT_FOUND']);
      }
    }
    expect(await api.database.query('select 1 from workspaces where id = $1', [live])).toHaveLength(1);
  });

  it('takes the rows, those that nobody may delete included, and leaves a receipt; each step may be repeated', async () => {
    const id = await plantDeleted(0);
    await api.database.query(
      `insert into audit_log (workspace_id, action) select $1, 'artifact.created' from generate_series(1, 1200)`,
      [id],
    );
    await api.database.query(
      `insert into events (workspace_id, type, artifact_id) values ($1, 'artifact.changed', $1)`,
      [id],
    );
    expect(await begin(id)).toEqual({ isDue: true });
    expect(await begin(id)).toEqual({ isDue: true });
    expect((await removeRows(id)).json()).toEqual({ isDone: false });
    expect((await removeRows(id)).json()).toEqual({ isDone: true });
    expect((await removeRows(id)).json()).toEqual({ isDone: true });
    const receipt = (await finish(id)).json<RemovalReceipt>();
    expect(receipt).toMatchObject({ id, rows: { audit_log: 1200, events: 1, workspaces: 1 }, ...counts });
    expect((await finish(id)).json()).toEqual(receipt);
    expect(await begin(id)).toEqual({ isDue: false });
    const list = await api.asService({ method: 'GET', url: '/internal/v1/removals?limit=100' });
    expect(list.json<{ items: RemovalReceipt[] }>().items).toContainEqual(receipt);
  });

  it('is done by the function alone: the api itself deletes no workspace, and the function none whose removal has not begun', async () => {
    const id = await plantDeleted(0);
    const run = (sql: string) => withWorkspace(api.knex, id, (tx) => tx.raw(sql));
    await expect(run('delete from workspaces')).rejects.toThrow(/permission denied/);
    await expect(run('select removal.remove_rows(10)')).rejects.toThrow(/has not begun/);
  });

  it('knows every table that names a workspace', async () => {
    const missing = await api.database.query(
      `select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'workspace_id' and a.attnum > 0
         and not (has_table_privilege('hortus_remover', c.oid, 'select, delete')
                  and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'removal'))`,
    );
    expect(missing).toEqual([]);
  });

  it('is for the programs of the product only', async () => {
    const id = await plantDeleted(0);
    for (const method of ['GET', 'POST'] as const) {
      const answer = await api.app.inject({ method, url: method === 'GET' ? '/internal/v1/removals' : url(id) });
      expect([answer.statusCode, answer.json<Problem>().code]).toEqual([401, 'SERVICE_KEY_WRONG']);
    }
  });

  describe('is started by a look at what is due', () => {
    const { temporalAddress } = readTestEnvironment();
    let connection: Connection;
    let client: Client;
    beforeAll(async () => {
      connection = await Connection.connect({ address: temporalAddress });
      client = new Client({ connection, namespace: NAMESPACE });
    });
    afterAll(() => connection.close());

    it('once while a run is under way, and again when it was cut off', async () => {
      await api.database.query('delete from removal_receipts; delete from workspaces');
      const id = await plantDeleted(0);
      await plantDeleted(60);
      const starter = createWorkflowStarter({ address: temporalAddress, namespace: NAMESPACE });
      try {
        const run = client.workflow.getHandle(removalWorkflowId(id));
        expect(await sweepRemovals({ knex: api.knex, starter })).toBe(1);
        const first = await run.describe();
        expect(await sweepRemovals({ knex: api.knex, starter })).toBe(1);
        expect((await run.describe()).runId).toBe(first.runId);
        await run.terminate();
        // Cut off behind the last row: the receipt that has no end tells.
        await begin(id);
        await removeRows(id);
        expect(await sweepRemovals({ knex: api.knex, starter })).toBe(1);
        expect((await run.describe()).runId).not.toBe(first.runId);
        await run.terminate();
        await finish(id);
        expect(await sweepRemovals({ knex: api.knex, starter })).toBe(0);
      } finally {
        await starter.close();
      }
    });

    it('that goes on by itself, and says once that Temporal is away', async () => {
      await plantDeleted(0);
      const lines: string[] = [];
      const logger = createLogger({ service: 'api', level: 'info' }, { write: (line) => void lines.push(line) });
      const starter = createWorkflowStarter({ address: '127.0.0.1:1', namespace: NAMESPACE });
      const asked: unknown[] = [];
      const note = (query: { sql: string }) => {
        if (query.sql.includes('removal_receipts')) asked.push(query);
      };
      api.knex.on('query', note);
      const listener = startListener({ databaseUrl: api.config.databaseUrl, channels: [REMOVAL_CHANNEL], logger });
      const sweep = startRemovalSweep({ knex: api.knex, starter, listener, logger, lookEveryMs: 10 });
      expect(await waitUntil(() => Promise.resolve(asked.length >= 3), 30_000)).toBe(true);
      await sweep.close();
      await listener.close();
      api.knex.off('query', note);
      await starter.close();
      expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
        'removals of workspaces wait: Temporal or the database is away',
      ]);
    }, 60_000);
  });
});
