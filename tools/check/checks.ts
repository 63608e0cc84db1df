import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GENERATED_FILES, printGenerated } from '../gen/generated-files.ts';

/** One thing that must hold of the sources. */
export interface Check {
  readonly name: string;
  /** @throws CheckFailure with what does not hold */
  run(checkout: string): Promise<void>;
}

export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
}

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** A tool of a package, run by this Node, whatever Node is on the PATH. */
function tool(name: string, script: string, args: readonly string[]): Check {
  return {
    name,
    run: (checkout) =>
      new Promise((resolve, reject) => {
        const options = { cwd: checkout, maxBuffer: OUTPUT_BYTES_MAX };
        execFile(
          process.execPath,
          [join(checkout, 'node_modules', script), ...args],
          options,
          (error, stdout, stderr) => {
            if (error === null) resolve();
            else reject(new CheckFailure(`${stdout}${stderr}`.trim() || error.message));
          },
        );
      }),
  };
}

const typed = ['packages/contracts', 'packages/service', 'api', 'workflows', 'operator', 'tools', 'bench'].map(
  (folder) => tool(`types of ${folder}`, 'typescript/bin/tsc', ['-p', folder]),
);

const generated: Check = {
  name: 'generated files are what the sources print',
  async run(checkout) {
    for (const file of GENERATED_FILES) {
      const committed = await readFile(join(checkout, file.path), 'utf8').catch(() => '');
      if (committed !== (await printGenerated(checkout, file))) {
        throw new CheckFailure(`${file.path} is not what the sources print. Run \`npm run gen\` and commit it.`);
      }
    }
  },
};

export const CHECKS: readonly Check[] = [
  ...typed,
  tool('types of web', '@angular/compiler-cli/bundles/src/bin/ngc.js', ['-p', 'web/tsconfig.app.json', '--noEmit']),
  tool('types of the specs of web', 'typescript/bin/tsc', ['-p', 'web/tsconfig.spec.json']),
  tool('types of the browser tests', 'typescript/bin/tsc', ['-p', 'web/tsconfig.e2e.json']),
  tool('lint', 'eslint/bin/eslint.js', [
    '.',
    '--max-warnings',
    '0',
    '--cache',
    '--cache-location',
    'node_modules/.cache/eslint/',
  ]),
  tool('form', 'prettier/bin/prettier.cjs', ['--check', '--cache', '--log-level', 'warn', '.']),
  tool('directions', 'dependency-cruiser/bin/dependency-cruiser.mjs', [
    ...['packages', 'api', 'workflows', 'operator', 'web', 'tools', 'bench'],
    ...['--config', '.dependency-cruiser.js'],
  ]),
  generated,
];
