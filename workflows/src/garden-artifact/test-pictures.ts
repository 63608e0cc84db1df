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
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe]), length, Buffer.from(text), jpeg.subarray(2)]);
}

export async function sourceOf(folder: string, name: string, bytes: Uint8Array): Promise<PictureSource> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { path, maxPixels: 100_000_000 };
}
