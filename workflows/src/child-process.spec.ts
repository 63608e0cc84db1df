import { spawn } from 'node:child_process';
import { once as onceEmitted } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import type { ExampleAnswer, ExampleRequest } from './child-process.example.ts';
import { ProcessDiedError, ProcessPool, ProcessTooSlowError } from './child-process.ts';

/** On a busy machine a process of the lowest priority waits. */
jest.setTimeout(60_000);

const PROGRAM = new URL('./child-process.example.ts', import.meta.url);
const never = new AbortController().signal;

const once = () => new ProcessPool({ program: PROGRAM, isLowPriority: true, requestsMax: 1 });

async function ask(request: ExampleRequest, pool = once()): Promise<ExampleAnswer[]> {
  const all: ExampleAnswer[] = [];
  for await (const answer of pool.ask<ExampleAnswer>(request, never)) all.push(answer);
  return all;
}

async function isGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(10);
  }
  return false;
}

describe('a process', () => {
  it('answers as often as it has something, at the lowest priority, and knows nothing of the environment', async () => {
    const answers = await ask({ answers: 3, then: 'end' });
    expect(answers.map(({ bytes }) => bytes[0])).toEqual([0, 1, 2]);
    expect(answers[0]?.priority).toBe(19);
    expect(answers[0]?.environment).not.toContain('PATH=');
    expect(await isGone(answers[0]?.pid ?? 0)).toBe(true);
  });

  it('passes on what went wrong in it', async () => {
    await expect(ask({ answers: 1, then: 'throw' })).rejects.toMatchObject({
      name: 'RangeError',
      message: 'out of range',
    });
  });

  it('is told apart from a process that has died', async () => {
    await expect(ask({ answers: 1, then: 'die' })).rejects.toThrow(ProcessDiedError);
    await expect(ask({ answers: 1, then: 'die' })).rejects.toThrow(/SIGSEGV/);
  });

  it('is killed when nobody wants the answer any more', async () => {
    const controller = new AbortController();
    const answers = once().ask<ExampleAnswer>({ answers: 1, then: 'hang' }, controller.signal);
    const { value } = await answers.next();
    const waiting = answers.next();
    controller.abort(new Error('superseded'));
    await expect(waiting).rejects.toThrow('superseded');
    expect(await isGone(value?.pid ?? 0)).toBe(true);
  });

  it('is killed when the reader stops reading', async () => {
    let pid = 0;
    for await (const answer of once().ask<ExampleAnswer>({ answers: 2, then: 'hang' }, never)) {
      pid = answer.pid;
      break;
    }
    expect(await isGone(pid)).toBe(true);
  });

  it('is ended when it takes more processor time for an answer than it may', async () => {
    const pool = new ProcessPool({ program: PROGRAM, isLowPriority: false, requestsMax: 9, answerCpuMsMax: 300 });
    const answers = pool.ask<ExampleAnswer>({ answers: 1, then: 'spin' }, never);
    const { value } = await answers.next();
    await expect(answers.next()).rejects.toThrow(ProcessTooSlowError);
    expect(await isGone(value?.pid ?? 0)).toBe(true);
  });

  it('does not outlive its parent, however that ends', async () => {
    const code = `
      const { ProcessPool } = await import('${new URL('./child-process.ts', import.meta.url).href}');
      const pool = new ProcessPool({ program: new URL('${PROGRAM.href}'), isLowPriority: true, requestsMax: 1 });
      for await (const { pid } of pool.ask({ answers: 1, then: 'hang' }, new AbortController().signal)) console.log(pid);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { env: {} });
    const [line] = (await onceEmitted(parent.stdout, 'data')) as [Buffer];
    parent.kill('SIGKILL');
    expect(await isGone(Number(line.toString()))).toBe(true);
  });
});

describe('a pool of processes', () => {
  const pidsOf = (answers: readonly ExampleAnswer[]) => answers.map(({ pid }) => pid);

  it('asks a process again that has answered, and another when that has answered often enough', async () => {
    using pool = new ProcessPool({ program: PROGRAM, isLowPriority: false, requestsMax: 2 });
    const pids: number[] = [];
    for (let count = 0; count < 4; count += 1) pids.push(...pidsOf(await ask({ answers: 1, then: 'end' }, pool)));
    expect([pids[0] === pids[1], pids[1] === pids[2], pids[2] === pids[3]]).toEqual([true, false, true]);
    expect(await isGone(pids[0] ?? 0)).toBe(true);
  });

  it('asks a process again whose work failed by itself, and none that has died', async () => {
    using pool = new ProcessPool({ program: PROGRAM, isLowPriority: false, requestsMax: 9 });
    const [first = 0] = pidsOf(await ask({ answers: 1, then: 'end' }, pool));
    await expect(ask({ answers: 0, then: 'throw' }, pool)).rejects.toThrow('out of range');
    expect(pidsOf(await ask({ answers: 1, then: 'end' }, pool))).toEqual([first]);
    await expect(ask({ answers: 0, then: 'die' }, pool)).rejects.toThrow(ProcessDiedError);
    expect(pidsOf(await ask({ answers: 1, then: 'end' }, pool))).not.toEqual([first]);
  });

  it('has a process ready before it is asked, and ends all when it is disposed of', async () => {
    const pool = new ProcessPool({ program: PROGRAM, isLowPriority: false, requestsMax: 9 });
    pool.warm();
    const [pid = 0] = pidsOf(await ask({ answers: 1, then: 'end' }, pool));
    pool[Symbol.dispose]();
    expect(await isGone(pid)).toBe(true);
  });
});
