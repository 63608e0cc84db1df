import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { decodeAt } from './encode.ts';
import { dominantColor, lookAtPicture, makePlaceholder } from './inspect.ts';
import { prepareDecoder } from './picture-source.ts';
import { animation, hugePng, quarters, sourceOf } from './test-pictures.ts';

let folder: string;

beforeAll(async () => {
  prepareDecoder();
  folder = await mkdtemp(join(tmpdir(), 'hortus-inspect-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('lookAtPicture', () => {
  it('tells width and height as they are when the picture stands upright', async () => {
    for (const orientation of [1, 2, 3, 4]) {
      const jpeg = await quarters(80, 60).jpeg().withMetadata({ orientation }).toBuffer();
      const look = await lookAtPicture(await sourceOf(folder, 'lying.jpg', jpeg));
      expect(look).toMatchObject({ facts: { widthPx: 80, heightPx: 60, frames: 1, kind: 'jpeg' } });
    }
    for (const orientation of [5, 6, 7, 8]) {
      const jpeg = await quarters(80, 60).jpeg().withMetadata({ orientation }).toBuffer();
      const look = await lookAtPicture(await sourceOf(folder, 'standing.jpg', jpeg));
      expect(look).toMatchObject({ facts: { widthPx: 60, heightPx: 80, frames: 1 } });
    }
  });

  it('counts the frames of an animation, and takes the height of one', async () => {
    const look = await lookAtPicture(await sourceOf(folder, 'moving.gif', await animation('gif', 7, 48)));
    expect(look).toMatchObject({ facts: { widthPx: 48, heightPx: 48, frames: 7, kind: 'gif' } });
  });

  it('names the size and the limit of a picture that is too large', async () => {
    const look = await lookAtPicture(await sourceOf(folder, 'bomb.png', hugePng(20_000, 20_000)));
    expect(look).toMatchObject({ failure: { code: 'PICTURE_TOO_LARGE' } });
    expect(JSON.stringify(look)).toContain('20000 × 20000 pixels; at most 100,000,000 pixels');
  });

  it('refuses more frames than a film has scenes', async () => {
    const look = await lookAtPicture(await sourceOf(folder, 'film.gif', await animation('gif', 1001, 4)));
    expect(look).toMatchObject({ failure: { code: 'PICTURE_TOO_LARGE' } });
  });
});

describe('the placeholder', () => {
  it('has the proportions and the colour of the picture', async () => {
    const red = sharp({ create: { width: 900, height: 300, channels: 3, background: '#c83232' } });
    const source = await sourceOf(folder, 'red.png', await red.png().toBuffer());
    const { thumbhash, dominantColor: color } = await makePlaceholder(await decodeAt(source, 320));
    expect(color).toBe('#c83232');
    const hash = Buffer.from(thumbhash, 'base64');
    expect(hash.length).toBeLessThan(30);
    expect(thumbHashToApproximateAspectRatio(hash)).toBeGreaterThan(2);
    expect(Math.abs(thumbHashToAverageRGBA(hash).r - 200 / 255)).toBeLessThan(0.05);
  });

  it('is made of a grey picture with alpha, and of a single pixel', async () => {
    const grey = sharp({ create: { width: 50, height: 50, channels: 4, background: '#80808080' } });
    for (const bytes of [await grey.toColourspace('b-w').png().toBuffer(), hugePng(1, 1)]) {
      const source = await sourceOf(folder, 'small.png', bytes);
      const placeholder = await makePlaceholder(await decodeAt(source, 1));
      expect(placeholder.dominantColor).toMatch(/^#[0-9a-f]{6}$/);
    }
  });

  it('leaves out of the dominant colour what can not be seen', () => {
    const blackUnseen = [0, 0, 0, 0];
    expect(dominantColor(Uint8Array.from([...blackUnseen, ...blackUnseen, 10, 200, 30, 255]))).toBe('#0ac81e');
    expect(dominantColor(Uint8Array.from(blackUnseen))).toBe('#ffffff');
  });
});
