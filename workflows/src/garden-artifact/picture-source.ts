import sharp, { type Sharp } from 'sharp';

/** A picture to decode, and how much of it may be decoded. */
export interface PictureSource {
  readonly path: string;
  /** Pixels that may be decoded, all frames together. */
  readonly maxPixels: number;
  /** Decode all frames, not only the first; default false. */
  readonly allFrames?: boolean;
  /** An SVG, read and found harmless by `screen.ts`: from memory, so that it has no folder to ask for other files. */
  readonly svg?: Uint8Array;
}

/** Channels that are decoded: CMYK with alpha has five. */
export const PICTURE_MAX_CHANNELS = 5;

/**
 * Formats that are decoded. All other loaders of libvips are switched off: PDF, and rarely used formats whose decoders have
 * seen little scrutiny. SVG is taken from memory only, where it has no address of its own to reach files by.
 */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff', 'SvgBuffer'] as const;

/**
 * Once per process, before the first picture.
 *
 * - No cache: a picture is decoded once, and its file never again.
 * - One thread per picture: there are as many pictures in flight as cores, and two threads on one picture cost more
 *   together than one thread on each of two.
 */
export function prepareDecoder(): void {
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS.map((loader) => `VipsForeignLoad${loader}`) });
}

/**
 * `failOn: 'truncated'` refuses a picture whose bytes end too soon and lets pass what browsers show without a word:
 * comment segments, bytes after the end, odd markers. Larger than `maxPixels` is refused before a pixel is decoded.
 */
export function openPicture(source: PictureSource, { anyChannels = false } = {}): Sharp {
  return sharp(source.svg ?? source.path, {
    failOn: 'truncated',
    limitInputPixels: source.maxPixels,
    limitInputChannels: anyChannels ? false : PICTURE_MAX_CHANNELS,
    sequentialRead: true,
    animated: source.allFrames ?? false,
  });
}
