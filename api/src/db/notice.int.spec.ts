import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Knex } from 'knex';
import pg from 'pg';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { createTestDatabase, type TestDatabase } from '../../../tools/test/fixtures/database.ts';
import { createKnex } from './knex.ts';
import { notifyAfterCommit } from './notice.ts';
import { askOnce, askWithin } from './one-trip.ts';
import { withScope } from './scope.ts';

describe('a notice', () => {
  const heard: unknown[] = [];
  let database: TestDatabase;
  let knex: Knex;
  let listener: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    knex = createKnex({ databaseUrl: database.apiUrl, poolMax: 1, logger: { warn: () => undefined } });
    listener = new pg.Client({ connectionString: database.apiUrl });
    await listener.connect();
    listener.on('notification', ({ payload }) => heard.push(payload));
    await listener.query('listen said');
  });
  afterAll(async () => {
    await listener.end();
    await knex.destroy();
    await database.drop();
  });

  const say = (payload: string) => ({ channel: 'said', payload });
  const ask = (sql: string, payload: string) => ({ text: sql, values: [], notice: say(payload) });
  const rolledBack = (work: (tx: Knex.Transaction) => Promise<unknown>) =>
    expect(withScope(knex, {}, work)).rejects.toThrow();

  it('is heard once after its transaction has committed, and never of one that was rolled back', async () => {
    await rolledBack(async (tx) => {
      notifyAfterCommit(tx, say('undone'));
      await tx.raw('select 1 / 0');
    });
    await rolledBack(async (tx) => {
      await askWithin(tx)(ask('select 1', 'undone'));
      throw new Error('changed my mind');
    });
    await withScope(knex, {}, async (tx) => {
      notifyAfterCommit(tx, say("it's done"));
      notifyAfterCommit(tx, say("it's done"));
      await askWithin(tx)(ask('select 1', 'within'));
    });
    await askOnce(knex, {}, ask('select 1', 'in one trip'));
    await waitUntil(() => heard.includes('in one trip'), 20_000);
    expect(heard).toEqual(["it's done", 'within', 'in one trip']);
  });

  it('and a name leave the rows and the first error of several statements as they are', async () => {
    const named = (text: string) => ({ name: `name of ${text}`, text, values: [] });
    const id = randomUUID();
    for (let time = 0; time < 2; time += 1) {
      const rows = await askOnce(
        knex,
        { workspaceId: id },
        named(`select hortus_setting('workspace_id') as id`),
        named('select 2'),
      );
      expect(rows).toEqual([{ id }]);
    }
    await expect(askOnce(knex, {}, named('select 1 / 0'), named('select 3'))).rejects.toThrow('division by zero');
    expect(await askOnce(knex, {}, named('select 3 as three'))).toEqual([{ three: 3 }]);
  });
});
