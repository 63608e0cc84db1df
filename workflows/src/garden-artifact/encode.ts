import sharp, { type Sharp } from 'sharp';
import type { VariantFormat } from '@hortus/contracts/artifact';
import type { Copyright, FormatPlan, VariantPlan } from './plan.ts';
import { openPicture, type PictureSource } from './picture-source.ts';
import { searchQuality, type Search, type Try } from './search-quality.ts';
import { SIMILARITY_MIN_SIDE_PX, prepareReference, scoreSimilarity, type RgbPixels } from './similarity.ts';

/**
 * Settings by measurement, not by taste: three pictures of sharp's own fixtures (a photograph of 2725×2225, a graphic with
 * alpha, a landscape), one thread, SSIM of the luma against the unencoded pixels at the same width. For the photograph at
 * 1280 px:
 *
 *     format  quality  effort  chroma      ms    bytes    SSIM
 *     webp         80       4  4:2:0      165  116,130  0.9592
 *     avif         50       0  4:4:4      140   76,633  0.9478
 *     avif         50       1  4:4:4      273   73,159  0.9471
 *     avif         50       2  4:4:4      400   73,890  0.9476
 *     avif         50       3  4:4:4      660   69,043  0.9490
 *     avif         50       4  4:4:4    3,357   66,535  0.9497
 *     avif         55       2  4:4:4      435   88,904  0.9559
 *     avif         55       2  4:2:0      354   85,319  0.9559
 *     avif         60       2  4:4:4      420  108,811  0.9634
 *
 * Effort 4, the library's default, takes eight times as long as 2 to save a tenth. 4:2:0 is what WebP and nearly every JPEG
 * have anyhow.
 */
export const ENCODERS = {
  webp: (to: Sharp, quality: number) => to.webp({ quality, effort: 4 }),
  avif: (to: Sharp, quality: number) => to.avif({ quality, effort: 2, chromaSubsampling: '4:2:0' }),
  jpeg: (to: Sharp, quality: number) => to.jpeg({ quality, mozjpeg: true }),
  png: (to: Sharp) => to.png({ compressionLevel: 9, adaptiveFiltering: true }),
  gif: (to: Sharp) => to.gif(),
} as const satisfies Record<VariantFormat, (to: Sharp, quality: number) => Sharp>;

/** Where the search for a quality begins and may go; the fixed quality where there is no search. Null: it has none. */
export const QUALITIES: Readonly<Record<VariantFormat, (Omit<Search, 'target'> & { fixed: number }) | null>> = {
  webp: { fixed: 80, start: 74, min: 5, max: 96, slope: 0.5 },
  avif: { fixed: 55, start: 57, min: 15, max: 90, slope: 1 },
  jpeg: { fixed: 80, start: 74, min: 20, max: 95, slope: 0.5 },
  png: null,
  gif: null,
};

export interface EncodedVariant {
  readonly format: VariantFormat;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bytes: Uint8Array;
  /** Null where the format has none. */
  readonly quality: number | null;
  /** How alike it is to the original; null where nothing was compared. */
  readonly score: number | null;
  /** The encodings of the search; empty where there was none. */
  readonly tries: readonly Try[];
  /** How long all encodings and their scores took, without the decoding, in milliseconds. */
  readonly encodeMs: number;
}

/** A decoded picture that stands still: upright, in sRGB, 8 bits a channel, without metadata. */
export interface Pixels {
  readonly data: Buffer;
  readonly raw: { readonly width: number; readonly height: number; readonly channels: 1 | 2 | 3 | 4 };
}

/** Behind what is transparent while two pictures are compared: black or white would hide a fringe of the same. */
const BEHIND = '#808080';

/** Decodes a picture (the first frame of an animated one) at a width. A JPEG is decoded no larger than that needs. */
export async function decodeAt(source: PictureSource, widthPx: number): Promise<Pixels> {
  const { data, info } = await openPicture(source)
    .autoOrient()
    .resize({ width: widthPx })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, raw: { width: info.width, height: info.height, channels: info.channels } };
}

/** Pixels at a width, and made smaller where they are wider. */
export async function narrow(pixels: Pixels, widthPx: number): Promise<Pixels> {
  if (pixels.raw.width === widthPx) return pixels;
  const { data, info } = await sharp(pixels.data, { raw: pixels.raw })
    .resize({ width: widthPx })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, raw: { width: info.width, height: info.height, channels: info.channels } };
}

async function toRgb(picture: Sharp): Promise<RgbPixels> {
  const { data, info } = await picture
    .flatten({ background: BEHIND })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, widthPx: info.width, heightPx: info.height };
}

function withCopyright(to: Sharp, copyright: Copyright | null): Sharp {
  if (copyright === null) return to;
  return to.withExif({
    IFD0: {
      ...(copyright.artist === undefined ? {} : { Artist: copyright.artist }),
      ...(copyright.copyright === undefined ? {} : { Copyright: copyright.copyright }),
    },
  });
}

type Encoded = { readonly data: Buffer; readonly heightPx: number };

/** Encodes what `open` gives, which is asked anew for each encoding. */
async function encodeOnce(open: () => Sharp, format: VariantFormat, quality: number): Promise<Encoded> {
  const { data, info } = await ENCODERS[format](open(), quality).toBuffer({ resolveWithObject: true });
  return { data, heightPx: info.pageHeight ?? info.height };
}

/** What an encoding is made of, and how. */
export interface Making {
  readonly format: VariantFormat;
  readonly widthPx: number;
  readonly targetScore: number | null;
  /** The quality that a neighbour has needed. */
  readonly hint?: number | undefined;
}

const round2 = (score: number): number => Math.max(-1000, Math.round(score * 100) / 100);

/** Encodes at the quality that reaches the target, or at the fixed one where there is no target. */
async function finish(open: () => Sharp, making: Making, pixels: Pixels | null): Promise<EncodedVariant> {
  const { format, widthPx, targetScore, hint } = making;
  const began = performance.now();
  const qualities = QUALITIES[format];
  const side = pixels === null ? 0 : Math.min(pixels.raw.width, pixels.raw.height);
  if (qualities === null || targetScore === null || pixels === null || side < SIMILARITY_MIN_SIDE_PX) {
    const fixed = qualities?.fixed ?? null;
    const { data: bytes, heightPx } = await encodeOnce(open, format, fixed ?? 100);
    const encodeMs = performance.now() - began;
    return { format, widthPx, heightPx, bytes, quality: fixed, score: null, tries: [], encodeMs };
  }
  const reference = prepareReference(await toRgb(sharp(pixels.data, { raw: pixels.raw })));
  const search = { ...qualities, target: targetScore, start: hint ?? qualities.start };
  const { best, tries } = await searchQuality(search, async (quality) => {
    const encoded = await encodeOnce(open, format, quality);
    const score = round2(scoreSimilarity(reference, await toRgb(sharp(encoded.data))));
    return { quality, score, sizeBytes: encoded.data.byteLength, encoded };
  });
  const { data: bytes, heightPx } = best.encoded;
  const encodeMs = performance.now() - began;
  return { format, widthPx, heightPx, bytes, quality: best.quality, score: best.score, tries, encodeMs };
}

/** Encodes pixels of the width that is wanted. */
export function encodePixels(pixels: Pixels, making: Making, copyright: Copyright | null): Promise<EncodedVariant> {
  return finish(() => withCopyright(sharp(pixels.data, { raw: pixels.raw }), copyright), making, pixels);
}

/** Encodes all frames, with their delays and their loop count. */
export function encodeAnimation(
  source: PictureSource,
  format: VariantFormat,
  widthPx: number,
): Promise<EncodedVariant> {
  const open = () => openPicture({ ...source, allFrames: true }).resize({ width: widthPx });
  return finish(open, { format, widthPx, targetScore: null }, null);
}

/** A variant that stands, for what it says of the quality that the picture needs. */
export type Hint = Pick<EncodedVariant, 'format' | 'widthPx' | 'quality'>;

/** The quality that the next narrower variant has needed: of the same format, or of another, as far as that tells. */
function guessQuality(known: readonly Hint[], format: VariantFormat, widthPx: number): number | undefined {
  const wanted = QUALITIES[format];
  const near = (same: boolean) =>
    known
      .filter((one) => (one.format === format) === same && one.quality !== null)
      .filter((one) => one.widthPx <= widthPx)
      .toSorted((a, b) => a.widthPx - b.widthPx)
      .at(-1);
  const own = near(true)?.quality;
  if (own !== undefined && own !== null) return own;
  const other = near(false);
  const scale = other === undefined ? null : QUALITIES[other.format];
  if (wanted === null || scale === null || other === undefined || other.quality === null) return undefined;
  return wanted.start + ((other.quality - scale.start) * scale.slope) / wanted.slope;
}

/** Encodes with the colours and the profile of the original, from the file each time: pixels alone carry no profile. */
function encodeWide(source: PictureSource, pixels: Pixels, making: Making, plan: VariantPlan): Promise<EncodedVariant> {
  const open = () => {
    const picture = openPicture(source).autoOrient().resize({ width: making.widthPx });
    return withCopyright(picture, plan.copyright).keepIccProfile();
  };
  return finish(open, making, pixels);
}

/** The narrowest variant of the plan, from pixels of its width: what `encodeVariants` makes of it too. */
export function encodeFirst(source: PictureSource, plan: VariantPlan, pixels: Pixels): Promise<EncodedVariant> {
  const { format, widthsPx } = plan.formats[0] ?? { format: 'webp', widthsPx: [] };
  const making = { format, widthPx: Math.min(...widthsPx), targetScore: plan.targetScore };
  if (plan.animated) return encodeAnimation(source, format, making.widthPx);
  return plan.colours === 'own'
    ? encodeWide(source, pixels, making, plan)
    : encodePixels(pixels, making, plan.copyright);
}

/**
 * Encodes the widths one after the other, in the order given.
 *
 * A still picture is decoded once, at the plan's widest width, and every width is made from those pixels, whichever
 * widths are asked for, so that a resumed run makes the same bytes. The narrowest width is the exception: it is made from a
 * decode of its own, as the first look makes it (see `inspect.ts`), since waiting for the large decode would delay it.
 *
 * @param hints variants that stand already; with the same hints the bytes are the same
 */
export async function* encodeVariants(
  source: PictureSource,
  plan: VariantPlan,
  { format, widthsPx }: FormatPlan,
  hints: readonly Hint[] = [],
): AsyncGenerator<EncodedVariant, void, undefined> {
  if (plan.animated) {
    for (const widthPx of widthsPx) yield await encodeAnimation(source, format, widthPx);
    return;
  }
  const planned = plan.formats.flatMap((making) => making.widthsPx);
  const narrowest = Math.min(...planned);
  let widest: Pixels | undefined;
  let known = hints;
  for (const widthPx of widthsPx) {
    const making = { format, widthPx, targetScore: plan.targetScore, hint: guessQuality(known, format, widthPx) };
    let pixels: Pixels;
    if (widthPx === narrowest) pixels = await decodeAt(source, narrowest);
    else pixels = await narrow((widest ??= await decodeAt(source, Math.max(...planned))), widthPx);
    const made =
      plan.colours === 'own'
        ? await encodeWide(source, pixels, making, plan)
        : await encodePixels(pixels, making, plan.copyright);
    known = [...known, made];
    yield made;
  }
}
