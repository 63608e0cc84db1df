// @ts-check
// Plain JavaScript: tools/run.mjs needs it before Node 24 is there to strip types.
import { mkdirSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isAlive } from './process-identity.mjs';

/** @typedef {import('./process-identity.mjs').ProcessIdentity} ProcessIdentity */
/** @typedef {{ release: () => void }} FileLock */

// A lock is a file that names its holder. States:
//   absent            → free
//   holder alive      → held
//   holder dead       → stale: whoever makes `<lock>.takeover` may remove it, so that two waiters that both saw the stale
//                       file cannot remove the lock which the quicker of them has just made
//   unreadable, young → being written; older than TORN_MS → stale (its writer died between making and filling it)
const TORN_MS = 5_000;
const POLL_MS = 200;

/**
 * Takes the lock, or says who holds it.
 *
 * @param {string} path
 * @returns {FileLock | { holder: ProcessIdentity | undefined }}
 */
export function tryFileLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const own = identifyProcess(process.pid) ?? { pid: process.pid, startedAt: '' };
  if (writeNew(path, own)) return { release: () => release(path, own) };
  const holder = readHolder(path);
  if (holder === 'gone') return { holder: undefined };
  if (isStale(path, holder)) removeStale(path);
  return { holder };
}

/**
 * Waits for the lock without a bound of its own: the holder's death frees it.
 *
 * @param {string} path
 * @param {(holder: ProcessIdentity | undefined) => void} onWait called once, when somebody else holds it
 * @returns {Promise<FileLock>}
 */
export async function waitForFileLock(path, onWait) {
  let saidSo = false;
  for (;;) {
    const result = tryFileLock(path);
    if ('release' in result) return result;
    if (!saidSo && result.holder !== undefined && isAlive(result.holder)) {
      saidSo = true;
      onWait(result.holder);
    }
    await sleep(saidSo ? POLL_MS : 10);
  }
}

/**
 * @param {string} path
 * @param {ProcessIdentity} own
 */
function writeNew(path, own) {
  try {
    writeFileSync(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {ProcessIdentity | 'gone' | undefined} undefined when the file names nobody
 */
function readHolder(path) {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value?.pid === 'number' && typeof value.startedAt === 'string' ? value : undefined;
  } catch (error) {
    return isCode(error, 'ENOENT') ? 'gone' : undefined;
  }
}

/**
 * @param {string} path
 * @param {ProcessIdentity | undefined} holder
 */
function isStale(path, holder) {
  return holder === undefined ? ageMs(path) > TORN_MS : !isAlive(holder);
}

/** @param {string} path */
function removeStale(path) {
  const takeover = `${path}.takeover`;
  try {
    mkdirSync(takeover);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    if (ageMs(takeover) > TORN_MS) rmSync(takeover, { recursive: true, force: true });
    return;
  }
  try {
    const holder = readHolder(path);
    if (holder !== 'gone' && isStale(path, holder)) rmSync(path, { force: true });
  } finally {
    rmdirSync(takeover);
  }
}

/**
 * @param {string} path
 * @param {ProcessIdentity} own
 */
function release(path, own) {
  const holder = readHolder(path);
  if (typeof holder === 'object' && holder.pid === own.pid && holder.startedAt === own.startedAt) {
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isCode(error, code) {
  // Not by instanceof: in a test, an error of Node itself is of another realm.
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
