import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findChromium } from '../servers/find-chromium.ts';
import { chooseFreePortVariables } from '../start/free-port-variables.ts';
import type { Say } from '../terminal/say.ts';
import { FAILED, tallyPlaywright, type Tally } from './tally.ts';

const DEMO_PASSWORD = 'demo password of the browser tests';
const READY = /Hortus is ready at (\S+)/;

/** Starts the product as `npm start` does, in a folder and at ports of its own, and lets a browser use it. */
export async function runBrowser(options: {
  checkout: string;
  folder: string;
  pattern: string | undefined;
  env: NodeJS.ProcessEnv;
  say: Say;
}): Promise<Tally> {
  const { checkout, folder, pattern, env, say } = options;
  const chromium = await findChromium(say);
  const portVariables = await chooseFreePortVariables();
  const product = spawn(process.execPath, [join(checkout, 'tools/start/main.ts')], {
    cwd: checkout,
    env: {
      ...env,
      HORTUS_HOME: join(folder, 'hortus'),
      HORTUS_DEMO_PASSWORD: DEMO_PASSWORD,
      HORTUS_LOOP_DELAY_MAX_MS: '0',
      ...portVariables,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(product, 'exit');
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let text = '';
      product.stdout.on('data', (chunk: Buffer) => {
        process.stdout.write(chunk);
        text += chunk.toString();
        const ready = READY.exec(text)?.[1];
        if (ready !== undefined) resolve(ready);
      });
      product.once('exit', () => {
        reject(new Error('the product ended before it was ready; see above'));
      });
    });
    return await runPlaywright({ checkout, folder, pattern, env, url, chromium });
  } finally {
    product.kill('SIGTERM');
    await gone;
  }
}

async function runPlaywright(options: {
  checkout: string;
  folder: string;
  pattern: string | undefined;
  env: NodeJS.ProcessEnv;
  url: string;
  chromium: string;
}): Promise<Tally> {
  const { checkout, folder, pattern, env, url, chromium } = options;
  const report = join(folder, 'playwright.json');
  const args = [
    join(checkout, 'node_modules/@playwright/test/cli.js'),
    'test',
    ...(pattern === undefined ? [] : [pattern]),
    ...['--reporter', 'list,json'],
  ];
  const child = spawn(process.execPath, args, {
    cwd: join(checkout, 'web'),
    env: {
      ...env,
      CHROMIUM: chromium,
      HORTUS_E2E_URL: url,
      HORTUS_DEMO_PASSWORD: DEMO_PASSWORD,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await once(child, 'exit');
  const text = await readFile(report, 'utf8').catch(() => null);
  return text === null ? FAILED : tallyPlaywright(JSON.parse(text) as Parameters<typeof tallyPlaywright>[0]);
}
