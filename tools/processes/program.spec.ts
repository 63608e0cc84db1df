import { describe, expect, it } from '@jest/globals';
import { identifyProcess, isAlive } from './process-identity.mjs';
import { startProgram } from './program.ts';
import { waitUntil } from './wait-until.ts';

const UP_TIMEOUT_MS = 10_000;

const shell = (script: string) => ({
  command: '/bin/sh',
  args: ['-c', script],
  cwd: '/',
  env: { PATH: '/usr/bin:/bin' },
});

describe('a program that was started', () => {
  it('gives its output line by line, and how it ended after the last line', async () => {
    const lines: string[] = [];
    const program = await startProgram(shell('echo one; echo two >&2; printf three; exit 3'), ({ stream, text }) => {
      lines.push(`${stream} ${text}`);
    });
    expect(await program.exited).toEqual({ code: 3, signal: null });
    expect(lines.toSorted()).toEqual(['stderr two', 'stdout one', 'stdout three']);
    expect(program.hasExited()).toBe(true);
  });

  it('takes what it has started itself with it', async () => {
    let childPid = 0;
    const program = await startProgram(shell('sleep 60 & echo $!; wait'), ({ text }) => {
      childPid = Number(text);
    });
    await waitUntil(() => childPid !== 0, UP_TIMEOUT_MS);
    const child = identifyProcess(childPid);
    expect(child).toBeDefined();
    expect(await program.stop('SIGTERM', 5_000)).toEqual({ code: null, signal: 'SIGTERM' });
    if (child !== undefined) expect(isAlive(child)).toBe(false);
  });

  it('is killed when it does not stop in time', async () => {
    let isUp = false;
    const program = await startProgram(shell("trap '' TERM; echo up; while :; do sleep 1; done"), () => (isUp = true));
    await waitUntil(() => isUp, UP_TIMEOUT_MS);
    expect(await program.stop('SIGTERM', 50)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(isAlive(program.identity)).toBe(false);
  });

  it('gets no environment but its own', async () => {
    const lines: string[] = [];
    const program = await startProgram({ ...shell('env'), env: { ONLY: 'this' } }, ({ text }) => lines.push(text));
    await program.exited;
    expect(lines.filter((line) => !/^(PWD|_|SHLVL|OLDPWD)=/.test(line))).toEqual(['ONLY=this']);
  });
});

describe('a program that is not there', () => {
  it('is an error and no process', async () => {
    const command = { command: '/absent/program', args: [], cwd: '/', env: {} };
    await expect(startProgram(command, () => undefined)).rejects.toThrow('ENOENT');
  });
});
