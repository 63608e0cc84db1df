/** Pictures for the tests, made when they are needed: none of them is kept as a file. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { PictureSource } from './picture-source.ts';

/** Red, green, blue and yellow in its quarters, so that every turn and every mirroring shows. */
export function quarters(widthPx = 640, heightPx = 480): Sharp {
  const [halfX, halfY] = [Math.round(widthPx / 2), Math.round(heightPx / 2)];
  const patch = (background: string) => ({ create: { width: halfX, height: halfY, channels: 3 as const, background } });
  return sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: '#e8c020' } }).composite([
    { input: patch('#d02020'), left: 0, top: 0 },
    { input: patch('#20a040'), left: halfX, top: 0 },
    { input: patch('#2040c0'), left: 0, top: halfY },
  ]);
}

/**
 * Detail of every size, the same on every machine: as hard to encode as a photograph, at every width. Not to be mistaken for
 * noise, of which an encoder makes nothing small, AVIF least of all.
 */
export function grain(widthPx: number, heightPx: number): Sharp {
  const { floor, imul, max, min } = Math; // Held here, since jest's realm makes each look at a global slow.
  const pixels = Buffer.alloc(widthPx * heightPx * 3);
  const sizesPx = [128, 32, 8, 2];
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      let value = 128;
      for (const sizePx of sizesPx) {
        const cell = imul(floor(x / sizePx), 73_856_093) ^ imul(floor(y / sizePx), 19_349_663);
        const hash = imul(cell ^ (cell >>> 15), 0x2c1b3c6d);
        value += (((hash >>> 16) & 255) - 128) * (0.1 + sizePx / 320);
      }
      const offset = (y * widthPx + x) * 3;
      pixels[offset] = min(255, max(0, value));
      pixels[offset + 1] = min(255, max(0, value * 0.9 + 20));
      pixels[offset + 2] = min(255, max(0, value * 0.6));
    }
  }
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } }).blur(1);
}

/** A stack of frames of changing colour. */
export async function animation(format: 'gif' | 'webp', frames: number, sidePx = 64): Promise<Buffer> {
  const pixels = Buffer.alloc(sidePx * sidePx * frames * 3);
  for (let frame = 0; frame < frames; frame += 1) {
    pixels.fill((frame * 37) % 256, frame * sidePx * sidePx * 3, (frame + 1) * sidePx * sidePx * 3);
  }
  const picture = sharp(pixels, {
    raw: { width: sidePx, height: sidePx * frames, channels: 3, pageHeight: sidePx },
  });
  const options = { delay: Array.from({ length: frames }, () => 120), loop: 3 };
  return format === 'gif' ? picture.gif(options).toBuffer() : picture.webp(options).toBuffer();
}

/** An animated WebP whose first frame is whole and whose later ones are damaged. */
export async function damagedAnimation(): Promise<Buffer> {
  const frames = [0.6, 0.7, 0.8, 0.9, 1, 1.1].map((brightness) =>
    grain(200, 150).modulate({ brightness }).png().toBuffer(),
  );
  const bytes = await sharp(await Promise.all(frames), { join: { animated: true } })
    .webp({ quality: 90 })
    .toBuffer();
  const middle = Math.floor(bytes.length / 2);
  return bytes.fill(0xff, middle, middle + 400);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([frame, body, sum]);
}

/** A grey PNG of any size in a few bytes for each row: what a decompression bomb is. */
export function hugePng(widthPx: number, heightPx: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(widthPx, 0);
  head.writeUInt32BE(heightPx, 4);
  head.set([1, 0, 0, 0, 0], 8); // One bit, grey.
  const rows = deflateSync(Buffer.alloc((Math.ceil(widthPx / 8) + 1) * heightPx), { level: 9 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG with a comment segment right behind its beginning. */
export function withComment(jpeg: Uint8Array, text: string): Buffer {
  return withSegment(jpeg, 0xfe, Buffer.from(text));
}

export async function sourceOf(folder: string, name: string, bytes: Uint8Array): Promise<PictureSource> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { path, maxPixels: 100_000_000 };
}

/** A JPEG whose last scan is written so many times over: small, and each is a pass over all of its pixels. */
export async function manyScans(count: number): Promise<Buffer> {
  const jpeg = await grain(64, 48).jpeg({ progressive: true }).toBuffer();
  const last = jpeg.lastIndexOf('ffda', undefined, 'hex');
  const scan = jpeg.subarray(last, jpeg.length - 2);
  return Buffer.concat([jpeg.subarray(0, last), ...Array.from({ length: count }, () => scan), jpeg.subarray(-2)]);
}

/** A TIFF that says it has so many channels of 16 bits, without compression. */
export function deepTiff(sidePx: number, channels: number): Buffer {
  const pixels = Buffer.alloc(sidePx * sidePx * channels * 2, 0x40);
  const bitsAt = 8 + pixels.length;
  const bits = Buffer.alloc(channels * 2);
  for (let index = 0; index < channels; index += 1) bits.writeUInt16LE(16, index * 2);
  const extraAt = bitsAt + bits.length;
  const extra = Buffer.alloc((channels - 3) * 2);
  const directoryAt = extraAt + extra.length;
  const [SHORT, LONG] = [3, 4];
  const entries: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, LONG, 1, sidePx],
    [257, LONG, 1, sidePx],
    [258, SHORT, channels, bitsAt],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, 2],
    [273, LONG, 1, 8],
    [277, SHORT, 1, channels],
    [278, LONG, 1, sidePx],
    [279, LONG, 1, pixels.length],
    [284, SHORT, 1, 1],
    [338, SHORT, channels - 3, extraAt],
  ];
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, type, count, value], index) => {
    const at = 2 + index * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(count, at + 4);
    directory.writeUInt32LE(value, at + 8);
  });
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
  head.writeUInt32LE(directoryAt, 4);
  return Buffer.concat([head, pixels, bits, extra, directory]);
}

/** A small AVIF whose boxes claim other sizes: what is decoded is never as large as what is said. */
export async function avifOf(widthPx: number, heightPx: number): Promise<Buffer> {
  const avif = await quarters(64, 64).removeAlpha().avif({ effort: 0 }).toBuffer();
  const at = avif.indexOf('ispe', 0, 'latin1');
  avif.writeUInt32BE(widthPx, at + 8);
  avif.writeUInt32BE(heightPx, at + 12);
  return avif;
}

/** A JPEG with one more segment right behind its beginning. */
function withSegment(jpeg: Uint8Array, marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** A profile of colours that is none. */
export function withBrokenProfile(jpeg: Uint8Array): Buffer {
  return withSegment(
    jpeg,
    0xe2,
    Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), Buffer.alloc(400, 0x41)]),
  );
}

/** EXIF whose directory lies behind its end, with a count of entries that nobody has. */
export function withBrokenExif(jpeg: Uint8Array): Buffer {
  return withSegment(jpeg, 0xe1, Buffer.from('Exif\0\0II*\0\xff\xff\xff\x7f\xff\xff', 'latin1'));
}
