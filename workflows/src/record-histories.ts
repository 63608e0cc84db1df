/**
 * Records histories of real runs, which `replay.spec.ts` replays with the code as it is then: so a change that would break
 * runs that are under way is seen before it lands. Recorded anew only when the histories of old runs no longer matter.
 *
 *     HORTUS_TEST_TEMPORAL_ADDRESS=127.0.0.1:7233 node workflows/src/record-histories.ts [remove-workspace …]
 */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { VariantBatch } from '@hortus/contracts/internal-api';
import { originalKey } from '@hortus/contracts/object-key';
import { animation, grain, quarters } from './garden-artifact/test-pictures.ts';
import { DEMO_WORKSPACES } from './seed-demo/demo-artifacts.ts';
import { historyToText, type History } from './recorded-history.ts';
import { openTestGarden, type TestGarden } from './test-garden.ts';

async function save(
  folder: 'garden-artifact' | 'purge-trash' | 'remove-workspace' | 'seed-demo',
  name: string,
  run: { result(): Promise<unknown>; fetchHistory(): Promise<History> },
): Promise<void> {
  await run.result().catch(() => undefined); // A failed run is a history too.
  const path = fileURLToPath(new URL(`./${folder}/histories/`, import.meta.url));
  await mkdir(path, { recursive: true });
  await writeFile(`${path}${name}.json`, historyToText(await run.fetchHistory()));
}

async function recordRemovals(garden: TestGarden): Promise<void> {
  const { api, objects } = garden;
  const remove = async (name: string) => {
    const workspaceId = randomUUID();
    await objects.put(originalKey(workspaceId, 'a'.repeat(64)), Buffer.from('an original'));
    await save('remove-workspace', name, await garden.removeWorkspace(workspaceId));
  };
  api.trouble = () => undefined;
  api.answers['/removal'] = { isDue: false };
  await remove('not-due');
  api.answers['/removal'] = { isDue: true };
  api.answers['/rows'] = { isDone: true };
  await remove('removed');
  let left = 2;
  api.trouble = ({ path }) => (/(rows|receipt)$/.test(path) && left-- > 0 ? 'UNAVAILABLE' : undefined);
  await remove('removed-after-trouble');
  api.trouble = ({ path }) => (path.endsWith('/rows') ? 'WORKSPACE_NOT_FOUND' : undefined);
  await remove('failed-not-begun');
}

async function recordGardens({ api, ...garden }: TestGarden): Promise<void> {
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
}

async function recordSeeds({ api, ...garden }: TestGarden): Promise<void> {
  api.trouble = () => undefined;
  api.answers['/demo'] = { workspaces: DEMO_WORKSPACES.map(({ slug }) => ({ id: randomUUID(), slug })) };
  api.answers['/artifacts'] = { created: true };
  const keys = DEMO_WORKSPACES.flatMap(({ artifacts }) => artifacts.map(({ key }) => key));
  api.answers['/keys'] = { keys: keys.slice(3) };
  await save('seed-demo', 'some', await garden.seed('some'));
  api.answers['/keys'] = { keys };
  await save('seed-demo', 'nothing', await garden.seed('nothing'));
  api.trouble = () => 'DEMO_REFUSED';
  await save('seed-demo', 'refused', await garden.seed('refused'));
}

async function recordPurges({ api, ...garden }: TestGarden): Promise<void> {
  const part = { after: randomUUID(), artifacts: 3, objects: 4 };
  let parts = 1;
  Object.defineProperty(api.answers, '/trash/purge', {
    enumerable: true,
    get: () => ({ ...part, isDone: --parts === 0 }),
  });
  await save('purge-trash', 'one-part', await garden.purge('one-part'));
  parts = 3;
  await save('purge-trash', 'three-parts', await garden.purge('three-parts'));
  parts = 1;
  let left = 2;
  api.trouble = () => (left-- > 0 ? 'UNAVAILABLE' : undefined);
  await save('purge-trash', 'one-part-after-trouble', await garden.purge('one-part-after-trouble'));
  api.trouble = () => undefined;
}

const RECORDINGS = {
  'garden-artifact': recordGardens,
  'purge-trash': recordPurges,
  'remove-workspace': recordRemovals,
  'seed-demo': recordSeeds,
} as const;

async function record(temporalAddress: string, folders: readonly string[]): Promise<void> {
  const garden = await openTestGarden(temporalAddress);
  await garden.startWorkers();
  try {
    for (const [folder, recordAll] of Object.entries(RECORDINGS)) {
      if (folders.length === 0 || folders.includes(folder)) await recordAll(garden);
    }
  } finally {
    await garden.close();
  }
}

const address = process.env['HORTUS_TEST_TEMPORAL_ADDRESS'];
if (address === undefined) throw new Error('HORTUS_TEST_TEMPORAL_ADDRESS must name a running Temporal');
await record(address, process.argv.slice(2));
