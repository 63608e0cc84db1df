import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judgeSvg, isSvg, screenPicture, SVG_MAX_BYTES, SVG_MAX_DEPTH } from './screen.ts';
import { manyScans, quarters, sourceOf } from './test-pictures.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hortus-screen-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function screen(bytes: Uint8Array): Promise<string> {
  const screened = await screenPicture(await sourceOf(folder, 'screened', bytes));
  return 'failure' in screened ? screened.failure.code : screened.source.svg === undefined ? 'fine' : 'svg';
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">';

describe('screenPicture', () => {
  it('lets pass what is left to the decoders to judge', async () => {
    expect(await screen(await quarters(40, 30).jpeg({ progressive: true }).toBuffer())).toBe('fine');
    expect(await screen(Buffer.from('a text with ff da in it'))).toBe('fine');
  });

  it('refuses nothing at all, and a JPEG of so many passes that it takes minutes', async () => {
    expect(await screen(Buffer.alloc(0))).toBe('NOT_A_PICTURE');
    expect(await screen(await manyScans(90))).toBe('fine');
    expect(await screen(await manyScans(5000))).toBe('PICTURE_TOO_SLOW');
  });

  it('reads an SVG into memory, and refuses one that is too large, too deep or declares entities', async () => {
    expect(await screen(Buffer.from(`\ufeff <?xml version="1.0"?><!-- x --> ${SVG}</svg>`))).toBe('svg');
    expect(await screen(Buffer.from(SVG + ' '.repeat(SVG_MAX_BYTES)))).toBe('PICTURE_TOO_LARGE');
    const deep = '<g>'.repeat(SVG_MAX_DEPTH) + '</g>'.repeat(SVG_MAX_DEPTH);
    expect(await screen(Buffer.from(`${SVG}${deep}</svg>`))).toBe('PICTURE_TOO_LARGE');
    const laughs = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>';
    expect(await screen(Buffer.from(`${laughs}${SVG}<text>&b;</text></svg>`))).toBe('PICTURE_UNREADABLE');
  });
});

describe('an SVG', () => {
  it('is told by its first element, and HTML with one in it counts as one to be screened', () => {
    expect(isSvg(Buffer.from('<svg/>'))).toBe(true);
    expect(isSvg(Buffer.from('see <svg/>'))).toBe(false);
    expect(isSvg(Buffer.from('{"svg": 1}'))).toBe(false);
  });

  it('may nest as deep as drawings do, with comments that look like tags', () => {
    expect(judgeSvg(`${SVG}<!--${'<g>'.repeat(500)}--><g><path d="M0 0"/></g></svg>`)).toBeNull();
  });
});
