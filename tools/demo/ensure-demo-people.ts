import { putDemo } from '@hortus/contracts/internal-api';
import { requestLocal } from '../processes/request-local.ts';

const TIMEOUT_MS = 60_000;
const REFUSED = 409;

/**
 * Makes the workspaces and people of the demo, so that whoever reads the sign-ins can use them at once; the pictures follow
 * by the workflow. A database with other workspaces refuses, which the workflow will say.
 */
export async function ensureDemoPeople(hortus: { apiUrl: string; serviceKey: string }): Promise<void> {
  const answer = await requestLocal(`${hortus.apiUrl}${putDemo.url}`, {
    method: putDemo.method,
    headers: { authorization: `Bearer ${hortus.serviceKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ besideOthers: false }),
    timeoutMs: TIMEOUT_MS,
  });
  if (answer.status !== 200 && answer.status !== REFUSED) {
    throw new Error(
      `The people of the demo could not be made: the api answered ${String(answer.status)}: ${answer.body}`,
    );
  }
}
