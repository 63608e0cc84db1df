import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSION = '0.5.2';
const INSTALL_MS_MAX = 20 * 60_000;

/**
 * The program that judges what the gardener makes, which nobody here has written: `ssimulacra2_rs` (BSD-2-Clause).
 *
 * @returns its path; found by `SSIMULACRA2`, or in the cache, where cargo puts it the first time, in some minutes
 */
export async function findJudge(env: NodeJS.ProcessEnv): Promise<string> {
  const named = env['SSIMULACRA2'];
  if (named !== undefined) return named;
  const folder = join(homedir(), '.cache', 'hortus', 'ssimulacra2');
  const program = join(folder, 'bin', 'ssimulacra2_rs');
  const isThere = await access(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  process.stdout.write(`Building ssimulacra2_rs ${VERSION} with cargo, some minutes …\n`);
  const args = [
    'install',
    'ssimulacra2_rs',
    '--version',
    VERSION,
    '--no-default-features',
    '--locked',
    '--root',
    folder,
  ];
  try {
    await run('cargo', args, { timeout: INSTALL_MS_MAX });
  } catch (error) {
    throw new Error('ssimulacra2_rs could not be built; install it and name it by SSIMULACRA2', { cause: error });
  }
  return program;
}

/** The score of a distorted PNG against the original one. */
export async function judge(program: string, original: string, distorted: string): Promise<number> {
  const { stdout } = await run(program, ['image', original, distorted]);
  const score = Number(/-?[\d.]+/.exec(stdout)?.[0]);
  if (Number.isNaN(score)) throw new Error(`ssimulacra2_rs said: ${stdout}`);
  return score;
}
