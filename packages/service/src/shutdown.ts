import type { Logger } from './logger.ts';

/** One step of a shutdown; the steps run one after the other. */
export interface ShutdownStep {
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

/**
 * Ends the program in order on SIGTERM or SIGINT: readiness off, drain, close, flush, as the steps say. A step that throws
 * is logged and the next one runs, since a half-done shutdown must still close the rest; the exit code is then 1. A second
 * signal exits at once.
 *
 * @param timeoutMs how long all steps together may take
 * @returns a function that starts the same shutdown from within, after a fatal error
 */
export function shutDownOnSignal(options: {
  logger: Logger;
  timeoutMs: number;
  steps: readonly ShutdownStep[];
  process?: NodeJS.Process;
}): (reason: string, exitCode?: number) => void {
  const { logger, timeoutMs, steps } = options;
  const host = options.process ?? process;
  let begun = false;

  async function run(reason: string, exitCode: number): Promise<void> {
    logger.info({ reason }, 'shutdown begins');
    // It keeps the process alive: one that waits for nothing else would end half closed, and with exit code 0.
    const timer = setTimeout(() => {
      logger.error({ timeoutMs }, 'shutdown took too long, exiting');
      host.exit(1);
    }, timeoutMs);
    let code = exitCode;
    for (const step of steps) {
      try {
        await step.run();
      } catch (error) {
        code = 1;
        logger.error({ err: error, step: step.name }, 'a step of the shutdown failed');
      }
    }
    clearTimeout(timer);
    logger.info({ exitCode: code }, 'shutdown complete');
    host.exit(code);
  }

  function begin(reason: string, exitCode = 0): void {
    if (begun) {
      host.exit(exitCode === 0 ? 1 : exitCode);
      return;
    }
    begun = true;
    void run(reason, exitCode);
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    host.on(signal, () => {
      begin(signal);
    });
  }
  return begin;
}
