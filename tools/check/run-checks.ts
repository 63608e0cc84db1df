import { CHECKS, CheckFailure } from './checks.ts';

export interface CheckResult {
  readonly passed: number;
  readonly failed: number;
}

/** Two at a time: each is one process, and most machines that run this have two cores or more. */
const CONCURRENCY = 2;

/** Runs every check, whatever the others say, and writes a line for each and all that a failed one printed. */
export async function runChecks(checkout: string, write: (text: string) => void): Promise<CheckResult> {
  const waiting = [...CHECKS];
  let failed = 0;

  async function work(): Promise<void> {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const begunAt = performance.now();
      const failure = await check.run(checkout).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
      const seconds = ((performance.now() - begunAt) / 1000).toFixed(1);
      write(`${failure === null ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)\n`);
      if (failure === null) continue;
      failed += 1;
      write(`${failure instanceof CheckFailure ? failure.message : (failure.stack ?? failure.message)}\n`);
    }
  }

  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { passed: CHECKS.length - failed, failed };
}
