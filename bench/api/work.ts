import { median, type Figure } from '../figure.ts';
import type { BenchDatabase } from './database.ts';
import { createRandom, pickWorkspace, requestOf, runLoad } from './load.ts';
import { familyProcessorMs, processorMs } from './processes.ts';
import type { LoadResult } from './load-program.ts';
import { wordOf, type BenchWorkspace } from './seed.ts';
import type { BenchApi } from './servers.ts';
import { FREQUENT_ROWS_MIN, RARE_ROWS_MAX, type BenchWords } from './words.ts';

const CONNECTIONS = 32;
const REQUESTS_PER_CONNECTION = 400;
const WARM_UP_MS = 1000;
const MEASURE_MS = 4000;
/** Words of artifacts that are made, and of searches: from frequent to rare, as people's are. */
const WRITTEN_WORDS = 20_000;
const SEARCHED_WORDS = 2000;

type Request = (workspace: BenchWorkspace, random: () => number) => string;

export const REQUESTS = {
  list: (workspace) => requestOf(workspace, '/api/v1/artifacts'),
  search: (workspace, random) =>
    requestOf(workspace, `/api/v1/artifacts?query=${wordOf(Math.floor(SEARCHED_WORDS * random() ** 3))}`),
  create: (workspace, random) =>
    requestOf(workspace, '/api/v1/artifacts', {
      name: `${wordOf(Math.floor(WRITTEN_WORDS * random()))} ${String(Math.floor(1e9 * random()))}`,
      description: Array.from({ length: 9 }, () => wordOf(Math.floor(WRITTEN_WORDS * random() ** 4))).join(' '),
      tags: [wordOf(Math.floor(100 * random() ** 2)), `x${wordOf(Math.floor(1000 * random()))}`],
      metadata: { place: wordOf(Math.floor(1000 * random())), height: 7 },
    }),
} as const satisfies Record<string, Request>;

export function planConnections(
  workspaces: readonly BenchWorkspace[],
  request: Request,
  seed: number,
  connections = CONNECTIONS,
): string[][] {
  const random = createRandom(seed);
  return Array.from({ length: connections }, () =>
    Array.from({ length: REQUESTS_PER_CONNECTION }, () => request(pickWorkspace(workspaces, random), random)),
  );
}

function load(api: BenchApi, connections: readonly (readonly string[])[], measureMs = MEASURE_MS): Promise<LoadResult> {
  return runLoad({ port: api.port, connections, isLooped: true, warmUpMs: WARM_UP_MS, measureMs });
}

export interface Twins {
  readonly ours: BenchApi;
  readonly bare: BenchApi;
  readonly fastApi: BenchApi;
}

interface Bars {
  readonly fastApi: number;
  readonly bare: number | null;
}

/** Requests a second of all three, in turns, with the same requests; a ratio is the median of its rounds. */
export async function compareWithTwins(
  what: keyof typeof REQUESTS,
  { twins, database, rounds }: { twins: Twins; database: BenchDatabase; rounds: number },
): Promise<Figure[]> {
  const bars: Bars = BARS[what];
  const rates: Record<keyof Twins, number[]> = { ours: [], bare: [], fastApi: [] };
  // The first round is for code that was never run, and is not counted.
  for (let round = -1; round < rounds; round += 1) {
    const connections = planConnections(database.workspaces, REQUESTS[what], round);
    for (const name of ['ours', 'bare', 'fastApi'] as const) {
      const spent = () => Promise.all([processorMs(twins[name].pid), familyProcessorMs(database.serverPid)]);
      const begun = await spent();
      const { perSecond, p50Ms, p99Ms, answers, processorEachMs } = await load(twins[name], connections);
      if (round < 0) continue;
      const each = (await spent()).map((ms, index) => ((ms - (begun[index] ?? NaN)) / answers).toFixed(2));
      const times = [
        `p50 ${p50Ms.toFixed(1)} ms`,
        `p99 ${p99Ms.toFixed(1)} ms`,
        `processor each: server ${String(each[0])} ms, Postgres ${String(each[1])} ms, load ${processorEachMs.toFixed(2)} ms`,
      ];
      process.stdout.write(`  ${what} ${twins[name].name}: ${perSecond.toFixed(0)}/s, ${times.join(', ')}\n`);
      rates[name].push(perSecond);
    }
  }
  const figure = (name: 'bare' | 'fastApi', bar: number | null): Figure => {
    const ratio = median(rates.ours.map((rate, round) => rate / (rates[name][round] ?? NaN)));
    return {
      what: `${what}, one process, ${String(CONNECTIONS)} connections`,
      measured: `${median(rates.ours).toFixed(0)}/s`,
      against: `${twins[name].name} ${median(rates[name]).toFixed(0)}/s, ratio ${ratio.toFixed(2)}`,
      bar: bar === null ? '' : `≥ ${String(bar)} ×`,
      isReached: bar === null ? null : ratio >= bar,
    };
  };
  return [figure('fastApi', bars.fastApi), figure('bare', bars.bare)];
}

const BARS = {
  list: { fastApi: 3, bare: 0.7 },
  create: { fastApi: 3, bare: 0.7 },
  search: { fastApi: 8, bare: null },
} as const satisfies Record<keyof typeof REQUESTS, Bars>;

export async function measureLargest(ours: BenchApi, largest: BenchWorkspace, words: BenchWords): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [chosen, rows, bar] of [
    [words.rare, `≤ ${String(RARE_ROWS_MAX)}`, 5],
    [words.frequent, `> ${FREQUENT_ROWS_MIN.toLocaleString('en')}`, 50],
  ] as const) {
    const what = `search in the largest workspace, words in ${rows} rows, 2 connections, p95`;
    if (chosen.length === 0) {
      figures.push({
        what,
        measured: 'no such word in so few rows',
        against: '',
        bar: `≤ ${String(bar)} ms`,
        isReached: null,
      });
      continue;
    }
    const requests = chosen.map((word) => requestOf(largest, `/api/v1/artifacts?query=${word}`));
    const { p50Ms, p95Ms } = await load(ours, [requests, requests.toReversed()], 2 * MEASURE_MS);
    figures.push({
      what,
      measured: `${p95Ms.toFixed(1)} ms`,
      against: `p50 ${p50Ms.toFixed(1)} ms`,
      bar: `≤ ${String(bar)} ms`,
      isReached: p95Ms <= bar,
    });
  }
  return figures;
}

const SIZES_RATIO_MAX = 1.5;

/** The time of the same page, where there is much and where there is little. */
export async function measureSizes(
  { ours, oursSmall }: { ours: BenchApi; oursSmall: BenchApi },
  { large, small }: { large: BenchDatabase; small: BenchDatabase },
  { alike }: BenchWords,
  rounds: number,
): Promise<Figure[]> {
  const [much, little] = [large.workspaces[0], small.workspaces[0]];
  if (much === undefined || little === undefined) throw new Error('there is no workspace');
  const cases = [
    ['list', '/api/v1/artifacts', '/api/v1/artifacts', ''],
    [
      `search`,
      `/api/v1/artifacts?query=${alike.large}`,
      `/api/v1/artifacts?query=${alike.small}`,
      ` with ${alike.hits.join(' and ')} hits`,
    ],
  ] as const;
  const figures: Figure[] = [];
  for (const [what, pathOfMuch, pathOfLittle, hits] of cases) {
    const times: { much: number; little: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const a = await load(ours, Array(2).fill([requestOf(much, pathOfMuch)]));
      const b = await load(oursSmall, Array(2).fill([requestOf(little, pathOfLittle)]));
      times.push({ much: a.p50Ms, little: b.p50Ms });
    }
    const ratio = median(times.map((time) => time.much / time.little));
    figures.push({
      what: `${what}${hits}, many rows against 1,000, p50`,
      measured: `${median(times.map((time) => time.much)).toFixed(2)} ms`,
      against: `${median(times.map((time) => time.little)).toFixed(2)} ms, ratio ${ratio.toFixed(2)}`,
      bar: `≤ ${String(SIZES_RATIO_MAX)} ×`,
      isReached: ratio <= SIZES_RATIO_MAX,
    });
  }
  return figures;
}
