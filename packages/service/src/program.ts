import { ConfigError } from './config.ts';
import { createLogger } from './logger.ts';

/**
 * Runs a program's `main`. What it throws before it stands ends in one line that a person can act on and exit code 1; an
 * error that nobody caught later is logged and ends the program too, since its state can no longer be trusted.
 */
export function runProgram(service: string, main: () => Promise<void>): void {
  const logger = createLogger({ service, level: 'info' });
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught error');
    process.exit(1);
  });
  main().catch((error: unknown) => {
    if (error instanceof ConfigError) logger.fatal(error.message);
    else logger.fatal({ err: error }, 'the program could not start');
    process.exit(1);
  });
}
