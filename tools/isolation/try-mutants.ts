import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import type { Endpoint } from '@hortus/contracts/endpoint';
import { ENDPOINTS } from '@hortus/contracts/endpoints';
import { ROLES, type Role } from '@hortus/contracts/workspace';
import { WORKSPACE_MATRIX, type Reach } from '../../api/src/workspaces/workspace-policy.ts';
import type { TestApi } from '../test/fixtures/api.ts';
import { startProofApi } from './proof-api.ts';
import { compareGrants, findUnwalled } from './catalog.ts';
import { choresOf, deedsOf, type Deed } from './deeds.ts';
import { watch } from './guards.ts';
import {
  createMatrixRunner,
  expectOutcome,
  forEach,
  isAtHome,
  trialsOf,
  type MatrixRunner,
  type Verdict,
  type Trial,
} from './matrix.ts';
import { ACCESS_MUTANTS, otherAccesses, type MutantFate } from './mutation-score.ts';
import { plantPlace } from './places.ts';
import { plantWallRows } from './plant-wall-rows.ts';
import { listSchemaMutants, type SchemaMutant } from './schema-mutants.ts';
import { SqlSession } from './sql-session.ts';
import { probeWalls } from './wall-probe.ts';

/** Policies, row-level security and privileges that nobody should have, each in a transaction that is taken back. */
async function trySchemaMutants(
  api: TestApi,
  session: SqlSession,
  mutants: readonly SchemaMutant[],
): Promise<MutantFate[]> {
  const settings = await plantWallRows(api);
  const fates: MutantFate[] = [];
  for (const { kind, name, sql, table, roles } of mutants) {
    const findings = await session.undone(async () => {
      await session.rows(sql);
      if (kind === 'added grant') return compareGrants(session);
      if (kind === 'row-level security') return findUnwalled(session);
      const tables = table === null ? [] : [table];
      return probeWalls(session, settings, roles === undefined ? { tables } : { tables, roles });
    });
    fates.push({ kind, name, killedBy: findings[0] ?? null });
  }
  return fates;
}

/** Places of its own for each mutant, since a request that should be refused may do damage. */
async function freshRunner(api: TestApi): Promise<MatrixRunner> {
  return createMatrixRunner(await plantPlace(api, 'home'), await plantPlace(api, 'elsewhere'), {
    areThingsFresh: true,
  });
}

interface GrantBench {
  readonly api: TestApi;
  /** A superuser's connection, since what it revokes must hold for the connections of the api. */
  readonly admin: pg.Client;
}

/** What fails first while the grant is away, if anything does; the grant is back when this ends. */
async function doWithout(
  { api, admin }: GrantBench,
  { sql }: SchemaMutant,
  deeds: readonly Deed[],
): Promise<string | null> {
  const runner = await freshRunner(api);
  const ready = await forEach(deeds, async (deed) => ({ deed, run: await deed.prepare(runner) }));
  await admin.query(sql);
  try {
    for (const { deed, run } of ready) {
      const failure = await run().catch((error: unknown) => String(error));
      if (failure !== null) return `${deed.name}: ${failure}`;
    }
    return null;
  } finally {
    await admin.query(sql.replace(/^revoke /, 'grant ').replace(/ from (\S+)$/, ' to $1'));
  }
}

/** How many of the likeliest deeds are tried one by one, before all others are at once. */
const LIKELY = 8;

/** Every grant is needed by something that the api does; else it is one too many. */
async function tryGrants(
  bench: GrantBench,
  deeds: readonly Deed[],
  mutants: readonly SchemaMutant[],
): Promise<MutantFate[]> {
  const { api } = bench;
  const runner = await freshRunner(api);
  const statements = new Map<Deed, string>();
  for (const deed of deeds) {
    const run = await deed.prepare(runner);
    let said = '';
    const note = ({ sql }: { sql: string }) => void (said += `${sql}\n`);
    api.knex.on('query', note);
    const failure = await run();
    api.knex.removeListener('query', note);
    if (failure !== null) throw new Error(`${deed.name} does not work even before anything is taken away: ${failure}`);
    statements.set(deed, said.toLowerCase().replaceAll('"', ''));
  }
  const fates: MutantFate[] = [];
  for (const mutant of mutants) {
    const words = hintsOf(mutant);
    // Those that speak of the table come first; a trigger may need a grant of which no statement speaks.
    const rank = (deed: Deed) => -words.filter((word) => statements.get(deed)?.includes(word)).length;
    const ordered = deeds.toSorted((a, b) => rank(a) - rank(b));
    let killedBy: string | null = null;
    for (const deed of ordered.slice(0, LIKELY)) killedBy ??= await doWithout(bench, mutant, [deed]);
    killedBy ??= await doWithout(bench, mutant, ordered.slice(LIKELY));
    fates.push({ kind: 'grant', name: mutant.name, killedBy });
  }
  return fates;
}

/** What the statements that need the grant are likely to say. */
function hintsOf({ sql, table }: SchemaMutant): string[] {
  const verb = /^revoke (\w+)/.exec(sql)?.[1] ?? '';
  const column = /\((\w+)\) on/.exec(sql)?.[1];
  // What a role without login may do, it does in functions of the schema that is named for it.
  const role = / from hortus_(\w+)$/.exec(sql)?.[1] ?? '';
  const by = { search: ['search.'], directory: ['directory.'], remover: ['removal.'] }[role] ?? [];
  const start = { insert: 'insert into ', update: 'update ', delete: 'delete from ', select: 'from ' }[verb] ?? '';
  const named = /on (?:schema|function) (\w+)/.exec(sql)?.[1];
  return [
    ...by,
    ...(table === null ? [] : [`${start}${table}`, table]),
    ...(column === undefined ? [] : [column]),
    ...(named === undefined ? [] : [`${named}.`]),
  ];
}

/** Apps in which every operation asks for the same access: each stands for one mutant of each operation. */
async function buildMutantApps(api: TestApi): Promise<Map<string, TestApi>> {
  const apps = new Map<string, TestApi>();
  const configs = ENDPOINTS.map(({ config }) => config as { access: Endpoint['config']['access'] });
  const real = configs.map(({ access }) => access);
  for (const access of ACCESS_MUTANTS) {
    for (const config of configs) config.access = access;
    try {
      apps.set(access, await startProofApi({ database: api.database, store: api.store }));
    } finally {
      for (const [index, config] of configs.entries()) config.access = real[index] ?? 'service';
    }
  }
  return apps;
}

async function firstFinding(
  runner: MatrixRunner,
  trials: readonly Trial[],
  app?: FastifyInstance,
): Promise<string | null> {
  for (const trial of trials) {
    const found = await (await runner.prepare(trial))(app);
    if (found !== null) return found;
  }
  return null;
}

async function tryAccesses(api: TestApi): Promise<MutantFate[]> {
  const apps = await buildMutantApps(api);
  const mutants = ENDPOINTS.flatMap((endpoint) =>
    otherAccesses(endpoint.config.access).map((access) => ({ endpoint, access })),
  );
  const fates = await forEach(mutants, async ({ endpoint, access }): Promise<MutantFate> => {
    const killedBy = await firstFinding(await freshRunner(api), trialsOf(endpoint), apps.get(access)?.app);
    return { kind: 'access', name: `${endpoint.schema.operationId}: ${endpoint.config.access} → ${access}`, killedBy };
  });
  for (const app of apps.values()) await app.close();
  return fates;
}

/** All callers of one operation of each access, and whom the access lets in of all others; by operation. */
function trialsOfGuards(): Trial[][] {
  const seen = new Set<string>();
  return ENDPOINTS.map((endpoint) => {
    const { access } = endpoint.config;
    const isFirst = !seen.has(`${access} ${endpoint.method}`);
    seen.add(`${access} ${endpoint.method}`);
    return trialsOf(endpoint).filter(({ caller }) => isFirst || isAtHome(caller));
  });
}

async function tryGuards(api: TestApi, guards: ReadonlySet<string>): Promise<MutantFate[]> {
  const reaching = new Map<string, Trial[]>();
  for (const trials of trialsOfGuards()) {
    const runner = await freshRunner(api);
    await forEach(trials, async (trial) => {
      const run = await runner.prepare(trial);
      const { reached } = await watch(null, () => run());
      for (const id of reached) reaching.set(id, [...(reaching.get(id) ?? []), trial]);
    });
  }
  return forEach([...guards], async (id): Promise<MutantFate> => {
    const refused = (reaching.get(id) ?? []).filter((trial) => expectOutcome(trial) !== 'passes');
    for (const trial of refused) {
      const run = await (await freshRunner(api)).prepare(trial);
      const { result } = await watch(id, () => run());
      if (result !== null) return { kind: 'check', name: id, killedBy: result };
    }
    return { kind: 'check', name: id, killedBy: null };
  });
}

/** Asked one behind the other about one request: where one is open, the other still shuts, so they are taken away together. */
const SHIELDS: Readonly<Record<string, string>> = {
  giveRole: 'takeRole',
  takeRole: 'giveRole',
  revokeToken: 'seeToken',
};

/** Each field of the table of roles that keeps a role from something lets it through. */
async function tryRoles(api: TestApi): Promise<MutantFate[]> {
  const table = WORKSPACE_MATRIX as Record<string, Record<Role, Reach>>;
  const trials = ENDPOINTS.flatMap(trialsOf).filter(({ caller }) => isAtHome(caller));

  async function open(role: Role, operations: readonly string[]): Promise<Verdict> {
    const runner = await freshRunner(api);
    const refused = trials.filter((trial) => trial.caller.role === role && expectOutcome(trial) !== 'passes');
    // Readied before, since what is expected is read from the table as well.
    const ready = await forEach(refused, (trial) => runner.prepare(trial));
    const rows = operations.flatMap((operation) => table[operation] ?? []);
    const real = rows.map((reaches) => reaches[role]);
    for (const reaches of rows) reaches[role] = 'any';
    try {
      let found: Verdict = null;
      for (const run of ready) found ??= await run();
      return found;
    } finally {
      for (const [index, reaches] of rows.entries()) reaches[role] = real[index] ?? 'no';
    }
  }

  const fates: MutantFate[] = [];
  for (const [operation, reaches] of Object.entries(table)) {
    const shield = SHIELDS[operation];
    for (const role of ROLES.filter((one) => reaches[one] !== 'any')) {
      const alone = await open(role, [operation]);
      const killedBy = alone ?? (shield === undefined ? null : await open(role, [operation, shield]));
      fates.push({ kind: 'role', name: `${operation} by ${role}: ${reaches[role]} → any`, killedBy });
    }
  }
  return fates;
}

async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const begunAt = performance.now();
  const result = await work();
  process.stderr.write(`isolation: ${what} took ${((performance.now() - begunAt) / 1000).toFixed(1)} s\n`);
  return result;
}

export async function tryMutants(guards: ReadonlySet<string>): Promise<MutantFate[]> {
  const api = await startProofApi();
  const fates: MutantFate[] = [];
  let grants: SchemaMutant[] = [];
  {
    await using session = await SqlSession.open(api.database.ownerUrl);
    const mutants = await listSchemaMutants(session);
    grants = mutants.filter(({ kind }) => kind === 'grant');
    const rest = mutants.filter(({ kind }) => kind !== 'grant');
    fates.push(...(await timed('the schema', () => trySchemaMutants(api, session, rest))));
  }
  const deeds = [...deedsOf(ENDPOINTS), ...choresOf(api)];
  const admin = new pg.Client({ connectionString: api.database.ownerUrl });
  await admin.connect();
  fates.push(...(await timed('grants', () => tryGrants({ api, admin }, deeds, grants))));
  await admin.end();
  fates.push(...(await timed('accesses', () => tryAccesses(api))));
  fates.push(...(await timed('guards', () => tryGuards(api, guards))));
  fates.push(...(await timed('roles', () => tryRoles(api))));
  await api.close();
  return fates;
}
