import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { classifyPictureError } from './classify.ts';
import { isCutOff } from './cut-off.ts';
import { decodeAt } from './encode.ts';
import { lookAtPicture } from './inspect.ts';
import { prepareDecoder } from './picture-source.ts';
import { animation, grain, hugePng, quarters, sourceOf } from './test-pictures.ts';

jest.setTimeout(60_000);

let folder: string;

beforeAll(async () => {
  prepareDecoder();
  folder = await mkdtemp(join(tmpdir(), 'hortus-classify-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** What the gardener would say of the bytes. */
async function judge(bytes: Uint8Array, maxPixels = 100_000_000): Promise<string | null> {
  const source = { ...(await sourceOf(folder, 'judged', bytes)), maxPixels };
  try {
    const look = await lookAtPicture(source);
    if ('failure' in look) return look.failure.code;
    await decodeAt(source, Math.min(320, look.facts.widthPx));
    return 'fine';
  } catch (error) {
    const failure = await classifyPictureError(error, () => readFile(source.path));
    if (failure !== null) expect(failure.detail).toMatch(/Upload|upload/);
    return failure?.code ?? null;
  }
}

const pictures = {
  jpeg: () => grain(200, 150).jpeg().toBuffer(),
  'progressive jpeg': () => grain(200, 150).jpeg({ progressive: true }).toBuffer(),
  png: () => grain(200, 150).png().toBuffer(),
  'interlaced png': () => grain(200, 150).png({ progressive: true }).toBuffer(),
  webp: () => grain(200, 150).webp().toBuffer(),
  'animated webp': () => animation('webp', 8),
  avif: () => grain(200, 150).avif({ effort: 0 }).toBuffer(),
  tiff: () => grain(200, 150).tiff().toBuffer(),
};

describe('a picture', () => {
  it.each(Object.entries(pictures))('is fine when it is whole: %s', async (_name, make) => {
    const bytes = await make();
    expect(await judge(bytes)).toBe('fine');
    expect(isCutOff(bytes)).toBe(false);
  });

  it.each(Object.entries(pictures))('is fine with bytes after its end: %s', async (_name, make) => {
    const bytes = Buffer.concat([await make(), Buffer.from('\0\0\0 and more')]);
    expect(await judge(bytes)).toBe('fine');
    expect(isCutOff(bytes)).toBe(false);
  });

  it.each(Object.entries(pictures))('is cut off when it ends at 60 % of its bytes: %s', async (_name, make) => {
    const bytes = await make();
    expect(await judge(bytes.subarray(0, Math.floor(bytes.length * 0.6)))).toBe('PICTURE_TRUNCATED');
  });

  it.each(Object.entries(pictures))('is cut off when it ends at 60 bytes: %s', async (_name, make) => {
    expect(await judge((await make()).subarray(0, 60))).toBe('PICTURE_TRUNCATED');
  });

  it('is no picture when it is text, nothing, PDF, or SVG that nobody has screened', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
    for (const text of ['Dear reader,\n', '', svg, '%PDF-1.7\n', 'RIFF\0\0\0\0WAVEfmt ']) {
      expect(await judge(Buffer.from(text))).toBe('NOT_A_PICTURE');
    }
  });

  it('can not be read when its middle is damaged', async () => {
    for (const make of [pictures.png, pictures['interlaced png']]) {
      const bytes = await make();
      const middle = Math.floor(bytes.length / 2);
      bytes.fill(0x55, middle, middle + 500);
      expect(await judge(bytes)).toBe('PICTURE_UNREADABLE');
    }
  });

  it('is too large by its pixels, before one is decoded', async () => {
    const bomb = hugePng(20_000, 20_000);
    expect(bomb.length).toBeLessThan(100_000);
    expect(await judge(bomb)).toBe('PICTURE_TOO_LARGE');
    expect(await judge(await quarters(100, 100).png().toBuffer(), 9999)).toBe('PICTURE_TOO_LARGE');
    expect(await judge(await quarters(100, 100).png().toBuffer(), 10_000)).toBe('fine');
  });

  it('is too large by the pixels of all of its frames together', async () => {
    const moving = await animation('gif', 10, 64);
    expect(await judge(moving, 64 * 64 * 10)).toBe('fine');
    expect(await judge(moving, 64 * 64 * 10 - 1)).toBe('PICTURE_TOO_LARGE');
  });

  it('is not at fault when the file is gone or memory is short', async () => {
    const readBytes = () => Promise.reject(new Error('not to be read'));
    for (const message of ['Input file is missing: /nowhere', 'out of memory -- size == 4MB', 'unable to open']) {
      expect(await classifyPictureError(new Error(message), readBytes)).toBeNull();
    }
  });
});
