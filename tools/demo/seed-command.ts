import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import type { Terminal } from '../terminal/terminal.ts';
import { UserError } from '../terminal/user-error.ts';
import type { RunRecord } from '../start/run-record.ts';
import { describeFailure, querySeeding, startSeeding } from './seed-demo.ts';

const POLL_MS = 500;

/** Seeds the demo and stays until it is done, showing how far it is. */
export async function runSeedCommand(
  hortus: RunRecord,
  input: { readonly besideOthers: boolean },
  terminal: Terminal,
): Promise<void> {
  const connection = await Connection.connect({ address: hortus.temporalAddress });
  try {
    const client = new Client({ connection, namespace: hortus.temporalNamespace });
    const handle = await startSeeding(client, input, { isAgain: true });
    // Undefined only for seedings that are not begun again, which is not asked here.
    if (handle === undefined) return;
    await showUntilDone(handle, terminal);
    const { total, unchanged } = await querySeeding(handle);
    terminal.line(`The demo is complete: ${String(total)} artifacts, ${String(unchanged)} of them there before.`);
    terminal.line(`It is at ${hortus.url}; the gardener makes the variants of new pictures now.`);
  } finally {
    await connection.close();
  }
}

async function showUntilDone(handle: WorkflowHandle, terminal: Terminal): Promise<void> {
  let isDone = false;
  const result = handle
    .result()
    .catch((error: unknown) => {
      throw new UserError(`The demo could not be put in: ${describeFailure(error)}`, { cause: error });
    })
    .finally(() => (isDone = true));
  const show = async (): Promise<void> => {
    while (!isDone) {
      // A worker that is busy or restarting answers no query; the next one will.
      const progress = await querySeeding(handle).catch(() => undefined);
      if (progress !== undefined) {
        terminal.live(`Seeding the demo: ${String(progress.done)} of ${String(progress.total)} artifacts`);
      }
      await sleep(POLL_MS);
    }
  };
  const shown = show();
  try {
    await result;
  } finally {
    await shown;
    terminal.live('');
  }
}
