import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestApi } from '../test/fixtures/api.ts';
import { startProofApi } from './proof-api.ts';
import { plantWallRows } from './plant-wall-rows.ts';
import { SqlSession } from './sql-session.ts';
import { findBareTables, probeWalls, type WallSettings } from './wall-probe.ts';
import { WALLS } from './walls.ts';

describe('the wall', () => {
  let api: TestApi;
  let settings: WallSettings;
  let session: SqlSession;
  beforeAll(async () => {
    api = await startProofApi();
    settings = await plantWallRows(api);
    session = await SqlSession.open(api.database.ownerUrl);
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await api.close();
  });

  it('is tried on tables that have rows on both of its sides', async () => {
    expect(await findBareTables(session, settings)).toEqual([]);
  });

  it.each(Object.keys(WALLS))('lets through what is its own and nothing else: %s', async (table) => {
    expect(await probeWalls(session, settings, { tables: [table] })).toEqual([]);
  });
});
