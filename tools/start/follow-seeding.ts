import { writeFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { describeFailure, querySeeding, startSeeding } from '../demo/seed-demo.ts';

/**
 * Has the demo data put in once, behind the ready text, and says how it ended. The workflow does not need this process:
 * it goes on by itself, or when Temporal runs again.
 *
 * @param mark file that is made when the demo is in
 * @param isStopping from when on nothing more is said: Temporal goes away first
 */
export async function followSeeding(
  temporal: { readonly address: string; readonly namespace: string },
  options: { readonly mark: string; readonly print: (line: string) => void; readonly isStopping: () => boolean },
): Promise<void> {
  const { mark, print, isStopping } = options;
  try {
    // Never closed: the client's own retry throws from a timer when its connection is closed under it.
    const connection = await Connection.connect({ address: temporal.address });
    const client = new Client({ connection, namespace: temporal.namespace });
    const handle = await startSeeding(client, {}, { isAgain: false });
    if (handle === undefined) {
      await writeFile(mark, '');
      return;
    }
    print('The demo pictures are being put in; they appear by themselves.');
    await handle.result();
    await writeFile(mark, '');
    const { total, unchanged } = await querySeeding(handle);
    print(`The demo is complete: ${String(total)} artifacts, ${String(unchanged)} of them there before.`);
  } catch (error) {
    if (!isStopping()) print(`The demo could not be put in: ${describeFailure(error)}`);
  }
}
