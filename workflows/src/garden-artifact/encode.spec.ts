import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import type { VariantFormat } from '@hortus/contracts/artifact';
import { DEFAULT_PRESET, type GardenPreset } from '@hortus/contracts/gardener';
import { decodeAt, encodeAnimation, encodeFirst, encodeVariants, type EncodedVariant } from './encode.ts';
import { lookAtPicture } from './inspect.ts';
import { prepareDecoder, type PictureSource } from './picture-source.ts';
import { planVariants, type FormatPlan, type VariantPlan } from './plan.ts';
import { hashVariant } from './variant-hash.ts';
import { animation, grain, hugePng, quarters, sourceOf, withComment } from './test-pictures.ts';

jest.setTimeout(60_000);

let folder: string;

beforeAll(async () => {
  prepareDecoder();
  folder = await mkdtemp(join(tmpdir(), 'hortus-encode-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Without a search, which has specs of its own. */
const FIXED = { ...DEFAULT_PRESET, targetScore: null };

async function planOf(source: PictureSource, preset: GardenPreset = FIXED): Promise<VariantPlan> {
  const look = await lookAtPicture(source);
  if ('failure' in look) throw new Error(look.failure.detail);
  return planVariants(look.facts, preset);
}

function formatOf(plan: VariantPlan, format: VariantFormat): FormatPlan {
  const making = plan.formats.find((one) => one.format === format);
  if (making === undefined) throw new Error(`no ${format} is planned`);
  return making;
}

async function encodeAll(
  source: PictureSource,
  format: VariantFormat = 'webp',
  preset: GardenPreset = FIXED,
): Promise<EncodedVariant[]> {
  const plan = await planOf(source, preset);
  return collect(encodeVariants(source, plan, formatOf(plan, format)));
}

async function collect(variants: AsyncIterable<EncodedVariant>): Promise<EncodedVariant[]> {
  const all: EncodedVariant[] = [];
  for await (const variant of variants) all.push(variant);
  return all;
}

async function first(source: PictureSource): Promise<EncodedVariant> {
  const [variant] = await encodeAll(source);
  if (!variant) throw new Error('no variant');
  return variant;
}

/** The colours in the middle of the four quarters. */
async function corners(bytes: Uint8Array): Promise<number[][]> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): number[] => {
    const offset = (Math.floor(info.height * y) * info.width + Math.floor(info.width * x)) * info.channels;
    return [...data.subarray(offset, offset + 3)];
  };
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
}

const COLORS = [
  [0xd0, 0x20, 0x20],
  [0x20, 0xa0, 0x40],
  [0x20, 0x40, 0xc0],
  [0xe8, 0xc0, 0x20],
];

function expectNear(actual: number[][], expected: number[][], within: number): void {
  const furthest = Math.max(
    ...actual.flatMap((color, index) =>
      color.map((value, channel) => Math.abs(value - (expected[index]?.[channel] ?? 0))),
    ),
  );
  expect({ furthest: furthest <= within ? 'near' : furthest, actual }).toMatchObject({ furthest: 'near' });
}

/** What a camera stores: pixels turned so that the orientation turns them back. */
const TURNED: Readonly<Record<number, (picture: Sharp) => Sharp>> = {
  1: (picture) => picture,
  2: (picture) => picture.flop(),
  3: (picture) => picture.rotate(180),
  4: (picture) => picture.flip(),
  5: (picture) => picture.rotate(270).flop(),
  6: (picture) => picture.rotate(270),
  7: (picture) => picture.rotate(90).flop(),
  8: (picture) => picture.rotate(90),
};

describe('variants', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('stand upright whatever the EXIF orientation: %d', async (orientation) => {
    const upright = await quarters().png().toBuffer();
    const turned = await (TURNED[orientation] ?? ((one) => one))(sharp(upright)).png().toBuffer();
    const jpeg = await sharp(turned).jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer();
    const source = await sourceOf(folder, `orientation-${String(orientation)}.jpg`, jpeg);
    for (const variant of await encodeAll(source)) {
      expect(variant.heightPx).toBe((variant.widthPx * 3) / 4);
      expectNear(await corners(variant.bytes), COLORS, 12);
      expect((await sharp(variant.bytes).metadata()).orientation).toBeUndefined();
    }
  });

  it('have the colours of the picture, from a wide-gamut profile, from CMYK, from 16 bits and from grey', async () => {
    const upright = await quarters().png().toBuffer();
    const p3 = await sharp(upright).withIccProfile('p3').png().toBuffer();
    const stored = await sharp(p3, { ignoreIcc: true }).raw().toBuffer();
    expect([...stored.subarray(0, 3)]).not.toEqual(COLORS[0]); // The profile matters.
    expectNear(await corners((await first(await sourceOf(folder, 'p3.png', p3))).bytes), COLORS, 12);

    const deep = await sharp(upright).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expectNear(await corners((await first(await sourceOf(folder, 'deep.png', deep))).bytes), COLORS, 12);

    const cmyk = await sharp(upright).toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 98 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    // Print can't show the bright ones: near means recognisable.
    expectNear(await corners((await first(await sourceOf(folder, 'cmyk.jpg', cmyk))).bytes), COLORS, 80);

    const grey = await sharp(upright).greyscale().png().toBuffer();
    const [[red = 0, green = 0, blue = 0] = []] = await corners(
      (await first(await sourceOf(folder, 'grey.png', grey))).bytes,
    );
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThanOrEqual(2);
  });

  it('keep what can be seen through', async () => {
    const half = sharp({
      create: { width: 400, height: 300, channels: 4, background: { r: 0, g: 160, b: 0, alpha: 0.5 } },
    });
    const source = await sourceOf(folder, 'half.png', await half.png().toBuffer());
    for (const format of ['webp', 'avif'] as const) {
      for (const { bytes } of await encodeAll(source, format)) {
        const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
        expect(Math.abs((data[3] ?? 0) - 128)).toBeLessThanOrEqual(3);
      }
    }
  });

  it('carry no metadata', async () => {
    const jpeg = await quarters()
      .jpeg()
      .withIccProfile('p3')
      .withExifMerge({ IFD0: { Copyright: 'somebody' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .toBuffer();
    expect((await sharp(jpeg).metadata()).exif).toBeDefined();
    for (const format of ['webp', 'avif'] as const) {
      for (const { bytes } of await encodeAll(await sourceOf(folder, 'meta.jpg', jpeg), format)) {
        const { exif, xmp, iptc, icc } = await sharp(bytes).metadata();
        expect({ exif, xmp, iptc, icc }).toEqual({ exif: undefined, xmp: undefined, iptc: undefined, icc: undefined });
        expect(Buffer.from(bytes).includes('somebody')).toBe(false);
      }
    }
  });

  it('are named by the first half of the SHA-256 of their bytes', async () => {
    const { bytes } = await first(await sourceOf(folder, 'named.png', await quarters().png().toBuffer()));
    expect(hashVariant(bytes)).toBe(createHash('sha256').update(bytes).digest('hex').slice(0, 32));
  });

  it('have the same bytes in every run, and whichever widths are left to make', async () => {
    const source = await sourceOf(folder, 'grain.jpg', await grain(1300, 700).jpeg().toBuffer());
    const all = await encodeAll(source);
    const again = await encodeAll(source);
    expect(again.map(({ bytes }) => hashVariant(bytes))).toEqual(all.map(({ bytes }) => hashVariant(bytes)));
    const plan = await planOf(source);
    const resumed = await collect(encodeVariants(source, plan, { format: 'webp', widthsPx: [960, 1300] }));
    expect(resumed.map(({ bytes }) => hashVariant(bytes))).toEqual(all.slice(2).map(({ bytes }) => hashVariant(bytes)));
    const look = await encodeFirst(source, plan, await decodeAt(source, 320));
    expect(hashVariant(look.bytes)).toBe(all[0] && hashVariant(all[0].bytes));
  });

  it.each(['gif', 'webp'] as const)('of an animated %s have all frames, their delays and the loops', async (format) => {
    const source = await sourceOf(folder, `moving.${format}`, await animation(format, 5));
    const variant = await encodeAnimation(source, 'webp', 64);
    const { pages, delay, loop, pageHeight } = await sharp(variant.bytes, { animated: true }).metadata();
    expect({ pages, delay, loop, pageHeight }).toEqual({
      pages: 5,
      delay: [120, 120, 120, 120, 120],
      loop: 3,
      pageHeight: 64,
    });
    expect(variant.heightPx).toBe(64);
  });

  it('are made of a picture with a comment, with bytes after its end, or with one row only', async () => {
    const jpeg = await quarters().jpeg().toBuffer();
    for (const [name, bytes] of Object.entries({
      'comment.jpg': withComment(jpeg, 'made by hand'),
      'zeros.jpg': Buffer.concat([jpeg, Buffer.alloc(5000)]),
      'trailer.jpg': Buffer.concat([jpeg, Buffer.from('<html>trailer</html>')]),
    })) {
      expectNear(await corners((await first(await sourceOf(folder, name, bytes))).bytes), COLORS, 12);
    }
    const row = await sourceOf(folder, 'row.png', hugePng(5000, 1));
    expect((await encodeAll(row)).every(({ heightPx }) => heightPx === 1)).toBe(true);
  });
});
