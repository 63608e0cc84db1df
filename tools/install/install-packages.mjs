// @ts-check
// Plain JavaScript: it runs on whatever Node the machine has, before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { waitForFileLock } from '../processes/file-lock.mjs';
import { explainStalePackages, listPackageFolders } from './stale-packages.mjs';

/** @typedef {import('./stale-packages.mjs').Lockfile} Lockfile */

/** Seconds between two lines of progress where a line cannot be rewritten (a log, a pipe). */
const QUIET_INTERVAL_S = 10;
const OUTPUT_LENGTH_MAX = 8_000;
const REASON_LINES = 12;

/**
 * Makes `node_modules` fit `package-lock.json`: does nothing when it does, runs `npm ci` when it does not. Two callers
 * at once: the second waits, looks again and finds the work done.
 *
 * @param {string} checkout
 * @returns {Promise<void>} rejects with a sentence for the person
 */
export async function installPackages(checkout) {
  if (explainStaleCheckout(checkout) === undefined) return;
  // Not in node_modules: `npm ci` begins by deleting that.
  const lock = await waitForFileLock(join(checkout, '.hortus', 'install.lock'), (holder) => {
    process.stderr.write(
      `Another command (process ${String(holder?.pid)}) is installing the packages; waiting for it …\n`,
    );
  });
  try {
    const reason = explainStaleCheckout(checkout);
    if (reason === undefined) return;
    process.stderr.write(`Installing packages with npm ci, because ${reason}.\n`);
    await runNpmCi(checkout);
  } finally {
    lock.release();
  }
}

/**
 * @param {string} checkout
 * @returns {string | undefined}
 */
function explainStaleCheckout(checkout) {
  const wanted = readLockfile(join(checkout, 'package-lock.json'));
  if (wanted === undefined) throw new Error(`There is no readable package-lock.json in ${checkout}.`);
  const installed = readLockfile(join(checkout, 'node_modules', '.package-lock.json'));
  return explainStalePackages(wanted, installed);
}

/**
 * @param {string} path
 * @returns {Lockfile | undefined}
 */
function readLockfile(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} checkout
 * @returns {Promise<void>}
 */
async function runNpmCi(checkout) {
  const folders = listPackageFolders(readLockfile(join(checkout, 'package-lock.json')) ?? {}, {
    os: process.platform,
    cpu: process.arch,
  });
  const path = pathOutside(checkout);
  const [command, ...args] = findNpm(path);
  // No browser download by Playwright's packages: tools/servers finds a Chromium when one is needed.
  const env = { ...process.env, PATH: path, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' };
  const child = spawn(
    /** @type {string} */ (command),
    [...args, 'ci', '--no-audit', '--no-fund', '--loglevel', 'error'],
    {
      cwd: checkout,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (output = (output + String(chunk)).slice(0, OUTPUT_LENGTH_MAX)));
  }
  const stopProgress = showProgress(checkout, folders);
  const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const failure = await new Promise((resolve) => {
    child.on('error', (error) => resolve(`npm could not be started: ${error.message}`));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? undefined : `npm ci ended with ${signal ?? String(code)}`),
    );
  });
  process.off('SIGINT', forward).off('SIGTERM', forward);
  stopProgress(failure === undefined);
  if (failure !== undefined) {
    const hint = output.includes('EUSAGE')
      ? 'package-lock.json does not belong to the package.json files; npm install makes it anew'
      : 'Check that npm reaches its registry, then run the same command again';
    // npm prints its manual below the reason.
    const reason = output.trim().split('\n').slice(0, REASON_LINES).join('\n');
    throw new Error(`${reason}\n\nThe packages could not be installed: ${failure}. ${hint}.`);
  }
}

/**
 * @param {string} checkout
 * @param {string[]} folders
 * @returns {(isDone: boolean) => void}
 */
function showProgress(checkout, folders) {
  const begunAt = Date.now();
  const isTty = process.stderr.isTTY;
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    if (!isTty && seconds % QUIET_INTERVAL_S !== 0) return;
    const count = folders.filter((folder) => existsSync(join(checkout, folder, 'package.json'))).length;
    const text = `  ${String(count)} of about ${String(folders.length)} packages, ${String(seconds)} s`;
    process.stderr.write(isTty ? `\r\x1b[K${text}` : `${text}\n`);
  }, 1_000);
  return (isDone) => {
    clearInterval(timer);
    const took = ((Date.now() - begunAt) / 1_000).toFixed(0);
    process.stderr.write(`${isTty ? '\r\x1b[K' : ''}${isDone ? `  Packages installed in ${took} s.\n` : ''}`);
  };
}

/**
 * PATH without this checkout's own node_modules/.bin: the `node` there is deleted while `npm ci` runs.
 *
 * @param {string} checkout
 * @returns {string}
 */
function pathOutside(checkout) {
  const inside = join(checkout, 'node_modules') + sep;
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !(folder + sep).startsWith(inside))
    .join(delimiter);
}

/**
 * The npm that runs this script, else the one on PATH.
 *
 * @param {string} path
 * @returns {string[]}
 */
function findNpm(path) {
  const script = process.env['npm_execpath'];
  if (script === undefined || !script.endsWith('npm-cli.js') || !existsSync(script)) {
    return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  }
  const folder = path.split(delimiter).find((candidate) => existsSync(join(candidate, 'node')));
  const outside = folder === undefined ? process.execPath : realpathSync(join(folder, 'node'));
  return existsSync(dirname(outside)) ? [outside, script] : ['npm'];
}
