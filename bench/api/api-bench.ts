import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printTable, type Figure } from '../figure.ts';
import { checkCreate, checkReads } from './checks.ts';
import { startBenchServer, type BenchDatabase } from './database.ts';
import { measureMemory } from './memory.ts';
import { measureRefresh } from './refresh.ts';
import { startBareFastify, startFastApi, startOurs } from './servers.ts';
import { chooseWords } from './words.ts';
import { compareWithTwins, measureLargest, measureSizes } from './work.ts';

const WORKSPACES = 1000;
const SMALL_ROWS = 1000;
const KEPT_FOLDER = fileURLToPath(new URL('../../.hortus/bench-api', import.meta.url));

export interface ApiBenchOptions {
  /** Artifacts of the large database. */
  readonly rows: number;
  /** How long the memory is watched. */
  readonly minutes: number;
  /** Rounds of each comparison. */
  readonly rounds: number;
  /** The one part to measure; undefined for all. */
  readonly only: string | undefined;
}

/** The figures of the api, each held against its twins in one interleaved run. */
export async function benchApi({ rows, minutes, rounds, only }: ApiBenchOptions): Promise<Figure[]> {
  await mkdir(join(KEPT_FOLDER, 'objects'), { recursive: true });
  await using started = new AsyncDisposableStack();
  const server = await startBenchServer();
  started.defer(() => server.stop());
  const large = await server.open({ rows, workspaces: WORKSPACES });
  const small = await server.open({ rows: SMALL_ROWS, workspaces: 1 });
  started.defer(() => forgetWrites(large));
  const start = async <Api extends { stop(): Promise<void> }>(starting: Promise<Api>): Promise<Api> => {
    const api = await starting;
    started.defer(() => api.stop());
    return api;
  };
  const ours = await start(startOurs(large.apiUrl));
  const oursSmall = await start(startOurs(small.apiUrl));
  const bare = await start(startBareFastify(large.apiUrl));
  const fastApi = await start(startFastApi(large.apiUrl));
  const twins = { ours, bare, fastApi };

  const largest = large.workspaces[0];
  const last = large.workspaces.at(-1);
  if (largest === undefined || last === undefined) throw new Error('there is no workspace');
  const words = await chooseWords(large, largest, small, small.workspaces[0] ?? largest);
  await checkReads([ours, bare, fastApi], large, largest, [...words.rare.slice(0, 5), ...words.frequent.slice(0, 1)]);
  await checkReads([ours, bare, fastApi], large, large.workspaces[100] ?? last, words.rare.slice(0, 2));
  await checkCreate([ours, bare, fastApi], large, last);
  process.stdout.write('The answers of all servers are those of SQL.\n');

  const comparison = { twins, database: large, rounds };
  const parts: Record<string, () => Promise<Figure[]>> = {
    list: () => compareWithTwins('list', comparison),
    create: () => compareWithTwins('create', comparison),
    search: () => compareWithTwins('search', comparison),
    largest: () => measureLargest(ours, largest, words),
    sizes: () => measureSizes({ ours, oursSmall }, { large, small }, words, rounds),
    refresh: () => measureRefresh(ours, large),
    memory: () => measureMemory(ours, large, minutes),
  };
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (only !== undefined && only !== name) continue;
    process.stdout.write(`\nMeasuring ${name} …\n`);
    const measured = await measure();
    process.stdout.write(`${printTable(name, measured)}\n`);
    figures.push(...measured);
  }
  return figures;
}

/** What was made in this run goes, so that the next finds the database as it was filled. */
async function forgetWrites(database: BenchDatabase): Promise<void> {
  await database.query(`set session_replication_role = replica;
    delete from artifact_tags t using artifacts a
      where a.workspace_id = t.workspace_id and a.id = t.artifact_id and a.status = 'empty';
    delete from artifacts where status = 'empty';
    delete from events;
    delete from audit_log`);
  await database.query('vacuum (analyze) artifacts');
}
