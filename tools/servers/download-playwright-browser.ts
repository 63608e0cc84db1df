import { glob } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { sayProgress } from '../terminal/say.ts';
import type { ObtainStep } from './obtain-step.ts';
import { runQuietly } from './run-quietly.ts';

const REACH_TIMEOUT_MS = 5_000;
const HOST = 'https://cdn.playwright.dev';
const BINARIES = [
  'chromium-*/chrome-linux*/chrome',
  'chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium',
  'chromium-*/chrome-mac*/*.app/Contents/MacOS/*Testing',
];

/** The Chromium that the installed Playwright was tested with, kept in the cache folder. */
export function downloadPlaywrightBrowser(): ObtainStep {
  return {
    title: `Playwright's download (${new URL(HOST).host})`,
    obtain: async ({ config, say }) => {
      const browsers = join(config.cacheFolder, 'browsers');
      const earlier = await findBinary(browsers);
      if (earlier !== undefined) return earlier;
      // Playwright tries five times with long waits: whether its host can be reached at all is asked first.
      await fetch(HOST, { method: 'HEAD', signal: AbortSignal.timeout(REACH_TIMEOUT_MS) }).catch((error: unknown) => {
        throw new Error(`${new URL(HOST).host} cannot be reached`, { cause: error });
      });
      const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
      let last = '';
      const work = runQuietly(process.execPath, [cli, 'install', 'chromium', '--no-shell'], {
        // The variable that keeps npm ci from downloading browsers must not keep this from it.
        env: { ...config.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: undefined, PLAYWRIGHT_BROWSERS_PATH: browsers },
        onLine: (line) => {
          last = line.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 60);
        },
      });
      await sayProgress(say, (seconds) => `${String(seconds)} s ${last}`, work);
      const binary = await findBinary(browsers);
      if (binary === undefined) throw new Error(`the download left no browser in ${browsers}`);
      return binary;
    },
  };
}

async function findBinary(browsers: string): Promise<string | undefined> {
  for (const pattern of BINARIES) {
    for await (const path of glob(pattern, { cwd: browsers })) return join(browsers, path);
  }
  return undefined;
}
