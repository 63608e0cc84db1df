import { Client, Connection } from '@temporalio/client';
import { describeFailure, querySeeding, startSeeding } from '../demo/seed-demo.ts';

export interface Seeding {
  /** Stops following; the workflow goes on, now or when Temporal runs again. */
  close(): Promise<void>;
}

/** Has the demo data put in once, behind the ready text, and says how it ended. */
export async function followSeeding(
  temporal: { readonly address: string; readonly namespace: string },
  print: (line: string) => void,
): Promise<Seeding> {
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  let isClosed = false;
  const follow = async (): Promise<void> => {
    const handle = await startSeeding(client, {}, { isAgain: false });
    if (handle === undefined) return;
    print('The demo pictures are being put in; they appear by themselves.');
    await handle.result();
    const { done, unchanged } = await querySeeding(handle);
    print(`The demo is complete: ${String(done)} artifacts, ${String(unchanged)} of them there before.`);
  };
  follow().catch((error: unknown) => {
    if (!isClosed) print(`The demo could not be put in: ${describeFailure(error)}`);
  });
  return {
    close: async () => {
      isClosed = true;
      await connection.close();
    },
  };
}
