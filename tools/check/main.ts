import { fileURLToPath } from 'node:url';
import { runChecks } from './run-checks.ts';

/** `npm run check`: types, lint, form, directions and the generated files. */
const { passed, failed } = await runChecks(fileURLToPath(new URL('../..', import.meta.url)), (text) => {
  process.stdout.write(text);
});
process.stdout.write(`${String(passed)} passed, ${String(failed)} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
