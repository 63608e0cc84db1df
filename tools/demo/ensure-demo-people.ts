import { setTimeout as sleep } from 'node:timers/promises';
import { putDemo } from '@hortus/contracts/internal-api';
import { requestLocal } from '../processes/request-local.ts';

const TIMEOUT_MS = 60_000;
const REFUSED = 409;
/** A machine that has just started everything may have more to do than it can. */
const BUSY = 503;
const ASK_AGAIN_MS = 1000;

/**
 * Makes the workspaces and people of the demo, so that whoever reads the sign-ins can use them at once; the pictures follow
 * by the workflow. A database with other workspaces refuses, which the workflow will say.
 */
export async function ensureDemoPeople(hortus: { apiUrl: string; serviceKey: string }): Promise<void> {
  const ask = () =>
    requestLocal(`${hortus.apiUrl}${putDemo.url}`, {
      method: putDemo.method,
      headers: { authorization: `Bearer ${hortus.serviceKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ besideOthers: false }),
      timeoutMs: TIMEOUT_MS,
    });
  const endMs = performance.now() + TIMEOUT_MS;
  let answer = await ask();
  while (answer.status === BUSY && performance.now() < endMs) {
    await sleep(ASK_AGAIN_MS);
    answer = await ask();
  }
  if (answer.status !== 200 && answer.status !== REFUSED) {
    throw new Error(
      `The people of the demo could not be made: the api answered ${String(answer.status)}: ${answer.body}`,
    );
  }
}
