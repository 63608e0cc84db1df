import sharp, { type Metadata } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { GardenFailure, Placeholder } from '@hortus/contracts/artifact';
import { gardenFailure } from './classify.ts';
import type { Pixels } from './encode.ts';
import { openPicture, type PictureSource } from './picture-source.ts';
import type { PictureFacts } from './plan.ts';

/** Frames of an animation; more is a film, and each frame is decoded and encoded for every width. */
export const PICTURE_MAX_FRAMES = 1000;

/** ThumbHash takes no more than this on either side. */
const THUMBHASH_MAX_SIDE_PX = 100;

const ANIMATED_FORMATS: ReadonlySet<string | undefined> = new Set(['gif', 'webp']);

export type Look = { readonly facts: PictureFacts } | { readonly failure: GardenFailure };

function judge({ format, compression, pages, autoOrient }: Metadata, maxPixels: number): Look {
  if (format === 'heif' && compression === 'hevc') {
    const detail =
      'HEIC pictures can not be decoded here, for want of a free decoder. Export it as JPEG and upload that.';
    return { failure: gardenFailure('PICTURE_UNREADABLE', detail) };
  }
  const frames = ANIMATED_FORMATS.has(format) ? (pages ?? 1) : 1;
  const { width: widthPx, height: heightPx } = autoOrient;
  if (frames > PICTURE_MAX_FRAMES || widthPx * heightPx * frames > maxPixels) {
    const size = `${String(widthPx)} × ${String(heightPx)} pixels${frames > 1 ? ` in ${String(frames)} frames` : ''}`;
    const limit = `${maxPixels.toLocaleString('en')} pixels${frames > 1 ? ` and ${String(PICTURE_MAX_FRAMES)} frames` : ''}`;
    const detail = `The picture has ${size}; at most ${limit} are allowed. Make it smaller and upload it again.`;
    return { failure: gardenFailure('PICTURE_TOO_LARGE', detail) };
  }
  return { facts: { widthPx, heightPx, frames } };
}

/** Reads the head of the file and decodes nothing: a picture that is too large costs a few milliseconds. */
export async function lookAtPicture(source: PictureSource): Promise<Look> {
  // Without the limit, since the refusal is to name the size; `judge` applies it, and so does every later decode.
  const metadata = await openPicture({ ...source, maxPixels: Number.MAX_SAFE_INTEGER }).metadata();
  return judge(metadata, source.maxPixels);
}

/** The middle of the most frequent colours: each channel in 16 steps, pixels that can't be seen left out. */
export function dominantColor(rgba: Uint8Array): string {
  const bins = new Map<number, { count: number; red: number; green: number; blue: number }>();
  for (let offset = 0; offset + 3 < rgba.length; offset += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(offset, offset + 4);
    if (alpha < 128) continue;
    const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    const bin = bins.get(key) ?? { count: 0, red: 0, green: 0, blue: 0 };
    bins.set(key, { count: bin.count + 1, red: bin.red + red, green: bin.green + green, blue: bin.blue + blue });
  }
  let most = { count: 0, red: 255, green: 255, blue: 255 };
  for (const bin of bins.values()) if (bin.count > most.count) most = bin;
  const hex = (sum: number): string =>
    Math.round(sum / Math.max(1, most.count))
      .toString(16)
      .padStart(2, '0');
  return `#${hex(most.red)}${hex(most.green)}${hex(most.blue)}`;
}

/** What to show until a variant is loaded, made from a small decode of the picture. */
export async function makePlaceholder(pixels: Pixels): Promise<Placeholder> {
  const { data, info } = await sharp(pixels.data, { raw: pixels.raw })
    .resize({
      width: THUMBHASH_MAX_SIDE_PX,
      height: THUMBHASH_MAX_SIDE_PX,
      fit: 'inside',
      withoutEnlargement: true,
    })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const hash = rgbaToThumbHash(info.width, info.height, data);
  return { thumbhash: Buffer.from(hash).toString('base64'), dominantColor: dominantColor(data) };
}
