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

/** Detail everywhere, the same on every machine: encoders can't make it small. */
export function grain(widthPx: number, heightPx: number): Sharp {
  const pixels = Buffer.alloc(widthPx * heightPx * 3);
  let state = 1;
  for (let index = 0; index < pixels.length; index += 1) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    pixels[index] = ((state >> 16) & 63) + Math.round(128 + 60 * Math.sin(index / 5000));
  }
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } });
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
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe]), length, Buffer.from(text), jpeg.subarray(2)]);
}

export async function sourceOf(folder: string, name: string, bytes: Uint8Array): Promise<PictureSource> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { path, maxPixels: 100_000_000 };
}
