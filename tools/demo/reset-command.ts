import { createInterface } from 'node:readline/promises';
import type { Output } from '@hortus/contracts/endpoint';
import { deleteDemo } from '@hortus/contracts/internal-api';
import { DEMO_WORKSPACES } from '@hortus/contracts/demo';
import { requestLocal } from '../processes/request-local.ts';
import type { RunRecord } from '../start/run-record.ts';
import { UserError } from '../terminal/user-error.ts';

const DELETE_TIMEOUT_MS = 120_000;
const WORD = 'reset';

/** Deletes the demo, after the person has typed a word that nobody types by accident. */
export async function runResetCommand(
  hortus: RunRecord & { readonly serviceKey: string },
  options: { readonly isConfirmed: boolean },
): Promise<void> {
  if (!options.isConfirmed) await confirm();
  const answer = await requestLocal(`${hortus.apiUrl}${deleteDemo.url}`, {
    method: deleteDemo.method,
    headers: { authorization: `Bearer ${hortus.serviceKey}` },
    timeoutMs: DELETE_TIMEOUT_MS,
  });
  if (answer.status !== 200) {
    throw new UserError(`The demo was not deleted: the api answered ${String(answer.status)}: ${answer.body}`);
  }
  const { workspaces, artifacts } = JSON.parse(answer.body) as Output<typeof deleteDemo>;
  process.stdout.write(
    `Deleted ${String(workspaces)} workspaces with ${String(artifacts)} artifacts. npm run demo:seed puts the demo in again.\n`,
  );
}

async function confirm(): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError('This deletes the demo for good. Nobody can be asked here; --yes says that it is meant.');
  }
  const names = DEMO_WORKSPACES.map(({ name }) => name).join(' and ');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const word = await terminal.question(
      `This deletes ${names}, their people and all that is in them, for good. Type the word ${WORD} to go on: `,
    );
    if (word.trim() !== WORD) throw new UserError('Nothing was deleted.');
  } finally {
    terminal.close();
  }
}
