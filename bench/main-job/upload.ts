import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Artifact } from '@hortus/contracts/artifact';
import { startTestProduct } from '../../tools/test/fixtures/product.ts';
import type { Figure } from '../figure.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const GROWTH_MIB_MAX = 64;

async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

function zeros(sizeBytes: number): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(MIB);
  let left = sizeBytes;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) controller.close();
      else controller.enqueue(chunk.subarray(0, Math.min(left, chunk.length)));
      left -= Math.min(left, chunk.length);
    },
  });
}

/** How much the api's memory grows while it takes in 1 GiB, at the worst moment. */
export async function measureUpload(): Promise<Figure[]> {
  const product = await startTestProduct({ HORTUS_UPLOAD_MAX_BYTES: String(2 * GIB) });
  try {
    // A small one first, so that code and buffers of the path are there already.
    await product.upload('warm up', Buffer.alloc(8 * MIB, 1));
    const json = { 'content-type': 'application/json' };
    const created = await product.request('/api/v1/artifacts', {
      method: 'POST',
      headers: json,
      body: '{"name":"large"}',
    });
    const { id } = (await created.json()) as Artifact;
    const before = await residentMib(product.api.pid);
    let peak = before;
    const sent = product.request(`/api/v1/artifacts/${id}/original`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: zeros(GIB),
      duplex: 'half',
    });
    const over = new AbortController();
    const settled = sent.finally(() => {
      over.abort();
    });
    const isOver = () => over.signal.aborted;
    while (!isOver()) {
      peak = Math.max(peak, await residentMib(product.api.pid));
      await pause(20);
    }
    const response = await settled;
    if (!response.ok) throw new Error(`the upload answered ${String(response.status)}: ${await response.text()}`);
    const growth = peak - before;
    return [
      {
        what: "api's memory during an upload of 1 GiB",
        measured: `+${growth.toFixed(0)} MiB`,
        against: `${before.toFixed(0)} MiB before`,
        bar: `≤ ${String(GROWTH_MIB_MAX)} MiB more`,
        isReached: growth <= GROWTH_MIB_MAX,
      },
    ];
  } finally {
    await product.close();
  }
}
