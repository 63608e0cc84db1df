import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import { DEFAULT_PRESET, type GardenPreset } from '@hortus/contracts/gardener';
import { encodeVariants, type EncodedVariant, type Hint } from './encode.ts';
import { lookAtPicture } from './inspect.ts';
import { prepareDecoder, type PictureSource } from './picture-source.ts';
import { planVariants, type VariantPlan } from './plan.ts';
import { readCopyright } from './read-copyright.ts';
import { TOLERANCE } from './search-quality.ts';
import { grain, quarters, sourceOf } from './test-pictures.ts';
import { hashVariant } from './variant-hash.ts';

jest.setTimeout(60_000);

let folder: string;

beforeAll(async () => {
  prepareDecoder();
  folder = await mkdtemp(join(tmpdir(), 'hortus-search-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function planOf(source: PictureSource, preset: Partial<GardenPreset>): Promise<VariantPlan> {
  const look = await lookAtPicture(source);
  if ('failure' in look) throw new Error(look.failure.detail);
  return planVariants(look.facts, { ...DEFAULT_PRESET, ...preset });
}

/** All variants of the plan, format by format, as the workflow asks for them. */
async function encodePlan(source: PictureSource, plan: VariantPlan): Promise<EncodedVariant[]> {
  const all: EncodedVariant[] = [];
  for (const making of plan.formats) {
    const hints = [...all];
    for await (const variant of encodeVariants(source, plan, making, hints)) all.push(variant);
  }
  return all;
}

const PRESET = { widthsPx: [160, 320] };
const picture = async () => sourceOf(folder, 'grain.jpg', await grain(500, 360).jpeg({ quality: 95 }).toBuffer());

describe('variants of a target', () => {
  it('reach the score in every format, hardly exceed it, and tell what was tried', async () => {
    const source = await picture();
    const made = await encodePlan(source, await planOf(source, PRESET));
    expect(made.map(({ format, widthPx }) => `${format} ${String(widthPx)}`)).toEqual([
      'webp 160',
      'webp 320',
      'jpeg 320',
      'avif 160',
      'avif 320',
    ]);
    for (const { format, score, quality, tries, bytes } of made) {
      expect({ format, isReached: (score ?? 0) >= 70 }).toEqual({ format, isReached: true });
      // A step of quality may be more than the tolerance where a picture is as small as these.
      expect(score ?? 100).toBeLessThan(70 + 3 * TOLERANCE);
      expect(tries).toContainEqual({ quality, score, sizeBytes: bytes.byteLength });
    }
  });

  it('have the same bytes in every run, and in one that is resumed with what stands', async () => {
    const source = await picture();
    const plan = await planOf(source, { ...PRESET, formats: ['webp'] });
    const all = await encodePlan(source, plan);
    const again = await encodePlan(source, plan);
    expect(again.map(({ bytes }) => hashVariant(bytes))).toEqual(all.map(({ bytes }) => hashVariant(bytes)));
    const hints: Hint[] = all.slice(0, 1).map(({ format, widthPx, quality }) => ({ format, widthPx, quality }));
    for await (const resumed of encodeVariants(source, plan, { format: 'webp', widthsPx: [320] }, hints)) {
      expect(hashVariant(resumed.bytes)).toBe(hashVariant(all[1]?.bytes ?? Buffer.alloc(0)));
    }
  });

  it('are more alike to the original at a higher target, and larger', async () => {
    const source = await picture();
    const sizes: number[] = [];
    for (const targetScore of [50, 70, 88]) {
      const plan = await planOf(source, { widthsPx: [240], formats: ['webp'], targetScore });
      const [made] = await encodePlan(source, plan);
      expect(made?.score ?? 0).toBeGreaterThanOrEqual(targetScore);
      sizes.push(made?.bytes.byteLength ?? 0);
    }
    expect(sizes.toSorted((a, b) => a - b)).toEqual(sizes);
  });

  it('are compared with what is transparent in them too, and not compared where they are too small', async () => {
    const half = quarters(200, 150).ensureAlpha(0.4).png();
    const seeThrough = await sourceOf(folder, 'half.png', await half.toBuffer());
    const plan = await planOf(seeThrough, { widthsPx: [160], formats: ['webp', 'fallback'] });
    const [webp, png] = await encodePlan(seeThrough, plan);
    expect(webp?.score ?? 0).toBeGreaterThanOrEqual(70);
    // A PNG loses nothing, so there is nothing to seek.
    expect(png).toMatchObject({ format: 'png', quality: null, score: null, tries: [] });
    const dot = await sourceOf(folder, 'dot.png', await quarters(4, 4).png().toBuffer());
    const [small] = await encodePlan(dot, await planOf(dot, { formats: ['webp'] }));
    expect(small).toMatchObject({ quality: 80, score: null, tries: [] });
  });
});

/** The numbers of a patch as they are stored, whatever they mean. */
async function storedAt(bytes: Uint8Array, x: number): Promise<number[]> {
  const { data, info } = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
  const offset = (Math.floor(info.height / 2) * info.width + x) * info.channels;
  return [...data.subarray(offset, offset + 3)];
}

const SRGB_RED_IN_P3 = [234, 51, 34];
const FIXED = { targetScore: null, formats: ['webp', 'fallback', 'avif'] } as const;

function expectNear(actual: readonly number[], expected: readonly number[]): void {
  const furthest = Math.max(...actual.map((value, index) => Math.abs(value - (expected[index] ?? 0))));
  expect({ actual, isNear: furthest <= 6 }).toEqual({ actual, isNear: true });
}

describe('what a preset keeps', () => {
  /** Left: the red of sRGB. Right: the red of P3, which sRGB has not got. */
  async function twoReds(): Promise<PictureSource> {
    const patch = (width: number) => sharp({ create: { width, height: 64, channels: 3, background: '#ff0000' } });
    const p3 = await patch(128).png().withIccProfile('p3').toBuffer();
    const right = { input: await patch(64).png().toBuffer(), left: 64, top: 0 };
    return sourceOf(folder, 'reds.png', await sharp(p3).keepIccProfile().composite([right]).png().toBuffer());
  }

  it('is the colours of an original in Display P3, with its profile', async () => {
    const source = await twoReds();
    const plan = await planOf(source, { ...FIXED, keepsWideColours: true });
    for (const { format, bytes } of await encodePlan(source, plan)) {
      expect({ format, icc: (await sharp(bytes).metadata()).icc !== undefined }).toEqual({ format, icc: true });
      expectNear(await storedAt(bytes, 20), SRGB_RED_IN_P3);
      expectNear(await storedAt(bytes, 108), [255, 0, 0]);
    }
  });

  it('is nothing of that where it is not asked for: the nearest colours of sRGB, without a profile', async () => {
    const source = await twoReds();
    for (const { bytes } of await encodePlan(source, await planOf(source, FIXED))) {
      expect((await sharp(bytes).metadata()).icc).toBeUndefined();
      for (const x of [20, 108]) expectNear(await storedAt(bytes, x), [255, 0, 0]);
    }
  });

  it('is the names of author and owner, and no place and no camera', async () => {
    const jpeg = await quarters(200, 150)
      .jpeg()
      .withExifMerge({
        IFD0: { Copyright: '(C) Anna', Artist: 'Anna Ogren', Make: 'Camera works' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
      })
      .toBuffer();
    const source = await sourceOf(folder, 'named.jpg', jpeg);
    for (const [keepsCopyright, names] of [
      [true, { artist: 'Anna Ogren', copyright: '(C) Anna' }],
      [false, null],
    ] as const) {
      for (const { bytes } of await encodePlan(source, await planOf(source, { ...FIXED, keepsCopyright }))) {
        const { exif } = await sharp(bytes).metadata();
        expect(exif === undefined ? null : readCopyright(exif)).toEqual(names);
        expect(exif?.includes('Camera works') ?? false).toBe(false);
        expect(exif?.includes('GPS') ?? false).toBe(false);
      }
    }
  });
});

async function topLeft(bytes: Uint8Array): Promise<number[]> {
  const [red = 0, green = 0, blue = 0] = await sharp(bytes)
    .extract({ left: 10, top: 10, width: 1, height: 1 })
    .raw()
    .toBuffer();
  return [red, green, blue];
}

describe('pictures of every kind', () => {
  it('become WebP, a fallback of their kind, and AVIF', async () => {
    const still = quarters(120, 90).removeAlpha();
    const kinds = {
      'a.jpg': [await still.clone().jpeg().toBuffer(), 'jpeg'],
      'a.png': [await still.clone().png().toBuffer(), 'png'],
      'a.webp': [await still.clone().webp().toBuffer(), 'jpeg'],
      'a.avif': [await still.clone().avif({ effort: 0 }).toBuffer(), 'jpeg'],
      'a.gif': [await still.clone().gif().toBuffer(), 'gif'],
      'a.tif': [await still.clone().tiff().toBuffer(), 'jpeg'],
    } as const;
    for (const [name, [bytes, fallback]] of Object.entries(kinds)) {
      const source = await sourceOf(folder, name, bytes);
      const made = await encodePlan(source, await planOf(source, FIXED));
      expect(made.map(({ format }) => format)).toEqual(['webp', fallback, 'avif']);
      for (const variant of made) {
        const { format, width, compression } = await sharp(variant.bytes).metadata();
        expect(compression === 'av1' ? 'avif' : format).toBe(variant.format);
        expect(width).toBe(120);
        const [red = 0, green = 255, blue = 255] = await topLeft(variant.bytes);
        expect({ name, isRed: red > 180 && green < 60 && blue < 60 }).toEqual({ name, isRed: true });
      }
    }
  });
});
