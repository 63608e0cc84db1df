import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from '../check/run-checks.ts';
import { SCORE_FILE, scoreLine, type MutationScore } from '../isolation/mutation-score.ts';
import { findRedis } from '../servers/find-redis.ts';
import { startControlPlane } from '../servers/control-plane.ts';
import { findTemporalCli } from '../servers/find-temporal-cli.ts';
import type { Say } from '../terminal/say.ts';
import { UserError } from '../terminal/user-error.ts';
import { TEST_KUBECONFIG } from './fixtures/cluster.ts';
import { toVariables } from './fixtures/test-environment.ts';
import { TEST_USAGE, parseTestOptions, type TestOptions, type TestPart } from './options.ts';
import { runBrowser } from './run-browser.ts';
import { runJest } from './run-jest.ts';
import { FAILED, addTallies, type Tally } from './tally.ts';
import { startTestServers } from './test-servers.ts';

/** `npm test`: everything, on servers of its own, in folders that are gone afterwards. */
const checkout = fileURLToPath(new URL('../..', import.meta.url));
const say: Say = (line) => {
  process.stdout.write(`${line}\n`);
};

/** How many of the walls between workspaces were missed when they were taken away, where that was tried. */
async function sayScore(): Promise<void> {
  const text = await readFile(SCORE_FILE, 'utf8').catch(() => null);
  if (text === null) return;
  const score = JSON.parse(text) as MutationScore;
  say(`\n${scoreLine(score)}`);
  for (const survivor of score.survivors) say(`  survived: ${survivor}`);
}

/** The environment without what a developer set for a Hortus of their own. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HORTUS_')));
}

/** Only the tests that need a Redis fail where there is none. */
async function redisVariable(): Promise<Record<string, string>> {
  try {
    return { REDIS_SERVER: await findRedis(say) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(error.message);
    return {};
  }
}

async function runParts({ parts, pattern }: TestOptions, folder: string): Promise<Tally> {
  const env = { ...cleanEnvironment(), TEMPORAL_CLI: await findTemporalCli(say) };
  async function runOnServers(project: string): Promise<Tally> {
    const servers = await startTestServers(join(folder, `servers-${project}`), say);
    try {
      const variables = { ...toVariables(servers.environment), ...(await redisVariable()) };
      return await runJest({ checkout, folder, projects: [project], pattern, env: { ...env, ...variables } });
    } finally {
      await servers.stop();
    }
  }
  const runners: Record<TestPart, () => Promise<Tally>> = {
    check: async () => ({
      ...(await runChecks(checkout, (text) => {
        process.stdout.write(text);
      })),
      skipped: [],
    }),
    unit: () => runJest({ checkout, folder, projects: ['unit'], pattern, env }),
    integration: () => runOnServers('integration'),
    mutation: () => runOnServers('mutation'),
    async operator() {
      const controlPlane = await startControlPlane({ folder: join(folder, 'control-plane'), say });
      try {
        const variables = { [TEST_KUBECONFIG]: controlPlane.kubeconfig };
        return await runJest({ checkout, folder, projects: ['operator'], pattern, env: { ...env, ...variables } });
      } finally {
        await controlPlane.stop();
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
      return FAILED;
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
    // What an earlier run has left would pass for this one's.
    await rm(SCORE_FILE, { force: true });
    const folder = await mkdtemp(join(tmpdir(), 'hortus-tests-'));
    const { passed, failed, skipped } = await runParts(options, folder);
    await rm(folder, { recursive: true, force: true });
    await sayScore();
    for (const name of skipped) say(`skipped: ${name}`);
    const also = skipped.length === 0 ? '' : `, ${String(skipped.length)} skipped`;
    say(`\n${String(passed)} passed, ${String(failed)} failed${also}`);
    process.exitCode = failed === 0 ? 0 : 1;
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
