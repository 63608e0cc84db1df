import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/fixtures/database.ts';
import { compareGrants, runLint } from './catalog.ts';
import { CATALOG_LINTS } from './catalog-lints.ts';
import { SqlSession } from './sql-session.ts';
import { WALLS } from './walls.ts';

describe('the migrated schema', () => {
  let database: TestDatabase;
  let session: SqlSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    session = await SqlSession.open(database.ownerUrl);
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await database.drop();
  });

  it('has the tables of walls.ts and no others', async () => {
    const rows = await session.rows<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and relname not in ('migrations', 'migrations_lock')`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(WALLS).sort());
  });

  it('grants what walls.ts says, and nothing beyond', async () => {
    expect(await compareGrants(session)).toEqual([]);
  });

  it.each([
    `grant truncate on artifacts to hortus_api`,
    `grant update on events to hortus_api`,
    `grant select (name) on artifacts to hortus_search`,
    `grant select on users to public`,
    `grant execute on function search.find_artifacts to hortus_instance`,
    `revoke insert on variants from hortus_api`,
  ])('would not be let pass with: %s', async (breach) => {
    const findings = await session.undone(async () => {
      await session.rows(breach);
      return compareGrants(session);
    });
    expect(findings).toHaveLength(1);
  });

  it.each(CATALOG_LINTS.map((lint) => [lint.name, lint] as const))('%s', async (_name, lint) => {
    expect(await runLint(session, lint)).toEqual([]);
  });

  it.each(CATALOG_LINTS.map((lint) => [lint.name, lint] as const))(
    'would be found where not: %s',
    async (_name, lint) => {
      const findings = await session.undone(async () => {
        await session.rows(lint.breach);
        return runLint(session, lint);
      });
      expect(findings.length).toBeGreaterThan(0);
    },
  );
});
