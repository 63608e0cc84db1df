import sharp from 'sharp';
import { DEFAULT_PRESET } from '@hortus/contracts/gardener';
import type { VariantFormat } from '@hortus/contracts/artifact';
import { ENCODERS, QUALITIES } from '../../workflows/src/garden-artifact/encode.ts';
import { lookAtPicture } from '../../workflows/src/garden-artifact/inspect.ts';
import { planVariants } from '../../workflows/src/garden-artifact/plan.ts';

/**
 * What sharp itself needs for the same variants, written the way its documentation shows: one pipeline per variant, from
 * the file. Same settings, one thread per picture as the library's default on this platform.
 */
function variant(file: string, format: VariantFormat, widthPx: number): Promise<Buffer> {
  const pipeline = sharp(file).autoOrient().resize({ width: widthPx });
  return ENCODERS[format](pipeline, QUALITIES[format]?.fixed ?? 100).toBuffer();
}

/** Time of the smallest WebP, in milliseconds. */
export async function bareFirstVariant(file: string): Promise<number> {
  const begunAt = performance.now();
  await variant(file, 'webp', 320);
  return performance.now() - begunAt;
}

/** Time of all variants of so many pictures, so many variants in flight, in milliseconds. */
export async function bareAllVariants(file: string, options: { pictures: number; inFlight: number }): Promise<number> {
  const look = await lookAtPicture({ path: file, maxPixels: 100_000_000 });
  if ('failure' in look) throw new Error(look.failure.detail);
  const { formats } = planVariants(look.facts, DEFAULT_PRESET);
  const jobs = Array.from({ length: options.pictures }, () =>
    formats.flatMap(({ format, widthsPx }) => widthsPx.map((widthPx) => ({ format, widthPx }))),
  ).flat();
  const begunAt = performance.now();
  await Promise.all(
    Array.from({ length: options.inFlight }, async () => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await variant(file, job.format, job.widthPx);
    }),
  );
  return performance.now() - begunAt;
}
