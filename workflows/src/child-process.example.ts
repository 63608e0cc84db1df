/** A program for `child-process.spec.ts`: does as it is told. */
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from './child-process.ts';

export interface ExampleRequest {
  readonly answers: number;
  readonly then: 'end' | 'throw' | 'die' | 'hang' | 'spin';
}

export interface ExampleAnswer {
  readonly pid: number;
  readonly priority: number;
  /** As the operating system holds it, `NAME=value` one after the other. */
  readonly environment: string;
  readonly bytes: Uint8Array;
}

answerParent(async function* ({ answers, then }: ExampleRequest): AsyncGenerator<ExampleAnswer> {
  for (let count = 0; count < answers; count += 1) {
    yield {
      pid: process.pid,
      priority: getPriority(),
      environment: readFileSync('/proc/self/environ', 'latin1'),
      bytes: new Uint8Array([count]),
    };
  }
  if (then === 'throw') throw new RangeError('out of range');
  if (then === 'die') process.kill(process.pid, 'SIGSEGV');
  if (then === 'spin') for (;;);
  if (then !== 'end') await sleep(60_000);
});
