import sharp from 'sharp';
import { VARIANT_WIDTHS_PX } from '@hortus/contracts/artifact';
import { AVIF, WEBP } from '../../workflows/src/garden-artifact/encode.ts';

/**
 * What sharp itself needs for the same variants, written the way its documentation shows: one pipeline per variant, from
 * the file. Same settings, one thread per picture as the library's default on this platform.
 */
function variant(file: string, format: 'webp' | 'avif', widthPx: number): Promise<Buffer> {
  const pipeline = sharp(file).autoOrient().resize({ width: widthPx });
  return (format === 'webp' ? pipeline.webp(WEBP) : pipeline.avif(AVIF)).toBuffer();
}

/** Time of the smallest WebP, in milliseconds. */
export async function bareFirstVariant(file: string): Promise<number> {
  const begunAt = performance.now();
  await variant(file, 'webp', VARIANT_WIDTHS_PX[0]);
  return performance.now() - begunAt;
}

/** Time of all variants of so many pictures, so many variants in flight, in milliseconds. */
export async function bareAllVariants(file: string, options: { pictures: number; inFlight: number }): Promise<number> {
  const { width } = await sharp(file).metadata();
  const widthsPx = VARIANT_WIDTHS_PX.filter((widthPx) => widthPx <= width);
  const jobs = Array.from({ length: options.pictures }, () =>
    (['webp', 'avif'] as const).flatMap((format) => widthsPx.map((widthPx) => ({ format, widthPx }))),
  ).flat();
  const begunAt = performance.now();
  await Promise.all(
    Array.from({ length: options.inFlight }, async () => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await variant(file, job.format, job.widthPx);
    }),
  );
  return performance.now() - begunAt;
}
