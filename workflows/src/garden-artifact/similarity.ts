/**
 * How alike an encoded picture is to what it was made from, as a person would say: 100 is the same, 90 can't be told apart
 * side by side, 70 shows nothing at a normal distance, 50 is visibly compressed.
 *
 * The measure is SSIMULACRA 2.1 (J. Sneyers, BSD-3-Clause, github.com/cloudinary/ssimulacra2): structure, added artefacts
 * and lost detail, in the colours of XYB, at five sizes. Three things are left out for speed, and change the score by a few
 * tenths: the 84 of its 108 weights that are almost zero, hence whole channels at the large sizes; rows of large pictures at
 * the two largest sizes, of which evenly spread bands are looked at; and the tails of the blur.
 */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is within its array; a default at each is slow */
import { WEIGHTS, type Weights } from './similarity-weights.ts';

const { abs, ceil, cbrt, floor, max, min, round, sqrt } = Math; // Held here: each look at a global is slow in jest's realm.

/** Interleaved RGB, 8 bits a channel, without alpha. */
export interface RgbPixels {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What the original's side of the comparison needs, made once for all encodings that are compared with it. */
export interface Reference {
  readonly levels: readonly Level[];
  readonly widthPx: number;
  readonly heightPx: number;
}

interface Level {
  readonly channels: readonly Channel[];
}

/** One channel of one size: its bands, and what they count for. */
interface Channel {
  readonly channel: number;
  readonly weights: Weights;
  readonly bands: readonly Band[];
}

interface Band {
  readonly widthPx: number;
  readonly plane: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

type Planes = readonly [Float32Array, Float32Array, Float32Array];
type Size = { readonly widthPx: number; readonly heightPx: number };

/** The blur and the smallest structure need so many pixels on either side. */
export const SIMILARITY_MIN_SIDE_PX = 8;

/** Pixels of one size that are looked at; of a larger one bands are. */
const BAND_PIXELS_MAX = 500_000;
const BAND_HEIGHT_PX = 64;

const C2 = 0.0009;
const BIAS = 0.0037930732552754493;
const CUBE_ROOTS = 16_384;

const SRGB_TO_LINEAR = Float32Array.from({ length: 256 }, (_, value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

/** Cube roots of 0 to a little over 1: `Math.cbrt` would be half of the whole time. */
const CUBE_ROOT = Float32Array.from({ length: CUBE_ROOTS + 2 }, (_, index) => cbrt((index * 1.01) / CUBE_ROOTS));

function cubeRoot(value: number): number {
  const at = (value * CUBE_ROOTS) / 1.01;
  const index = at | 0;
  const low = CUBE_ROOT[index] ?? 1;
  return low + ((CUBE_ROOT[index + 1] ?? 1) - low) * (at - index);
}

/** A Gaussian of sigma 1.5, its middle first. */
const KERNEL = ((): readonly number[] => {
  const half = [0, 1, 2, 3, 4].map((x) => Math.exp(-(x * x) / (2 * 1.5 * 1.5)));
  const sum = half.reduce((total, value, x) => total + (x === 0 ? value : 2 * value), 0);
  return half.map((value) => value / sum);
})();

function blur(plane: Float32Array, widthPx: number, heightPx: number): Float32Array {
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0, k4 = 0] = KERNEL;
  const rows = new Float32Array(plane.length + widthPx);
  const padded = new Float32Array(widthPx + 8);
  for (let start = 0; start < plane.length; start += widthPx) {
    padded.set(plane.subarray(start, start + widthPx), 4);
    for (let x = 0; x < widthPx; x += 1) {
      rows[start + x] =
        k0 * padded[x + 4]! +
        k1 * (padded[x + 3]! + padded[x + 5]!) +
        k2 * (padded[x + 2]! + padded[x + 6]!) +
        k3 * (padded[x + 1]! + padded[x + 7]!) +
        k4 * (padded[x]! + padded[x + 8]!);
    }
  }
  const blurred = new Float32Array(plane.length);
  const beyond = plane.length; // A row of nothing, above the first and below the last.
  const rowAt = (y: number): number => (y < 0 || y >= heightPx ? beyond : y * widthPx);
  for (let y = 0; y < heightPx; y += 1) {
    const [a4, a3, a2, a1] = [rowAt(y - 4), rowAt(y - 3), rowAt(y - 2), rowAt(y - 1)];
    const [b4, b3, b2, b1] = [rowAt(y + 4), rowAt(y + 3), rowAt(y + 2), rowAt(y + 1)];
    const middle = rowAt(y);
    for (let x = 0; x < widthPx; x += 1) {
      blurred[middle + x] =
        k0 * rows[middle + x]! +
        k1 * (rows[a1 + x]! + rows[b1 + x]!) +
        k2 * (rows[a2 + x]! + rows[b2 + x]!) +
        k3 * (rows[a3 + x]! + rows[b3 + x]!) +
        k4 * (rows[a4 + x]! + rows[b4 + x]!);
    }
  }
  return blurred;
}

function multiply(one: Float32Array, other: Float32Array): Float32Array {
  const product = new Float32Array(one.length);
  for (let i = 0; i < product.length; i += 1) product[i] = one[i]! * other[i]!;
  return product;
}

function linearise({ data, widthPx, heightPx }: RgbPixels): Planes {
  const count = widthPx * heightPx;
  const planes = [new Float32Array(count), new Float32Array(count), new Float32Array(count)] as const;
  for (let i = 0; i < count; i += 1) {
    planes[0][i] = SRGB_TO_LINEAR[data[i * 3]!]!;
    planes[1][i] = SRGB_TO_LINEAR[data[i * 3 + 1]!]!;
    planes[2][i] = SRGB_TO_LINEAR[data[i * 3 + 2]!]!;
  }
  return planes;
}

/** Half the width and height; an odd edge counts twice. */
function halve(planes: Planes, { widthPx, heightPx }: Size): Planes {
  const [width, height] = [ceil(widthPx / 2), ceil(heightPx / 2)];
  const half = (plane: Float32Array): Float32Array => {
    const smaller = new Float32Array(width * height);
    for (let y = 0; y < height; y += 1) {
      const upper = 2 * y * widthPx;
      const lower = min(2 * y + 1, heightPx - 1) * widthPx;
      for (let x = 0; x < width; x += 1) {
        const left = 2 * x;
        const right = min(left + 1, widthPx - 1);
        smaller[y * width + x] =
          (plane[upper + left]! + plane[upper + right]! + plane[lower + left]! + plane[lower + right]!) / 4;
      }
    }
    return smaller;
  };
  return [half(planes[0]), half(planes[1]), half(planes[2])];
}

/** One channel of XYB, moved to where it is positive, as the measure wants it. */
function toChannel([red, green, blue]: Planes, channel: number, from: number, to: number): Float32Array {
  const plane = new Float32Array(to - from);
  const bias = cbrt(BIAS);
  for (let i = from; i < to; i += 1) {
    const [r, g, b] = [red[i]!, green[i]!, blue[i]!];
    const long = cubeRoot(0.3 * r + 0.622 * g + 0.078 * b + BIAS) - bias;
    const middle = cubeRoot(0.23 * r + 0.692 * g + 0.078 * b + BIAS) - bias;
    if (channel === 0) plane[i - from] = (long - middle) * 7 + 0.42;
    else if (channel === 1) plane[i - from] = (long + middle) / 2 + 0.01;
    else {
      const short = 0.2434226892454782 * r + 0.2047674442449682 * g + 0.551809866509554 * b;
      plane[i - from] = cubeRoot(short + BIAS) - bias - (long + middle) / 2 + 0.55;
    }
  }
  return plane;
}

/** Rows to look at: all, or bands that are spread evenly. */
function bandsOf({ widthPx, heightPx }: Size): readonly (readonly [from: number, to: number])[] {
  if (widthPx * heightPx <= BAND_PIXELS_MAX || heightPx <= BAND_HEIGHT_PX) return [[0, heightPx]];
  const fitting = floor(BAND_PIXELS_MAX / (widthPx * BAND_HEIGHT_PX));
  const count = min(max(1, fitting), floor(heightPx / BAND_HEIGHT_PX));
  return Array.from({ length: count }, (_, index) => {
    const from = round(((heightPx - BAND_HEIGHT_PX) * (index + 0.5)) / count);
    return [from, from + BAND_HEIGHT_PX] as const;
  });
}

/** Calls with each channel that counts, size by size. */
function eachChannel<T>(
  pixels: RgbPixels,
  visit: (channel: number, weights: Weights, bands: readonly { plane: Float32Array; widthPx: number }[]) => T,
): T[][] {
  let planes = linearise(pixels);
  let size: Size = pixels;
  const levels: T[][] = [];
  for (const byChannel of WEIGHTS) {
    if (size.widthPx < SIMILARITY_MIN_SIDE_PX || size.heightPx < SIMILARITY_MIN_SIDE_PX) break;
    const { widthPx } = size;
    const bands = bandsOf(size);
    levels.push(
      byChannel.flatMap((weights, channel) => {
        if (weights === null) return [];
        const cut = bands.map(([from, to]) => ({
          plane: toChannel(planes, channel, from * widthPx, to * widthPx),
          widthPx,
        }));
        return [visit(channel, weights, cut)];
      }),
    );
    planes = halve(planes, size);
    size = { widthPx: ceil(size.widthPx / 2), heightPx: ceil(size.heightPx / 2) };
  }
  return levels;
}

export function prepareReference(pixels: RgbPixels): Reference {
  const { widthPx, heightPx } = pixels;
  const levels = eachChannel(pixels, (channel, weights, bands) => ({
    channel,
    weights,
    bands: bands.map(({ plane, widthPx: width }) => {
      const height = plane.length / width;
      return {
        widthPx: width,
        plane,
        mean: blur(plane, width, height),
        square: blur(multiply(plane, plane), width, height),
      };
    }),
  }));
  return { levels: levels.map((channels) => ({ channels })), widthPx, heightPx };
}

type Sums = [number, number, number, number, number, number];

/** Adds a band's structure, artefacts and lost detail, and their fourth powers. */
function addBand(sums: Sums, band: Band, other: Float32Array): void {
  const { widthPx, plane, mean, square } = band;
  const heightPx = plane.length / widthPx;
  const otherMean = blur(other, widthPx, heightPx);
  const otherSquare = blur(multiply(other, other), widthPx, heightPx);
  const product = blur(multiply(plane, other), widthPx, heightPx);
  for (let i = 0; i < plane.length; i += 1) {
    const [mu1, mu2] = [mean[i]!, otherMean[i]!];
    const numerator = (1 - (mu1 - mu2) ** 2) * (2 * (product[i]! - mu1 * mu2) + C2);
    const structure = max(0, 1 - numerator / (square[i]! - mu1 * mu1 + (otherSquare[i]! - mu2 * mu2) + C2));
    sums[0] += structure;
    sums[1] += structure ** 4;
    const edge = (1 + abs(other[i]! - mu2)) / (1 + abs(plane[i]! - mu1)) - 1;
    if (edge > 0) {
      sums[2] += edge;
      sums[3] += edge ** 4;
    } else {
      sums[4] -= edge;
      sums[5] += edge ** 4;
    }
  }
}

function weigh(weights: Weights, sums: Sums, pixels: number): number {
  return weights.reduce((total, [mean, high], map) => {
    const high4 = sqrt(sqrt((sums[map * 2 + 1] ?? 0) / pixels));
    return total + (mean * (sums[map * 2] ?? 0)) / pixels + high * high4;
  }, 0);
}

/** The score of a picture of the same size; see the top of the file. */
export function scoreSimilarity(reference: Reference, pixels: RgbPixels): number {
  let difference = 0;
  const counted = reference.levels.flatMap(({ channels }) => channels);
  let next = 0;
  eachChannel(pixels, (_, weights, bands) => {
    const sums: Sums = [0, 0, 0, 0, 0, 0];
    let count = 0;
    const channel = counted[next];
    next += 1;
    bands.forEach(({ plane }, index) => {
      const band = channel?.bands[index];
      if (band === undefined) throw new Error('pictures of different sizes can not be compared');
      addBand(sums, band, plane);
      count += plane.length;
    });
    difference += weigh(weights, sums, count);
  });
  const raw = difference * 0.9562382616834844;
  const bent = 6.248496625763138e-5 * raw ** 3 - 0.020884521182843837 * raw ** 2 + 2.326765642916932 * raw;
  return bent > 0 ? 100 - 10 * bent ** 0.6276336467831387 : 100;
}
