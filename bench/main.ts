import { parseArgs } from 'node:util';
import { printTable, type Figure } from './figure.ts';
import { benchMainJob } from './main-job/main-job.ts';

/** `npm run bench -- <name>`: measures, prints its table last, and exits with 1 when a figure is missed. */
const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<readonly Figure[]>>> = {
  'main-job': benchMainJob,
};

export interface BenchOptions {
  /** A JPEG to measure with; without it a picture of 2725 × 2225 pixels is drawn. */
  readonly photo: string | undefined;
  /** Measure a start with empty caches too, with all builds. */
  readonly isCold: boolean;
}

const USAGE = `Usage: npm run bench -- <name> [--photo <file>] [--cold]

Names: ${Object.keys(BENCHES).join(', ')}

  --photo   a JPEG to measure with (default: one of 2725 × 2225 pixels is drawn)
  --cold    measure a first start with empty caches as well, which builds all servers
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    photo: { type: 'string' },
    cold: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [name = ''] = positionals;
const bench = BENCHES[name];
if (values.help || bench === undefined) {
  process[values.help ? 'stdout' : 'stderr'].write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  const figures = await bench({ photo: values.photo, isCold: values.cold });
  process.stdout.write(`\n${printTable(name, figures)}\n`);
  process.exitCode = figures.some(({ isReached }) => isReached === false) ? 1 : 0;
}
