import sharp, { type Metadata } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { GardenFailure, Placeholder } from '@hortus/contracts/artifact';
import { gardenFailure } from './classify.ts';
import type { Pixels } from './encode.ts';
import { PICTURE_MAX_CHANNELS, openPicture, type PictureSource } from './picture-source.ts';
import { VARIANT_MAX_SIDE_PX, type PictureFacts } from './plan.ts';
import { isWideGamut } from './read-gamut.ts';
import { readCopyright } from './read-copyright.ts';

/** Frames of an animation; more is a film, and each frame is decoded and encoded for every width. */
export const PICTURE_MAX_FRAMES = 1000;

/** ThumbHash takes no more than this on either side. */
const THUMBHASH_MAX_SIDE_PX = 100;

/** What sharp calls the formats that can be gardened. */
const KINDS: Readonly<Record<string, PictureFacts['kind']>> = {
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  heif: 'avif',
  gif: 'gif',
  tiff: 'tiff',
  svg: 'svg',
};

export type Look = { readonly facts: PictureFacts } | { readonly failure: GardenFailure };

function tooLarge(said: string, limit: string): Look {
  const detail = `The picture has ${said}; at most ${limit} are allowed. Make it smaller and upload it again.`;
  return { failure: gardenFailure('PICTURE_TOO_LARGE', detail) };
}

function judge(metadata: Metadata, maxPixels: number): Look {
  const { format, compression, pages, autoOrient, channels, hasAlpha } = metadata;
  if (format === 'heif' && compression === 'hevc') {
    const detail =
      'HEIC pictures can not be decoded here, for want of a free decoder. Export it as JPEG and upload that.';
    return { failure: gardenFailure('PICTURE_UNREADABLE', detail) };
  }
  const kind = KINDS[format];
  if (kind === undefined) return { failure: gardenFailure('NOT_A_PICTURE') };
  if (channels > PICTURE_MAX_CHANNELS) {
    const detail =
      `The picture has ${String(channels)} channels; at most ${String(PICTURE_MAX_CHANNELS)} can be shown as colours. ` +
      'Save it anew in RGB and upload that.';
    return { failure: gardenFailure('PICTURE_UNREADABLE', detail) };
  }
  const frames = kind === 'gif' || kind === 'webp' ? (pages ?? 1) : 1;
  const { width: widthPx, height: heightPx } = autoOrient;
  if (frames > PICTURE_MAX_FRAMES || widthPx * heightPx * frames > maxPixels) {
    const inFrames = frames > 1 ? ` in ${String(frames)} frames` : '';
    return tooLarge(
      `${String(widthPx)} × ${String(heightPx)} pixels${inFrames}`,
      `${maxPixels.toLocaleString('en')} pixels${frames > 1 ? ` and ${String(PICTURE_MAX_FRAMES)} frames` : ''}`,
    );
  }
  if (heightPx > widthPx * VARIANT_MAX_SIDE_PX) {
    return tooLarge(
      `${String(widthPx)} × ${String(heightPx)} pixels`,
      `${String(VARIANT_MAX_SIDE_PX)} in height for each in width`,
    );
  }
  const copyright = metadata.exif === undefined ? null : readCopyright(metadata.exif);
  const isWide = metadata.icc !== undefined && isWideGamut(metadata.icc);
  return { facts: { widthPx, heightPx, frames, kind, hasAlpha, isWide, copyright } };
}

/** Reads the head of the file and decodes nothing: a picture that is too large costs a few milliseconds. */
export async function lookAtPicture(source: PictureSource): Promise<Look> {
  // Without the limits, since the refusal is to name the size; `judge` applies them, and so does every later decode.
  const metadata = await openPicture(
    { ...source, maxPixels: Number.MAX_SAFE_INTEGER },
    { anyChannels: true },
  ).metadata();
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
