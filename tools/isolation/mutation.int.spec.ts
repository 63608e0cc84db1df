import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { SCORE_FILE, scoreOf, type MutantFate } from './mutation-score.ts';

const program = fileURLToPath(new URL('mutation-program.ts', import.meta.url));
/** Only against one that hangs. */
const TIMEOUT_MS = 600_000;

describe('what keeps workspaces apart', () => {
  it(
    'is missed wherever it is taken away: each policy, grant, access and check',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'hortus-isolation-'));
      const output = join(folder, 'fates.json');
      // A process of its own: there the sources of the api are changed as they are loaded.
      const child = spawn(process.execPath, [program, output], { stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) throw new Error(`the program ended with ${String(code)}: ${said}`);
      const score = scoreOf(JSON.parse(await readFile(output, 'utf8')) as MutantFate[]);
      await rm(folder, { recursive: true });
      await mkdir(dirname(SCORE_FILE), { recursive: true });
      await writeFile(SCORE_FILE, `${JSON.stringify(score, null, 2)}\n`);
      expect(score.survivors).toEqual([]);
      expect(Object.keys(score.byKind).sort()).toEqual([
        'access',
        'added grant',
        'check',
        'grant',
        'policy',
        'role',
        'row-level security',
      ]);
    },
    TIMEOUT_MS,
  );
});
