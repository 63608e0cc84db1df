/** A program for `low-priority-process.spec.ts`: does as it is told. */
import { getPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from './low-priority-process.ts';

export interface ExampleRequest {
  readonly answers: number;
  readonly then: 'end' | 'throw' | 'die' | 'hang';
}

export interface ExampleAnswer {
  readonly pid: number;
  readonly priority: number;
  readonly environment: readonly string[];
  readonly bytes: Uint8Array;
}

answerParent<ExampleRequest, ExampleAnswer>(async function* ({ answers, then }) {
  for (let count = 0; count < answers; count += 1) {
    yield {
      pid: process.pid,
      priority: getPriority(),
      environment: Object.keys(process.env),
      bytes: new Uint8Array([count]),
    };
  }
  if (then === 'throw') throw new RangeError('out of range');
  if (then === 'die') process.kill(process.pid, 'SIGSEGV');
  if (then !== 'end') await sleep(60_000);
});
