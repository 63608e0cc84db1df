import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readServersConfig } from '../servers/config.ts';
import type { Say } from '../terminal/say.ts';
import { UserError } from '../terminal/user-error.ts';
import { startTestApi } from '../test/fixtures/api.ts';
import { toVariables } from '../test/fixtures/test-environment.ts';
import { addTallies, type Tally } from '../test/tally.ts';
import { startTestServers } from '../test/test-servers.ts';
import { fuzz, type FuzzOptions } from './fuzz.ts';
import { findSchemathesis } from './schemathesis.ts';

/** `npm run fuzz`: schemathesis against an api on servers of its own. The last line is "N passed, N failed". */
const USAGE = `Usage: npm run fuzz [-- --max-examples <number>] [--seed <number>]

Asks every operation of the api what nobody would ask, as people of two workspaces.

  --max-examples   cases for each operation and phase; default 30
  --seed           repeats a run; default 1
`;
const say: Say = (line) => {
  process.stdout.write(`${line}\n`);
};

async function run(options: FuzzOptions): Promise<Tally> {
  await using begun = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'hortus-fuzz-'));
  begun.defer(() => rm(folder, { recursive: true, force: true }));
  const command = await findSchemathesis(readServersConfig(), say);
  const servers = await startTestServers(join(folder, 'servers'), say);
  begun.defer(() => servers.stop());
  // The fixtures read them, as in a test.
  Object.assign(process.env, toVariables(servers.environment));
  const api = await startTestApi();
  begun.defer(() => api.close());
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${String((api.app.server.address() as AddressInfo).port)}`;
  const tallies: Tally[] = [];
  await fuzz({ command, folder, options, api, url }, (name, tally) => {
    say(`== ${name}: passed ${String(tally.passed)}, failed ${String(tally.failed)}`);
    tallies.push(tally);
  });
  return addTallies(tallies);
}

try {
  const { values } = parseArgs({
    options: {
      'max-examples': { type: 'string', default: '30' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
  } else {
    const { passed, failed } = await run({ maxExamples: Number(values['max-examples']), seed: Number(values.seed) });
    say(`\n${String(passed)} passed, ${String(failed)} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
