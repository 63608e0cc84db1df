import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { constants, getPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GardenFailure } from '@hortus/contracts/artifact';
import type { Inspection, VariantBatch } from '@hortus/contracts/internal-api';
import { variantKey } from '@hortus/contracts/object-key';
import { openTestGarden, type Picture, type TestGarden } from '../test-garden.ts';
import { ARTIFACT, STAGE, WORKSPACE } from './search-attributes.ts';
import { animation, grain, quarters } from './test-pictures.ts';

let garden: TestGarden;

beforeAll(async () => {
  garden = await openTestGarden(process.env['HORTUS_TEST_TEMPORAL_ADDRESS'] ?? '');
  await garden.startWorkers();
}, 120_000);

afterEach(() => {
  garden.api.trouble = () => undefined;
});

afterAll(() => garden.close(), 120_000);

function variantsOf(picture: Picture) {
  return garden.recorded<VariantBatch>(picture, 'variants').flatMap(({ variants }) => variants);
}

function namesOf(picture: Picture): string[] {
  return variantsOf(picture).map(({ format, widthPx }) => `${format} ${String(widthPx)}`);
}

function outcomesOf(picture: Picture): { failure: GardenFailure | null }[] {
  return garden.recorded(picture, 'outcome');
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 3000; attempt += 1) {
    if (await holds()) return;
    await sleep(10);
  }
  throw new Error('waited in vain for 30 s');
}

jest.setTimeout(120_000);

/** The processes that encode AVIF for this one: those of low priority. */
async function encoders(): Promise<number[]> {
  const pids: number[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (!command.includes('picture-program.ts') || !status.includes(`PPid:\t${String(process.pid)}\n`)) continue;
    if (getPriority(Number(pid)) === constants.priority.PRIORITY_LOW) pids.push(Number(pid));
  }
  return pids;
}

async function killNextEncoder(): Promise<void> {
  let pids: number[] = [];
  await until(async () => (pids = await encoders()).length > 0);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

const smallJpeg = () => grain(700, 500).jpeg().toBuffer();
/** Large enough to be caught in the middle of. */
const largeJpeg = () => grain(1300, 900).jpeg().toBuffer();

describe('gardenArtifact', () => {
  it('makes all variants of a picture, WebP before AVIF, and stores each before it is recorded', async () => {
    const picture = await garden.plant(await largeJpeg(), { targetScore: 70 });
    await expect(picture.run.result()).resolves.toEqual({ status: 'ready', variants: 9, dropped: 0 });

    expect(garden.recorded<Inspection>(picture, 'inspection')).toMatchObject([
      { widthPx: 1300, heightPx: 900, expectedVariants: 9 },
    ]);
    const named = (format: string) => [320, 640, 960, 1300].map((widthPx) => `${format} ${String(widthPx)}`);
    expect(namesOf(picture)).toEqual([...named('webp'), 'jpeg 960', ...named('avif')]);
    for (const variant of variantsOf(picture)) {
      const bytes = await readFile(garden.objects.localPath(variantKey(garden.workspaceId, variant)));
      expect(bytes.length).toBe(variant.sizeBytes);
      expect(variant.score).toBeGreaterThanOrEqual(70);
      expect(variant.tries).toContainEqual({
        quality: variant.quality,
        score: variant.score,
        sizeBytes: variant.sizeBytes,
      });
      expect(createHash('sha256').update(bytes).digest('hex').slice(0, 32)).toBe(variant.hash);
    }
    expect(outcomesOf(picture)).toEqual([{ failure: null }]);

    const { typedSearchAttributes } = await picture.run.describe();
    expect([WORKSPACE, ARTIFACT, STAGE].map((key) => typedSearchAttributes.get(key))).toEqual([
      garden.workspaceId,
      picture.artifactId,
      'ready',
    ]);
  });

  it('keeps an animation, in WebP and as GIF', async () => {
    const picture = await garden.plant(await animation('gif', 6, 400));
    await expect(picture.run.result()).resolves.toEqual({ status: 'ready', variants: 3, dropped: 0 });
    expect(namesOf(picture)).toEqual(['webp 320', 'webp 400', 'gif 400']);
  });

  it('drops an AVIF that is no smaller than the WebP of its width, and says why', async () => {
    const picture = await garden.plant(await quarters(4, 4).png().toBuffer());
    await expect(picture.run.result()).resolves.toEqual({ status: 'ready', variants: 2, dropped: 1 });
    const dropped = garden.recorded<VariantBatch>(picture, 'variants').flatMap((batch) => batch.dropped);
    expect(dropped).toMatchObject([{ format: 'avif', widthPx: 4, reason: expect.stringMatching(/webp .* \d+ bytes/) }]);
  });

  it('outlasts an api that is away', async () => {
    let left = 3;
    garden.api.trouble = ({ path }) => {
      if (path.endsWith('/outcome') || left === 0) return undefined;
      left -= 1;
      return left % 2 === 0 ? 'UNAVAILABLE' : 'hang up';
    };
    const picture = await garden.plant(await smallJpeg());
    await expect(picture.run.result()).resolves.toMatchObject({ status: 'ready', variants: 5 });
    const names = ['webp 320', 'webp 700', 'jpeg 700', 'avif 320', 'avif 700'];
    expect(new Set(namesOf(picture))).toEqual(new Set(names));
  });

  it('ends without a word when there is a newer original, or none any more', async () => {
    for (const code of ['ARTIFACT_VERSION_STALE', 'ARTIFACT_NOT_FOUND', 'WORKSPACE_NOT_FOUND'] as const) {
      garden.api.trouble = ({ body }) =>
        (body as Partial<VariantBatch>).variants?.[0]?.format === 'avif' ? code : undefined;
      const picture = await garden.plant(await smallJpeg());
      await expect(picture.run.result()).resolves.toEqual({ status: 'superseded', variants: 3, dropped: 0 });
      expect(outcomesOf(picture)).toEqual([]);
    }
  });

  it('makes the same AVIF after its process was killed once', async () => {
    const bytes = await largeJpeg();
    const undisturbed = await garden.plant(bytes);
    await undisturbed.run.result();
    const picture = await garden.plant(bytes);
    await killNextEncoder();
    await expect(picture.run.result()).resolves.toMatchObject({ status: 'ready' });
    const unique = new Set(variantsOf(picture).map(({ hash }) => hash));
    expect(unique).toEqual(new Set(variantsOf(undisturbed).map(({ hash }) => hash)));
  });

  it('gives a picture up whose process died twice, and leaves the others alone', async () => {
    const picture = await garden.plant(await largeJpeg());
    await killNextEncoder();
    await until(async () => (await encoders()).length === 0);
    await killNextEncoder();
    await expect(picture.run.result()).resolves.toMatchObject({ status: 'failed', variants: 5 });
    expect(outcomesOf(picture)).toMatchObject([{ failure: { code: 'PICTURE_UNREADABLE' } }]);
    const next = await garden.plant(await smallJpeg());
    await expect(next.run.result()).resolves.toMatchObject({ status: 'ready' });
  });

  it('does not let WebP wait for AVIF', async () => {
    const large = await largeJpeg();
    const pictures = await Promise.all([0, 1, 2, 3].map(() => garden.plant(large)));
    await until(async () => (await encoders()).length === 2);
    const late = await garden.plant(await smallJpeg());
    await until(() => namesOf(late).length === 3);
    expect(pictures.flatMap(outcomesOf).length).toBeLessThan(4);
    await Promise.all([...pictures, late].map(({ run }) => run.result()));
  });

  it('goes on where it was when the worker is replaced in the middle of AVIF', async () => {
    const picture = await garden.plant(await largeJpeg());
    await until(() => namesOf(picture).includes('avif 640'));
    await garden.stopWorkers();
    expect(await encoders()).toEqual([]);
    await garden.startWorkers();
    await expect(picture.run.result()).resolves.toEqual({ status: 'ready', variants: 9, dropped: 0 });
    const names = namesOf(picture);
    expect(names.filter((name) => name === 'avif 320')).toHaveLength(1);
    expect(new Set(names).size).toBe(9);
  });

  it('ends its process when the run is cancelled, and records nothing more', async () => {
    const picture = await garden.plant(await largeJpeg());
    await until(() => namesOf(picture).includes('avif 320'));
    await picture.run.cancel();
    await expect(picture.run.result()).rejects.toThrow();
    await until(async () => (await encoders()).length === 0);
    expect(outcomesOf(picture)).toEqual([]);
  });
});
