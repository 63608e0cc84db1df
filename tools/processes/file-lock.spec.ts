import { mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tryFileLock, waitForFileLock } from './file-lock.mjs';
import { identifyProcess } from './process-identity.mjs';

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'lock-')), 'some.lock');
const deadHolder = JSON.stringify({ pid: process.pid, startedAt: 'long ago' });

describe('a file lock', () => {
  it('is held by one at a time and names its holder', () => {
    const path = newPath();
    const first = tryFileLock(path);
    expect(first).toHaveProperty('release');
    expect(tryFileLock(path)).toEqual({ holder: identifyProcess(process.pid) });
    if ('release' in first) first.release();
    expect(tryFileLock(path)).toHaveProperty('release');
  });

  it('is taken from a holder that is dead', async () => {
    const path = newPath();
    writeFileSync(path, deadHolder);
    const lock = await waitForFileLock(path, () => {
      throw new Error('nobody should be waited for');
    });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(identifyProcess(process.pid));
    lock.release();
  });

  it('leaves a file alone that is just being written, and takes one that was never finished', () => {
    const path = newPath();
    writeFileSync(path, '');
    expect(tryFileLock(path)).toEqual({ holder: undefined });
    expect(readFileSync(path, 'utf8')).toBe('');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path, longAgo, longAgo);
    tryFileLock(path);
    expect(tryFileLock(path)).toHaveProperty('release');
  });

  it('is given to one of many who want it at once, then to the next', async () => {
    const path = newPath();
    writeFileSync(path, deadHolder);
    let inside = 0;
    let insideMax = 0;
    const enter = async (): Promise<void> => {
      const lock = await waitForFileLock(path, () => undefined);
      inside += 1;
      insideMax = Math.max(insideMax, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      lock.release();
    };
    await Promise.all(Array.from({ length: 8 }, enter));
    expect(insideMax).toBe(1);
  });

  it('is not released by one who has lost it', () => {
    const path = newPath();
    const lock = tryFileLock(path);
    writeFileSync(path, deadHolder);
    if ('release' in lock) lock.release();
    expect(readFileSync(path, 'utf8')).toBe(deadHolder);
  });
});
