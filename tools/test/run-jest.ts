import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAILED, tallyJest, type Tally } from './tally.ts';

const TEST_TIMEOUT_MS = 60_000;

/** Runs jest's projects, with its own output, and tells what it came to. */
export async function runJest(options: {
  checkout: string;
  folder: string;
  projects: readonly string[];
  pattern: string | undefined;
  env: NodeJS.ProcessEnv;
}): Promise<Tally> {
  const { checkout, folder, projects, pattern, env } = options;
  const report = join(folder, `jest-${projects.join('-')}.json`);
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--experimental-vm-modules',
    join(checkout, 'node_modules/jest/bin/jest.js'),
    ...['--selectProjects', ...projects],
    ...['--json', '--outputFile', report, '--passWithNoTests'],
    // Only against a test that hangs: how long a server takes to come up is the machine's affair.
    ...['--testTimeout', String(TEST_TIMEOUT_MS)],
    ...(pattern === undefined ? [] : ['--testPathPatterns', pattern]),
  ];
  // The flag must reach jest's own workers as well. The report on stdout would hide what people read, which is on stderr.
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    env: { ...env, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'exit');
  const text = await readFile(report, 'utf8').catch(() => null);
  return text === null ? FAILED : tallyJest(JSON.parse(text) as Parameters<typeof tallyJest>[0]);
}
