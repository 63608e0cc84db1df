import { parseArgs } from 'node:util';
import { printTable, type Figure } from './figure.ts';
import { benchApi } from './api/api-bench.ts';
import { benchGardener } from './gardener/gardener-bench.ts';
import { benchMainJob } from './main-job/main-job.ts';

/** `npm run bench -- <name>`: measures, prints its table last, and exits with 1 when a figure is missed. */
const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<readonly Figure[]>>> = {
  'main-job': benchMainJob,
  api: benchApi,
  gardener: benchGardener,
};

export interface BenchOptions {
  /** A JPEG to measure with; without it a picture of 2725 × 2225 pixels is drawn. */
  readonly photo: string | undefined;
  /** A folder of pictures that the gardener is judged by; without it the photographs of the demo. */
  readonly photos: string | undefined;
  /** Measure a start with empty caches too, with all builds. */
  readonly isCold: boolean;
  /** Artifacts of the api's large database. */
  readonly rows: number;
  /** For how many minutes the api's memory is watched. */
  readonly minutes: number;
  /** Rounds of each comparison of the api with its twins. */
  readonly rounds: number;
  /** The one part of the api's bench to measure; undefined for all. */
  readonly only: string | undefined;
}

const USAGE = `Usage: npm run bench -- <name> [options]

  main-job    from an upload to its pictures, and starts
    --photo <file>  a JPEG to measure with (default: one of 2725 × 2225 pixels is drawn)
    --cold          measure a first start with empty caches as well, which builds all servers

  gardener    bytes at the target score against the best fixed quality, judged by ssimulacra2_rs, and encodings of a variant
    --photos <folder>  pictures to judge by (default: the photographs of the demo)

  api         lists, creates, searches, refreshes and memory, against FastAPI and bare Fastify
    --rows <n>      artifacts of the large database, 10,000 to 10,000,000 (default 100,000; the figures are for 1,000,000,
                    which takes some minutes to fill once)
    --minutes <n>   for how long memory is watched, 0.1 to 60 (default 1; the figures are for 5)
    --rounds <n>    rounds of each comparison, 1 to 20 (default 3)
    --only <part>   list, create, search, largest, sizes, refresh or memory, and no other
`;

/** @throws when it is no number from `min` to `max` */
function readNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!(value >= min && value <= max))
    throw new Error(`--${name} must be a number from ${String(min)} to ${String(max)}`);
  return value;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    photo: { type: 'string' },
    photos: { type: 'string' },
    cold: { type: 'boolean', default: false },
    rows: { type: 'string', default: '100000' },
    minutes: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [name = ''] = positionals;
const bench = BENCHES[name];
if (values.help || bench === undefined) {
  process[values.help ? 'stdout' : 'stderr'].write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  const figures = await bench({
    photo: values.photo,
    photos: values.photos,
    isCold: values.cold,
    rows: readNumber('rows', values.rows, 10_000, 10_000_000),
    minutes: readNumber('minutes', values.minutes, 0.1, 60),
    rounds: readNumber('rounds', values.rounds, 1, 20),
    only: values.only,
  });
  process.stdout.write(`\n${printTable(name, figures)}\n`);
  process.exitCode = figures.some(({ isReached }) => isReached === false) ? 1 : 0;
}
