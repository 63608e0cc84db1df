import sharp from 'sharp';
import { toBytes, type Colour } from './colour.ts';
import { createRandom } from './random.ts';

/** What makes a drawing look made by hand: the paper, the pigment in it, and the light on it. All shares are 0…1. */
export interface Finish {
  readonly ground: Colour;
  /** Relief of the paper, seen everywhere. */
  readonly grain: number;
  /** Pigment that settles in the relief, seen where there is paint. */
  readonly granulation: number;
  /** Slow changes of strength inside a wash. */
  readonly pooling: number;
  /** Pigment that dries into a rim. */
  readonly rim: number;
  /** How far the tooth of the paper moves an edge, in pixels. */
  readonly tremor: number;
  readonly fibres: number;
  readonly vignette: number;
  /** Slant of the daylight over the sheet. */
  readonly daylight: number;
  /** Streaks of a broad brush (coated papers). */
  readonly streaks: number;
  /** Grain of a photograph: changes from pixel to pixel. */
  readonly film: number;
}

// Looked up once: the loops below ask for them ten million times.
const { ceil, cos, floor, hypot, max, min, PI, round, sin } = Math;

/** Smooth noise: a small random raster, enlarged by cubic interpolation. */
async function noiseField(seed: string, width: number, height: number, cellX: number, cellY: number): Promise<Buffer> {
  const columns = max(2, ceil(width / cellX) + 2);
  const rows = max(2, ceil(height / cellY) + 2);
  const random = createRandom(seed);
  const raster = Buffer.alloc(columns * rows);
  for (let index = 0; index < raster.length; index += 1)
    raster[index] = floor((random.next() + random.next()) * 127.99);
  if (cellX <= 1 && cellY <= 1) {
    return sharp(raster, { raw: { width: columns, height: rows, channels: 1 } })
      .extract({ left: 0, top: 0, width, height })
      .extractChannel(0)
      .raw()
      .toBuffer();
  }
  return sharp(raster, { raw: { width: columns, height: rows, channels: 1 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .extractChannel(0)
    .raw()
    .toBuffer();
}

/** Takes and gives RGB, three bytes a pixel. */
export async function finishPicture(
  pixels: Buffer,
  width: number,
  height: number,
  finish: Finish,
  seed: string,
): Promise<Buffer> {
  const [fine, tooth, toothAcross, coarse, cloud, cloudSmall, streak] = await Promise.all([
    noiseField(`${seed}/fine`, width, height, 1, 1),
    noiseField(`${seed}/tooth`, width, height, 3.2, 3.2),
    noiseField(`${seed}/tooth-across`, width, height, 3.6, 3.6),
    noiseField(`${seed}/coarse`, width, height, 11, 9),
    noiseField(`${seed}/cloud`, width, height, 190, 160),
    noiseField(`${seed}/cloud-small`, width, height, 46, 52),
    noiseField(`${seed}/streak`, width, height, 420, 7),
  ]);
  const soft =
    finish.rim > 0
      ? await sharp(pixels, { raw: { width, height, channels: 3 } })
          .blur(5)
          .raw()
          .toBuffer()
      : pixels;
  const ground = toBytes(finish.ground);
  const output = Buffer.alloc(pixels.length);
  const lit = (field: Buffer, index: number): number => ((field[index] ?? 128) - 128) / 128;
  const dark = finish.ground.lightness < 0.5;
  const centreX = width * 0.46;
  const centreY = height * 0.44;
  const reach = hypot(width, height) / 2;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const index = y * width + x;
      const grainFine = lit(fine, index);
      const grainTooth = lit(tooth, index);
      const grainAcross = lit(toothAcross, index);
      const swell = lit(coarse, index);
      const slow = lit(cloud, index) * 0.65 + lit(cloudSmall, index) * 0.55;
      // Fetch from beside the place, so that no edge is as straight as geometry.
      const fromX = min(width - 1.001, max(0, x + (grainTooth * 0.8 + swell * 0.7) * finish.tremor));
      const fromY = min(height - 1.001, max(0, y + (grainAcross * 0.8 - swell * 0.6) * finish.tremor));
      const x0 = floor(fromX);
      const y0 = floor(fromY);
      const rx = fromX - x0;
      const ry = fromY - y0;
      const start = (y0 * width + x0) * 3;
      const below = start + width * 3;
      const relief = grainTooth * 0.55 + grainFine * 0.3 + swell * 0.35;
      const settle = 1 + finish.granulation * (relief * 1.1 + grainFine * 0.25) + finish.pooling * slow;
      const across = (x - centreX) / reach;
      const down = (y - centreY) / reach;
      const fall = across * across + down * down;
      const dusk = finish.vignette * fall * (0.7 + 0.5 * fall);
      const light =
        (1 - finish.daylight * (across * 0.6 + down * 0.5)) *
        (1 + finish.grain * relief + finish.streaks * lit(streak, index) + finish.grain * 0.3 * slow);
      for (let channel = 0; channel < 3; channel += 1) {
        const a = pixels[start + channel] ?? 0;
        const b = pixels[start + 3 + channel] ?? a;
        const c = pixels[below + channel] ?? a;
        const d = pixels[below + 3 + channel] ?? b;
        const value = (a * (1 - rx) + b * rx) * (1 - ry) + (c * (1 - rx) + d * rx) * ry;
        const base = ground[channel as 0 | 1 | 2];
        const edge = finish.rim > 0 ? (value - (soft[index * 3 + channel] ?? value)) * finish.rim : 0;
        const painted = base + (value - base) * settle + (dark ? max(0, edge) : min(0, edge));
        // Paper darkens to the warm side: blue goes first.
        const fade = 1 - dusk * (dark ? 1 : 0.72 + channel * 0.26);
        output[index * 3 + channel] = max(
          0,
          min(255, painted * light * fade + finish.film * 255 * grainFine * 0.5 + 0.5),
        );
      }
    }
  }
  if (finish.fibres <= 0) return output;
  return addFibres(output, width, height, finish.fibres, seed);
}

/** Short hairs in the pulp, lighter and darker than the sheet. */
function addFibres(pixels: Buffer, width: number, height: number, strength: number, seed: string): Buffer {
  const random = createRandom(`${seed}/fibres`);
  const count = round((width * height) / 9000);
  for (let fibre = 0; fibre < count; fibre += 1) {
    let x = random.between(0, width);
    let y = random.between(0, height);
    let heading = random.between(0, PI * 2);
    const tone = random.chance(0.6) ? 1 - 0.09 * strength : 1 + 0.06 * strength;
    const length = random.integer(6, 34);
    for (let pace = 0; pace < length; pace += 1) {
      heading += random.between(-0.22, 0.22);
      x += cos(heading);
      y += sin(heading);
      const px = round(x);
      const py = round(y);
      if (px < 0 || py < 0 || px >= width || py >= height) break;
      const start = (py * width + px) * 3;
      for (let channel = start; channel < start + 3; channel += 1) {
        pixels[channel] = min(255, (pixels[channel] ?? 0) * tone);
      }
    }
  }
  return pixels;
}
