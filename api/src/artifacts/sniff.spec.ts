import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { judgeOriginal } from './original-service.ts';
import { claimsPicture, sniff } from './sniff.ts';

const canvas = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#6a994e' } });
const text = Buffer.from('a text that is no picture');

describe('bytes', () => {
  it.each<[string, () => Promise<Buffer>]>([
    ['image/jpeg', () => canvas().jpeg().toBuffer()],
    ['image/png', () => canvas().png().toBuffer()],
    ['image/gif', () => canvas().gif().toBuffer()],
    ['image/webp', () => canvas().webp().toBuffer()],
    ['image/tiff', () => canvas().tiff().toBuffer()],
    ['image/avif', () => canvas().avif({ effort: 0 }).toBuffer()],
  ])('of %s are told from how they begin', async (contentType, draw) => {
    expect(sniff((await draw()).subarray(0, 64))).toEqual({ contentType, isPicture: true });
  });

  it.each<[string, Buffer]>([
    ['application/pdf', Buffer.from('%PDF-1.7\n')],
    ['application/zip', Buffer.from('PK\x03\x04....')],
    ['image/heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['video/mp4', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42')],
  ])('of %s are a file that the gardener leaves alone', (contentType, head) => {
    expect(sniff(head)).toEqual({ contentType, isPicture: false });
  });

  it('are told as nothing where they say nothing, and never throw', () => {
    expect(sniff(text)).toBeNull();
    expect(sniff(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">'))).toBeNull();
    expect(sniff(Buffer.from('<!doctype html><script>'))).toBeNull();
    expect(sniff(Buffer.from('RIFF\0\0\0\0WAVE'))).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const found = sniff(Buffer.from(bytes));
        // A page of ours is never told as something that a browser would run.
        expect(found?.contentType ?? '').not.toMatch(/html|svg|xml|script/);
      }),
    );
  });
});

describe('what an uploader says', () => {
  it.each([
    ['image/jpeg', 'x'],
    ['IMAGE/JPEG; charset=binary', 'x'],
    [undefined, 'holiday.JPG'],
    ['text/plain', 'x.png'],
    ['application/octet-stream', 'x.tif'],
  ])('promises a picture by %s and %s', (type, name) => {
    expect(claimsPicture(type, name)).toBe(true);
  });

  it.each([
    ['image/svg+xml', 'x.svg'],
    ['text/plain', 'jpg'],
    [undefined, 'x.jpg.txt'],
    ['', ''],
  ])('promises none by %s and %s', (type, name) => {
    expect(claimsPicture(type, name)).toBe(false);
  });
});

describe('an original', () => {
  it('is a picture by its bytes, whatever is said of it', async () => {
    const head = await canvas().png().toBuffer();
    for (const [type, name] of [
      ['text/plain', 'x.txt'],
      [undefined, 'x'],
      ['image/jpeg', 'x.jpg'],
    ] as const) {
      expect(judgeOriginal(head, type, name)).toEqual({
        kind: 'picture',
        status: 'gardening',
        failure: null,
        contentType: 'image/png',
      });
    }
  });

  it('fails in a sentence where a picture was promised and the bytes are something else', () => {
    for (const head of [text, Buffer.from('%PDF-1.7'), Buffer.from('\0\0\0\x18ftypheic'), Buffer.alloc(1)]) {
      const { kind, status, failure } = judgeOriginal(head, 'image/jpeg', 'x');
      expect([kind, status, failure?.code]).toEqual(['file', 'failed', 'NOT_A_PICTURE']);
      expect(failure?.detail).toMatch(/^[A-Z].* something else\. Upload .*\.$/);
    }
  });

  it('is a file where none was promised', () => {
    expect(judgeOriginal(text, 'text/plain', 'x.txt')).toEqual({
      kind: 'file',
      status: 'ready',
      failure: null,
      contentType: 'application/octet-stream',
    });
  });
});
