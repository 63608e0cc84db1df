import { Terminal } from '../terminal/terminal.ts';
import { UserError } from '../terminal/user-error.ts';
import { DEMO_USAGE, parseDemoOptions } from './options.ts';
import { runResetCommand } from './reset-command.ts';
import { findRunningHortus } from './running-hortus.ts';
import { runSeedCommand } from './seed-command.ts';

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isPlain = error instanceof UserError;
  process.stderr.write(`${isPlain ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
}
process.exit();

async function main(argv: readonly string[]): Promise<void> {
  const options = parseDemoOptions(argv);
  if (options.command === 'help') {
    process.stdout.write(DEMO_USAGE);
    return;
  }
  const hortus = await findRunningHortus();
  if (options.command === 'seed') await runSeedCommand(hortus, options, new Terminal(process.stdout));
  else await runResetCommand(hortus, options);
}
