import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { ExampleAnswer, ExampleRequest } from './low-priority-process.example.ts';
import { ProcessDiedError, askLowPriorityProcess } from './low-priority-process.ts';

const PROGRAM = new URL('./low-priority-process.example.ts', import.meta.url);
const never = new AbortController().signal;

async function ask(request: ExampleRequest, signal = never): Promise<ExampleAnswer[]> {
  const all: ExampleAnswer[] = [];
  for await (const answer of askLowPriorityProcess<ExampleAnswer>(PROGRAM, request, signal)) all.push(answer);
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

describe('a process of low priority', () => {
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
    const answers = askLowPriorityProcess<ExampleAnswer>(PROGRAM, { answers: 1, then: 'hang' }, controller.signal);
    const { value } = await answers.next();
    const waiting = answers.next();
    controller.abort(new Error('superseded'));
    await expect(waiting).rejects.toThrow('superseded');
    expect(await isGone(value?.pid ?? 0)).toBe(true);
  });

  it('is killed when the reader stops reading', async () => {
    let pid = 0;
    for await (const answer of askLowPriorityProcess<ExampleAnswer>(PROGRAM, { answers: 2, then: 'hang' }, never)) {
      pid = answer.pid;
      break;
    }
    expect(await isGone(pid)).toBe(true);
  });

  it('does not outlive its parent, however that ends', async () => {
    const code = `
      const { askLowPriorityProcess } = await import('${new URL('./low-priority-process.ts', import.meta.url).href}');
      const request = { answers: 1, then: 'hang' };
      for await (const { pid } of askLowPriorityProcess(new URL('${PROGRAM.href}'), request, new AbortController().signal))
        console.log(pid);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { env: {} });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    parent.kill('SIGKILL');
    expect(await isGone(Number(line.toString()))).toBe(true);
  });
});
