import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensurePythonEnvironment } from '../servers/python-environment.ts';
import { createTestDatabase, type TestDatabase } from '../test/fixtures/database.ts';
import { WALLS } from './walls.ts';

const PACKAGES = [
  'pgrls==0.57.1',
  'pglast==7.22',
  'psycopg[binary]==3.3.9',
  'z3-solver==5.4.1.0',
  'click==8.5.1',
] as const;
const config = fileURLToPath(new URL('pgrls.toml', import.meta.url));

/**
 * What its solver can't follow: a policy that asks another table, and one that compares two settings. Without the former,
 * which `walls.int.spec.ts` tries on rows, and with the wider half of the latter it proves the rest.
 */
const SIMPLIFIED = [
  'drop policy member on workspaces',
  'drop policy invited on workspaces',
  'drop policy invited on invitations',
  `alter policy member on idempotency_keys using (workspace_id = (select hortus_setting('workspace_id')::uuid))
     with check (workspace_id = (select hortus_setting('workspace_id')::uuid))`,
];

/** Everybody may put a mail in; that is no wall, and none is meant. */
const OPEN: Readonly<Record<string, readonly string[]>> = { anon: [], 'cross-tenant': [], write: ['public.mails'] };

const environment = await ensurePythonEnvironment(PACKAGES, process.env);
const isMissing = 'missing' in environment;
const prove = isMissing ? it.skip : it;

describe(`pgrls, a judge that we did not write${isMissing ? ` (${environment.missing})` : ''},`, () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    const others = await database.query<{ sql: string }>(
      `select format('drop policy %I on %I.%I', policyname, schemaname, tablename) as sql from pg_policies
       where not roles @> '{hortus_api}'`,
    );
    for (const sql of [...others.map((other) => other.sql), ...SIMPLIFIED]) await database.query(sql);
  });
  afterAll(() => database.drop());

  /** Its exit code tells what it found, so an answer with one is still an answer. */
  async function ask(...args: readonly string[]): Promise<string> {
    if (isMissing) throw new Error(environment.missing);
    const all = [...args, '--database-url', database.ownerUrl, '--config', config];
    const { stdout } = await promisify(execFile)(join(environment.programs, 'pgrls'), all).catch(
      (error: unknown) => error as { stdout: string },
    );
    return stdout;
  }

  const verify = async (mode: string) => {
    const text = await ask('verify', '--mode', mode, '--schemas', 'public', '--auth-function', 'hortus_setting');
    return Object.fromEntries(
      [...text.matchAll(/^(public\.\w+) +(PROVEN|LEAK|UNVERIFIED)\b/gm)].map(([, table = '', verdict]) => [
        table,
        verdict,
      ]),
    );
  };

  prove.each(Object.keys(OPEN))('proves of every table: %s', async (mode) => {
    const expected = Object.keys(WALLS).map((table) => {
      const name = `public.${table}`;
      return [name, OPEN[mode]?.includes(name) === true ? 'UNVERIFIED' : 'PROVEN'];
    });
    expect(await verify(mode)).toEqual(Object.fromEntries(expected));
  });

  prove('would see a leak', async () => {
    await database.query(`create policy breach on artifacts for select using (true)`);
    const verdicts = await verify('anon');
    await database.query('drop policy breach on artifacts');
    expect(verdicts).toMatchObject({ 'public.artifacts': 'LEAK' });
  });

  prove('finds nothing to warn of that was not looked at', async () => {
    const report = await ask('lint', '--schemas', 'public,search,directory,removal', '--min-severity', 'warning');
    expect(report.split('\n').filter((line) => /^ *(ERROR|WARN)/.test(line))).toEqual([]);
  });
});
