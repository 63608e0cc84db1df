import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '@hortus/contracts/artifact';
import { makeJpeg } from './fixtures/pictures.ts';
import { startTestProduct, type TestProduct } from './fixtures/product.ts';

const READY_MS = 120_000;
/** Of a JPEG that is 1400 px wide: its own width in place of the next step below, and one fallback of its kind. */
const WIDTHS = [320, 640, 960, 1400];
const FALLBACK = 'jpeg 960';

/** Exactly one variant, or one that was left out with a reason, of each format and width. */
function expectOneSet(manifest: Manifest): void {
  const made = [...manifest.variants, ...manifest.dropped].map(({ format, widthPx }) => `${format} ${String(widthPx)}`);
  expect(made.sort()).toEqual(
    [...['avif', 'webp'].flatMap((format) => WIDTHS.map((width) => `${format} ${String(width)}`)), FALLBACK].sort(),
  );
  expect(manifest.expected).toBe(made.length);
}

describe('a picture on its way', () => {
  let product: TestProduct;
  let uploads = 0;
  beforeAll(async () => {
    product = await startTestProduct();
  }, 120_000);
  afterAll(() => product.close(), 60_000);

  /** A picture that is unlike the ones before, so that no test finds the variants of another. */
  async function upload(): Promise<string> {
    uploads += 1;
    const { id } = await product.upload(`Picture ${String(uploads)}`, await makeJpeg(1400, 900 + uploads * 10));
    return id;
  }

  async function expectReady(id: string): Promise<void> {
    const manifest = await product.waitForManifest(id, ({ status }) => status !== 'gardening', READY_MS);
    expect(manifest.failure).toBeNull();
    expect(manifest.status).toBe('ready');
    expectOneSet(manifest);
    for (const { url, sizeBytes } of manifest.variants) {
      const response = await fetch(`${product.apiUrl}${url}`);
      expect((await response.arrayBuffer()).byteLength).toBe(sizeBytes);
    }
    const files = await product.listVariantFiles();
    expect(new Set(files).size).toBe(files.length);
  }

  const isUnderWay = ({ variants, status }: Manifest) => variants.length > 0 && status === 'gardening';

  it('survives the worker being killed in mid-garden', async () => {
    const id = await upload();
    await product.waitForManifest(id, isUnderWay, READY_MS);
    await product.worker.kill();
    await product.startWorker();
    await expectReady(id);
  }, 240_000);

  it('survives the api being killed between the commit and the start of the workflow', async () => {
    // Without Temporal the relay can't start anything: what was acknowledged stands in the outbox and nowhere else.
    await product.stack.temporal.kill();
    const id = await upload();
    await product.api.kill();
    await product.stack.temporal.start();
    await product.startApi();
    await expectReady(id);
  }, 240_000);

  it('survives Temporal being away for 20 seconds in mid-garden', async () => {
    const id = await upload();
    await product.waitForManifest(id, isUnderWay, READY_MS);
    await product.stack.temporal.stop();
    // The outage itself is what is asked for; nothing is awaited by it.
    await pause(20_000);
    const second = await upload();
    await product.stack.temporal.start();
    await expectReady(id);
    await expectReady(second);
  }, 300_000);

  it('survives Postgres being restarted in mid-garden', async () => {
    const id = await upload();
    await product.waitForManifest(id, isUnderWay, READY_MS);
    await product.stack.postgres.restart();
    await expectReady(id);
  }, 240_000);

  it('survives the api being killed in mid-garden', async () => {
    const id = await upload();
    await product.waitForManifest(id, isUnderWay, READY_MS);
    await product.api.kill();
    await product.startApi();
    await expectReady(id);
  }, 240_000);
});
