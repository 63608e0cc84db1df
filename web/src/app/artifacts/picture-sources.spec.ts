import { describe, expect, it } from '@jest/globals';
import type { Manifest, Variant } from '@hortus/contracts/artifact';
import { pictureSources, sameSources, shownVariant } from './picture-sources.ts';

function variant(format: Variant['format'], widthPx: number, signature = 's'): Variant {
  const url = `/assets/w/${format}${String(widthPx)}-${String(widthPx)}.${format}?expires=9999&signature=${signature}`;
  return { format, widthPx, heightPx: widthPx / 2, sizeBytes: widthPx * 10, quality: 80, score: 70, url };
}

function manifest(variants: Variant[]): Manifest {
  return {
    artifactId: 'a',
    version: 1,
    status: 'gardening',
    failure: null,
    widthPx: 1000,
    heightPx: 500,
    originalSizeBytes: 100_000,
    placeholder: null,
    variants,
    srcsets: {},
    dropped: [],
    expected: 4,
    runUrl: null,
  };
}

const files = (srcset: string | undefined): string[] =>
  (srcset ?? '').split(', ').map((candidate) => candidate.replace(/^\/assets\/w\/(\w+)-.* (\d+w)$/, '$1 $2'));

describe('pictureSources', () => {
  it('is nothing while there is no variant', () => {
    expect(pictureSources(manifest([]))).toBeNull();
  });

  it('offers WebP alone while there is no AVIF', () => {
    const picture = pictureSources(manifest([variant('webp', 640), variant('webp', 320)]));
    expect(picture?.sources.map(({ type }) => type)).toEqual(['image/webp']);
    expect(files(picture?.sources[0]?.srcset)).toEqual(['webp320 320w', 'webp640 640w']);
    expect(picture?.src).toContain('webp640');
  });

  it('never makes a picture smaller because AVIF has come so far only at a small width', () => {
    const picture = pictureSources(manifest([variant('webp', 320), variant('webp', 640), variant('avif', 320)]));
    expect(picture?.sources.map(({ type }) => type)).toEqual(['image/avif', 'image/webp']);
    expect(files(picture?.sources[0]?.srcset)).toEqual(['avif320 320w', 'webp640 640w']);
    expect(files(picture?.sources[1]?.srcset)).toEqual(['webp320 320w', 'webp640 640w']);
  });

  it('gives a browser that knows neither the JPEG, once there is one', () => {
    const picture = pictureSources(manifest([variant('webp', 320), variant('jpeg', 320)]));
    expect(picture?.sources.map(({ type }) => type)).toEqual(['image/webp']);
    expect(picture?.src).toContain('jpeg320');
  });

  it('shows AVIF alone where no WebP is left', () => {
    const picture = pictureSources(manifest([variant('avif', 320)]));
    expect(picture?.sources.map(({ type }) => type)).toEqual(['image/avif']);
    expect(picture?.src).toContain('avif320');
  });
});

describe('sameSources', () => {
  it('tells whether anything has to be loaded anew', () => {
    const before = pictureSources(manifest([variant('webp', 320)]));
    expect(sameSources(before, pictureSources(manifest([variant('webp', 320)])))).toBe(true);
    expect(sameSources(before, pictureSources(manifest([variant('webp', 320), variant('webp', 640)])))).toBe(false);
    expect(sameSources(null, before)).toBe(false);
  });
});

describe('shownVariant', () => {
  it('finds the variant by its absolute address, whatever its signature', () => {
    const variants = [variant('webp', 320), variant('avif', 320)];
    expect(shownVariant(variants, `http://localhost:8080${variant('avif', 320, 'other').url}`)?.format).toBe('avif');
    expect(shownVariant(variants, '')).toBeNull();
  });
});
