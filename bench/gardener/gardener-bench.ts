import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { DEFAULT_PRESET } from '@hortus/contracts/gardener';
import {
  ENCODERS,
  QUALITIES,
  decodeAt,
  encodeVariants,
  narrow,
  type EncodedVariant,
  type Pixels,
} from '../../workflows/src/garden-artifact/encode.ts';
import { lookAtPicture } from '../../workflows/src/garden-artifact/inspect.ts';
import { planVariants } from '../../workflows/src/garden-artifact/plan.ts';
import type { Figure } from '../figure.ts';
import { findJudge, judge } from './judge.ts';

const TARGET = 70;
/** What our score may be off: it looks at bands of large pictures, and the judge at all of them. */
const SLACK = 1;
const BYTES_RATIO_MAX = 0.85;
const ENCODINGS_MAX = 2.5;
const WIDTHS_PX = [320, 640, 960];
const FORMATS = ['webp', 'avif'] as const;
const PHOTOGRAPHS = fileURLToPath(new URL('../../workflows/src/seed-demo/photographs', import.meta.url));

interface Made {
  readonly name: string;
  readonly variant: EncodedVariant;
  readonly pixels: Pixels;
}

/** Encodes a picture as the gardener does, and keeps the pixels that each variant was made of. */
async function gardenPicture(path: string, name: string): Promise<Made[]> {
  const source = { path, maxPixels: 100_000_000 };
  const look = await lookAtPicture(source);
  if ('failure' in look) throw new Error(`${name}: ${look.failure.detail}`);
  const preset = { ...DEFAULT_PRESET, widthsPx: WIDTHS_PX, formats: FORMATS, targetScore: TARGET };
  const plan = planVariants(look.facts, preset);
  const widthsPx = plan.formats.flatMap((one) => one.widthsPx);
  const narrowest = Math.min(...widthsPx);
  const widest = await decodeAt(source, Math.max(...widthsPx));
  const made: Made[] = [];
  for (const making of plan.formats) {
    const hints = made.map(({ variant }) => variant);
    for await (const variant of encodeVariants(source, plan, making, hints)) {
      const { widthPx } = variant;
      // The same pixels as `encodeVariants` takes, which tells why.
      const pixels = widthPx === narrowest ? await decodeAt(source, widthPx) : await narrow(widest, widthPx);
      made.push({ name, variant, pixels });
    }
  }
  return made;
}

const BEHIND = '#808080';

/** Asks the judge of bytes that were made of these pixels. */
async function judgeBytes(program: string, folder: string, pixels: Pixels, bytes: Uint8Array): Promise<number> {
  const [original, distorted] = [join(folder, 'original.png'), join(folder, 'distorted.png')];
  const png = { compressionLevel: 1 };
  await sharp(pixels.data, { raw: pixels.raw })
    .flatten({ background: BEHIND })
    .toColourspace('srgb')
    .png(png)
    .toFile(original);
  await sharp(bytes).flatten({ background: BEHIND }).toColourspace('srgb').png(png).toFile(distorted);
  return judge(program, original, distorted);
}

/** The lowest quality at which all of these reach the target, and their bytes at it. */
async function findFixed(
  program: string,
  folder: string,
  format: (typeof FORMATS)[number],
  all: readonly Made[],
): Promise<{ quality: number; bytes: number }> {
  const encode = ({ pixels }: Made, quality: number) =>
    ENCODERS[format](sharp(pixels.data, { raw: pixels.raw }), quality).toBuffer();
  let quality = QUALITIES[format]?.min ?? 1;
  for (const one of all) {
    let high = QUALITIES[format]?.max ?? 100;
    // Most pictures need less than what another has needed: one question each.
    const reaches = async (at: number) =>
      (await judgeBytes(program, folder, one.pixels, await encode(one, at))) >= TARGET;
    if (await reaches(quality)) continue;
    while (high - quality > 1) {
      const middle = Math.floor((quality + high) / 2);
      if (await reaches(middle)) high = middle;
      else quality = middle;
    }
    quality = high;
  }
  let bytes = 0;
  for (const one of all) bytes += (await encode(one, quality)).byteLength;
  return { quality, bytes };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Bytes at the target against the best fixed quality, judged by another's program; and what the search costs. */
export async function benchGardener(options: { photos: string | undefined }): Promise<Figure[]> {
  const program = await findJudge(process.env);
  const folder = await mkdtemp(join(tmpdir(), 'hortus-bench-'));
  try {
    const from = options.photos ?? PHOTOGRAPHS;
    const names = (await readdir(from)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
    const made: Made[] = [];
    for (const name of names) made.push(...(await gardenPicture(join(from, name), name)));
    const figures: Figure[] = [];
    const judged: number[] = [];
    for (const { name, variant, pixels } of made) {
      const score = await judgeBytes(program, folder, pixels, variant.bytes);
      judged.push(score);
      figures.push({
        what: `${name} ${variant.format} ${String(variant.widthPx)} px`,
        measured: `${String(variant.bytes.byteLength)} bytes at quality ${String(variant.quality)}`,
        against: `judged ${score.toFixed(1)}, own score ${(variant.score ?? 0).toFixed(1)}`,
        bar: `≥ ${String(TARGET - SLACK)}`,
        isReached: score >= TARGET - SLACK,
      });
    }
    for (const format of FORMATS) {
      const all = made.filter(({ variant }) => variant.format === format);
      const ours = all.reduce((sum, { variant }) => sum + variant.bytes.byteLength, 0);
      const fixed = await findFixed(program, folder, format, all);
      const ratio = ours / fixed.bytes;
      figures.push({
        what: `${format}: bytes at the target`,
        measured: String(ours),
        against: `${String(fixed.bytes)} at fixed quality ${String(fixed.quality)}, ratio ${ratio.toFixed(2)}`,
        bar: `≤ ${String(BYTES_RATIO_MAX)} ×`,
        isReached: ratio <= BYTES_RATIO_MAX,
      });
    }
    const encodings = mean(made.map(({ variant }) => Math.max(1, variant.tries.length)));
    figures.push({
      what: `encodings of a variant, mean of ${String(made.length)}`,
      measured: encodings.toFixed(2),
      against: '',
      bar: `≤ ${String(ENCODINGS_MAX)}`,
      isReached: encodings <= ENCODINGS_MAX,
    });
    return figures;
  } finally {
    await rm(folder, { recursive: true });
  }
}
