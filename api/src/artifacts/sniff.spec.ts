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
    ['application/gzip', Buffer.from([0x1f, 0x8b, 8, 0])],
    ['application/x-tar', Buffer.from(`${'\0'.repeat(257)}ustar\0`)],
    ['audio/wav', Buffer.from('RIFF\0\0\0\0WAVEfmt ')],
    ['audio/mpeg', Buffer.from('ID3\x04\0')],
    ['audio/mp4', Buffer.from('\0\0\0\x18ftypM4A \0\0\0\0M4A mp42')],
    ['video/quicktime', Buffer.from('\0\0\0\x14ftypqt  \0\0\0\0qt  ')],
    ['video/x-matroska', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 1, 0])],
    ['image/jxl', Buffer.from([0xff, 0x0a, 0, 0])],
    ['image/heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['video/mp4', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42')],
  ])('of %s are a file that the gardener leaves alone', (contentType, head) => {
    expect(sniff(head)).toEqual({ contentType, isPicture: false });
  });

  it('of SVG are a picture to be drawn, by a type that no browser runs', () => {
    const drawn = { contentType: 'application/octet-stream', isPicture: true };
    expect(sniff(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">'))).toEqual(drawn);
    const declared = '\ufeff<?xml version="1.0"?>\n<!-- a --><!DOCTYPE svg>\n<svg onload="alert(1)"/>';
    expect(sniff(Buffer.from(declared))).toEqual(drawn);
  });

  it('are told as nothing where they say nothing, and never throw', () => {
    expect(sniff(text)).toBeNull();
    expect(sniff(Buffer.from('<!doctype html><script>'))).toBeNull();
    expect(sniff(Buffer.from('<p>See <svg></svg></p>'))).toBeNull();
    expect(sniff(Buffer.from('<!-- <svg> -->'.repeat(20)))).toBeNull();
    expect(sniff(Buffer.from('#!/usr/bin/env node\n'))).toBeNull();
    expect(sniff(Buffer.from('RIFF\0\0\0\0NONE'))).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const found = sniff(Buffer.from(bytes));
        // A page of ours is never told as something that a browser would run.
        expect(found?.contentType ?? '').not.toMatch(/html|svg|xml|script/);
      }),
    );
  });
});

describe('bytes of two faces', () => {
  it.each<[string, Buffer, string]>([
    ['a GIF that is a script', Buffer.from('GIF89a/*....*/=1;alert(1)//'), 'image/gif'],
    ['a PDF that is a page', Buffer.from('%PDF-1.7\n<html><script>alert(1)</script>'), 'application/pdf'],
    ['a ZIP that is a page', Buffer.from('PK\x03\x04<html><script>alert(1)</script>'), 'application/zip'],
    ['a JPEG that is a script', Buffer.from('\xff\xd8\xff\xe0/*<script>*/alert(1)', 'latin1'), 'image/jpeg'],
  ])('are what they begin as, which no browser runs: %s', (_name, head, contentType) => {
    expect(sniff(head)?.contentType).toBe(contentType);
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
