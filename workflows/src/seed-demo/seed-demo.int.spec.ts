import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SEED_DEMO_PROGRESS_QUERY } from '@hortus/contracts/demo';
import type { DemoArtifact } from '@hortus/contracts/internal-api';
import { originalKey } from '@hortus/contracts/object-key';
import { openTestGarden, type TestGarden } from '../test-garden.ts';
import { DEMO_WORKSPACES } from './demo-artifacts.ts';

let garden: TestGarden;
const workspaces = DEMO_WORKSPACES.map(({ slug }) => ({ id: randomUUID(), slug }));

beforeAll(async () => {
  garden = await openTestGarden(process.env['HORTUS_TEST_TEMPORAL_ADDRESS'] ?? '');
  garden.api.answers['/demo'] = { workspaces };
  garden.api.answers['/artifacts'] = { created: true };
  await garden.startWorkers();
}, 120_000);

afterAll(() => garden.close(), 120_000);

jest.setTimeout(120_000);

/** All keys but those that are to be made: one of each kind of original. */
function standing(missing: readonly string[]): string[] {
  return DEMO_WORKSPACES.flatMap(({ artifacts }) => artifacts.map(({ key }) => key)).filter(
    (key) => !missing.includes(key),
  );
}

const all = DEMO_WORKSPACES.flatMap(({ artifacts }) => artifacts);
const one = ['plate', 'file', 'photograph'].map((kind) => all.find((artifact) => kind in artifact)?.key ?? '');

describe('seedDemo', () => {
  it('hands over what is missing, with its bytes in the object store, and tells how far it is', async () => {
    garden.api.answers['/keys'] = { keys: standing(one) };
    const run = await garden.seed('first');
    await run.result();
    const handedOver = garden.api.received.filter(({ path }) => path.endsWith('/artifacts'));
    expect(handedOver.map(({ body }) => (body as DemoArtifact).key).sort()).toEqual([...one].sort());
    for (const { path, body } of handedOver) {
      const { original } = body as DemoArtifact;
      const workspaceId = path.split('/')[5] ?? '';
      const bytes = await readFile(garden.objects.localPath(originalKey(workspaceId, original.sha256)));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(original.sha256);
      expect(bytes.length).toBe(original.sizeBytes);
    }
    await expect(run.query(SEED_DEMO_PROGRESS_QUERY)).resolves.toEqual({
      done: all.length,
      total: all.length,
      unchanged: all.length - one.length,
    });
  });

  it('changes nothing when everything was made before', async () => {
    garden.api.answers['/keys'] = { keys: standing([]) };
    const before = garden.api.bodies('/artifacts').length;
    const run = await garden.seed('second');
    await expect(run.result()).resolves.toEqual({ done: all.length, total: all.length, unchanged: all.length });
    expect(garden.api.bodies('/artifacts')).toHaveLength(before);
  });

  it('fails at once, with the reason that the api gives, where there are other workspaces', async () => {
    garden.api.trouble = ({ path }) => (path.endsWith('/demo') ? 'DEMO_REFUSED' : undefined);
    const run = await garden.seed('third');
    await expect(run.result()).rejects.toMatchObject({
      cause: { cause: { type: 'DEMO_REFUSED', message: 'The demo is not seeded beside other workspaces.' } },
    });
  });
});
