import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { identifyProcess, isAlive, parseProcStat } from './process-identity.mjs';

describe('parseProcStat', () => {
  it('counts the fields behind the last bracket, since a command may hold spaces and brackets', () => {
    const rest = Array.from({ length: 18 }, (_, index) => String(index + 4)).join(' ');
    expect(parseProcStat(`4711 (a) (b c) S ${rest} 160378 99 98`)).toEqual({ state: 'S', startTicks: '160378' });
  });

  it('gives nothing for a text that is cut off', () => {
    expect(parseProcStat('4711 (node) S 1 2')).toBeUndefined();
  });
});

describe('a process identity', () => {
  it('holds while its process lives, and no longer', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const identity = identifyProcess(child.pid ?? 0);
    expect(identity).toBeDefined();
    if (identity === undefined) return;
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
  });

  it('does not hold for another process with the same pid', () => {
    expect(isAlive({ pid: process.pid, startedAt: 'another time' })).toBe(false);
  });
});
