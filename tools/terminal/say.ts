/**
 * Where a long job tells what it does. The function takes whole lines; `progress` takes figures that may replace each
 * other on one line ("compiled 312 packages, 45 s"). Without `progress` the figures are left out but for one every
 * ten seconds, so that a plain `(line) => console.log(line)` is a good `Say` too.
 */
export type Say = ((line: string) => void) & { progress?: (text: string) => void };

const QUIET_INTERVAL_MS = 10_000;

/**
 * Reports `describe(elapsed seconds)` every second until `work` settles.
 *
 * @returns what `work` gives
 */
export async function sayProgress<T>(say: Say, describe: (seconds: number) => string, work: Promise<T>): Promise<T> {
  const begunAt = Date.now();
  let quietUntil = begunAt + QUIET_INTERVAL_MS;
  const timer = setInterval(() => {
    const text = describe(Math.round((Date.now() - begunAt) / 1_000));
    if (say.progress !== undefined) say.progress(text);
    else if (Date.now() >= quietUntil) {
      quietUntil += QUIET_INTERVAL_MS;
      say(`  ${text}`);
    }
  }, 1_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
