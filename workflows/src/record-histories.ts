/**
 * Records histories of real runs, which `replay.spec.ts` replays with the code as it is then: so a change that would break
 * runs that are under way is seen before it lands. Recorded anew only when the histories of old runs no longer matter.
 *
 *     HORTUS_TEST_TEMPORAL_ADDRESS=127.0.0.1:7233 node workflows/src/record-histories.ts
 */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { VariantBatch } from '@hortus/contracts/internal-api';
import { animation, grain, quarters } from './garden-artifact/test-pictures.ts';
import { DEMO_WORKSPACES } from './seed-demo/demo-artifacts.ts';
import { historyToText, type History } from './recorded-history.ts';
import { openTestGarden } from './test-garden.ts';

async function save(
  folder: 'garden-artifact' | 'seed-demo',
  name: string,
  run: { result(): Promise<unknown>; fetchHistory(): Promise<History> },
): Promise<void> {
  await run.result().catch(() => undefined); // A failed run is a history too.
  const path = fileURLToPath(new URL(`./${folder}/histories/`, import.meta.url));
  await mkdir(path, { recursive: true });
  await writeFile(`${path}${name}.json`, historyToText(await run.fetchHistory()));
}

async function record(temporalAddress: string): Promise<void> {
  const garden = await openTestGarden(temporalAddress);
  const { api } = garden;
  await garden.startWorkers();
  try {
    const jpeg = await grain(700, 500).jpeg().toBuffer();
    await save('garden-artifact', 'ready', (await garden.plant(jpeg)).run);
    await save('garden-artifact', 'ready-one-width', (await garden.plant(await quarters(4, 4).png().toBuffer())).run);
    await save('garden-artifact', 'ready-animation', (await garden.plant(await animation('gif', 4))).run);
    await save('garden-artifact', 'failed-truncated', (await garden.plant(jpeg.subarray(0, jpeg.length / 2))).run);
    await save('garden-artifact', 'failed-not-a-picture', (await garden.plant(Buffer.from('a text'))).run);

    const recorded = (format: string, body: unknown): boolean =>
      (body as Partial<VariantBatch>).variants?.[0]?.format === format;
    for (const format of ['webp', 'avif']) {
      api.trouble = ({ body }) => (recorded(format, body) ? 'ARTIFACT_VERSION_STALE' : undefined);
      await save('garden-artifact', `superseded-at-${format}`, (await garden.plant(jpeg)).run);
    }
    let left = 2;
    api.trouble = () => (left-- > 0 ? 'UNAVAILABLE' : undefined);
    await save('garden-artifact', 'ready-after-trouble', (await garden.plant(jpeg)).run);

    api.trouble = () => undefined;
    const cancelled = await garden.plant(await grain(1300, 900).jpeg().toBuffer());
    await api.waitFor(1, `/${cancelled.artifactId}/versions/1/inspection`);
    await cancelled.run.cancel();
    await save('garden-artifact', 'cancelled', cancelled.run);

    api.answers['/demo'] = { workspaces: DEMO_WORKSPACES.map(({ slug }) => ({ id: randomUUID(), slug })) };
    api.answers['/artifacts'] = { created: true };
    const keys = DEMO_WORKSPACES.flatMap(({ artifacts }) => artifacts.map(({ key }) => key));
    api.answers['/keys'] = { keys: keys.slice(3) };
    await save('seed-demo', 'some', await garden.seed('some'));
    api.answers['/keys'] = { keys };
    await save('seed-demo', 'nothing', await garden.seed('nothing'));
    api.trouble = () => 'DEMO_REFUSED';
    await save('seed-demo', 'refused', await garden.seed('refused'));
  } finally {
    await garden.close();
  }
}

const address = process.env['HORTUS_TEST_TEMPORAL_ADDRESS'];
if (address === undefined) throw new Error('HORTUS_TEST_TEMPORAL_ADDRESS must name a running Temporal');
await record(address);
