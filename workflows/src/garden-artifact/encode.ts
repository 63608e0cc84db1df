import sharp, { type AvifOptions, type Sharp, type WebpOptions } from 'sharp';
import type { VariantFormat } from '@hortus/contracts/artifact';
import { openPicture, type PictureSource } from './picture-source.ts';
import type { VariantPlan } from './plan.ts';

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
 *     avif         50       5  4:4:4    4,539   66,693  0.9507
 *     avif         55       2  4:4:4      435   88,904  0.9559
 *     avif         55       2  4:2:0      354   85,319  0.9559
 *     avif         60       2  4:4:4      420  108,811  0.9634
 *
 * Quality 55 meets the SSIM of WebP at 80 with 27 % fewer bytes. Effort 4, the library's default, takes eight times as long
 * as 2 to save a tenth. 4:2:0 is what WebP and nearly every JPEG have anyhow.
 */
export const WEBP = { quality: 80, effort: 4 } as const satisfies WebpOptions;
export const AVIF = { quality: 55, effort: 2, chromaSubsampling: '4:2:0' } as const satisfies AvifOptions;

export interface EncodedVariant {
  readonly format: VariantFormat;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bytes: Uint8Array;
  /** How long the encoding took, without the decoding, in milliseconds. */
  readonly encodeMs: number;
}

/** A decoded picture that stands still: upright, in sRGB, 8 bits a channel, without metadata. */
export interface Pixels {
  readonly data: Buffer;
  readonly raw: { readonly width: number; readonly height: number; readonly channels: 1 | 2 | 3 | 4 };
}

/** Decodes a picture (the first frame of an animated one) at a width. A JPEG is decoded no larger than that needs. */
export async function decodeAt(source: PictureSource, widthPx: number): Promise<Pixels> {
  const { data, info } = await openPicture(source)
    .autoOrient()
    .resize({ width: widthPx })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, raw: { width: info.width, height: info.height, channels: info.channels } };
}

async function finish(pipeline: Sharp, format: VariantFormat, widthPx: number): Promise<EncodedVariant> {
  const began = performance.now();
  const { data, info } = await (format === 'webp' ? pipeline.webp(WEBP) : pipeline.avif(AVIF)).toBuffer({
    resolveWithObject: true,
  });
  return {
    format,
    widthPx,
    heightPx: info.pageHeight ?? info.height,
    bytes: data,
    encodeMs: performance.now() - began,
  };
}

/** Encodes pixels, made smaller where they are wider. */
export function encodePixels(pixels: Pixels, format: VariantFormat, widthPx: number): Promise<EncodedVariant> {
  const pipeline = sharp(pixels.data, { raw: pixels.raw });
  return finish(pixels.raw.width === widthPx ? pipeline : pipeline.resize({ width: widthPx }), format, widthPx);
}

/** Encodes all frames, with their delays and their loop count. */
export function encodeAnimation(source: PictureSource, widthPx: number): Promise<EncodedVariant> {
  return finish(openPicture({ ...source, allFrames: true }).resize({ width: widthPx }), 'webp', widthPx);
}

/**
 * Encodes the widths one after the other, in the order given.
 *
 * A still picture is decoded once, at the plan's widest width, and every width is made from those pixels, whichever
 * widths are asked for, so that a resumed run makes the same bytes. The narrowest width is the exception: it is made from a
 * decode of its own, as the first look makes it (see `inspect.ts`), since waiting for the large decode would delay it.
 */
export async function* encodeVariants(
  source: PictureSource,
  plan: VariantPlan,
  format: VariantFormat,
  widthsPx: readonly number[],
): AsyncGenerator<EncodedVariant, void, undefined> {
  if (plan.animated) {
    for (const widthPx of widthsPx) yield await encodeAnimation(source, widthPx);
    return;
  }
  const narrowest = Math.min(...plan.widthsPx);
  let widest: Pixels | undefined;
  for (const widthPx of widthsPx) {
    if (widthPx === narrowest) {
      yield await encodePixels(await decodeAt(source, narrowest), format, narrowest);
    } else {
      widest ??= await decodeAt(source, Math.max(...plan.widthsPx));
      yield await encodePixels(widest, format, widthPx);
    }
  }
}
