import { setTimeout as pause } from 'node:timers/promises';
import { median, type Figure } from '../figure.ts';
import type { BenchDatabase } from './database.ts';
import { runLoad } from './load.ts';
import { residentMib } from './processes.ts';
import type { BenchApi } from './servers.ts';
import { REQUESTS, planConnections } from './work.ts';

const MIB_MAX = 260;
/** What the last quarter may have above the second: the first is for warming up. */
const GROWTH_MAX = 1.1;
const SAMPLE_MS = 1000;

/** Resident memory while lists, searches and creates go on. */
export async function measureMemory(ours: BenchApi, database: BenchDatabase, minutes: number): Promise<Figure[]> {
  const kinds = [REQUESTS.list, REQUESTS.search, REQUESTS.list, REQUESTS.create];
  const connections = planConnections(
    database.workspaces,
    (workspace, random) => (kinds[Math.floor(kinds.length * random())] ?? REQUESTS.list)(workspace, random),
    99,
  );
  const over = new AbortController();
  const sent = runLoad({
    port: ours.port,
    connections,
    isLooped: true,
    warmUpMs: 0,
    measureMs: minutes * 60_000,
  }).finally(() => {
    over.abort();
  });
  const samples: number[] = [];
  while (!over.signal.aborted) {
    samples.push(await residentMib(ours.pid));
    await pause(SAMPLE_MS);
  }
  const { perSecond } = await sent;
  const quarter = Math.ceil(samples.length / 4);
  const [early, late] = [median(samples.slice(quarter, 2 * quarter)), median(samples.slice(-quarter))];
  const peak = Math.max(...samples);
  return [
    {
      what: `memory under lists, searches and creates, ${String(minutes)} minutes`,
      measured: `${peak.toFixed(0)} MiB at the most`,
      against: `${early.toFixed(0)} MiB in the second quarter, ${late.toFixed(0)} in the last; ${perSecond.toFixed(0)} requests/s`,
      bar: `≤ ${String(MIB_MAX)} MiB, flat`,
      isReached: peak <= MIB_MAX && late <= early * GROWTH_MAX,
    },
  ];
}
