import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from '../check/run-checks.ts';
import { findTemporalCli } from '../servers/find-temporal-cli.ts';
import type { Say } from '../terminal/say.ts';
import { UserError } from '../terminal/user-error.ts';
import { toVariables } from './fixtures/test-environment.ts';
import { TEST_USAGE, parseTestOptions, type TestOptions, type TestPart } from './options.ts';
import { runBrowser } from './run-browser.ts';
import { runJest } from './run-jest.ts';
import { addTallies, type Tally } from './tally.ts';
import { startTestServers } from './test-servers.ts';

/** `npm test`: everything, on servers of its own, in folders that are gone afterwards. */
const checkout = fileURLToPath(new URL('../..', import.meta.url));
const say: Say = (line) => {
  process.stdout.write(`${line}\n`);
};

/** The environment without what a developer set for a Hortus of their own. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HORTUS_')));
}

async function runParts({ parts, pattern }: TestOptions, folder: string): Promise<Tally> {
  const env = { ...cleanEnvironment(), TEMPORAL_CLI: await findTemporalCli(say) };
  const runners: Record<TestPart, () => Promise<Tally>> = {
    check: () =>
      runChecks(checkout, (text) => {
        process.stdout.write(text);
      }),
    unit: () => runJest({ checkout, folder, projects: ['unit'], pattern, env }),
    async integration() {
      const servers = await startTestServers(join(folder, 'servers'), say);
      try {
        const variables = toVariables(servers.environment);
        return await runJest({ checkout, folder, projects: ['integration'], pattern, env: { ...env, ...variables } });
      } finally {
        await servers.stop();
      }
    },
    browser: () => runBrowser({ checkout, folder, pattern, env, say }),
  };
  const tallies: Tally[] = [];
  for (const part of parts) {
    say(`\n== ${part}`);
    const begunAt = performance.now();
    const tally = await runners[part]().catch((error: unknown): Tally => {
      say(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return { passed: 0, failed: 1 };
    });
    const seconds = Math.round((performance.now() - begunAt) / 1000);
    say(`== ${part}: passed ${String(tally.passed)}, failed ${String(tally.failed)}, ${String(seconds)} s`);
    tallies.push(tally);
  }
  return addTallies(tallies);
}

try {
  const options = parseTestOptions(process.argv.slice(2));
  if (options.isHelp) {
    process.stdout.write(TEST_USAGE);
  } else {
    const folder = await mkdtemp(join(tmpdir(), 'hortus-tests-'));
    const { passed, failed } = await runParts(options, folder);
    await rm(folder, { recursive: true, force: true });
    say(`\n${String(passed)} passed, ${String(failed)} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
