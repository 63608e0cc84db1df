import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import type { GardenFailure, GardenFailureCode } from '@hortus/contracts/artifact';
import type { VariantBatch } from '@hortus/contracts/internal-api';
import { variantKey } from '@hortus/contracts/object-key';
import { openTestGarden, type Picture, type TestGarden } from '../test-garden.ts';
import {
  animation,
  avifOf,
  damagedAnimation,
  deepTiff,
  grain,
  hugePng,
  manyScans,
  quarters,
  withBrokenExif,
  withBrokenProfile,
} from './test-pictures.ts';

let garden: TestGarden;
jest.setTimeout(120_000);

beforeAll(async () => {
  garden = await openTestGarden(process.env['HORTUS_TEST_TEMPORAL_ADDRESS'] ?? '');
  await garden.startWorkers();
}, 120_000);

afterAll(() => garden.close(), 120_000);

const QUICK = { widthsPx: [160], formats: ['webp'] } as const;

async function failureOf(picture: Picture): Promise<GardenFailure | null | undefined> {
  await picture.run.result();
  return garden.recorded<{ failure: GardenFailure | null }>(picture, 'outcome')[0]?.failure;
}

/** How often steps of the run were begun, by their attempts. */
async function attemptsOf(picture: Picture): Promise<(number | null | undefined)[]> {
  const { events } = await picture.run.fetchHistory();
  return (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) =>
    started ? [started.attempt] : [],
  );
}

const jpeg = () => grain(300, 200).jpeg().toBuffer();
const svg = (inside: string, attributes = '') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60" ${attributes}>${inside}</svg>`);

/** Small enough to be told apart from what it claims to be: none of these takes more than some megabytes to refuse. */
const BAD: readonly (readonly [what: string, code: GardenFailureCode, make: () => Promise<Buffer> | Buffer])[] = [
  ['a cut off JPEG', 'PICTURE_TRUNCATED', async () => (await jpeg()).subarray(0, 4000)],
  ['nothing at all', 'NOT_A_PICTURE', () => Buffer.alloc(0)],
  ['a text with the name of a picture', 'NOT_A_PICTURE', () => Buffer.from('JFIF, or so it says')],
  ['a wrong magic number', 'NOT_A_PICTURE', async () => Buffer.concat([Buffer.from('\x89PNF\r\n'), await jpeg()])],
  ['16,384 × 16,384 pixels in a few kilobytes', 'PICTURE_TOO_LARGE', () => hugePng(16_384, 16_384)],
  ['a strip of 1 × 100,000 pixels', 'PICTURE_TOO_LARGE', () => hugePng(1, 100_000)],
  ['an AVIF of 1 kB that claims 17,000 × 17,000', 'PICTURE_TOO_LARGE', () => avifOf(17_000, 17_000)],
  ['a GIF of 10,000 frames', 'PICTURE_TOO_LARGE', () => animation('gif', 10_000, 1)],
  ['an animated WebP with a broken frame', 'PICTURE_UNREADABLE', damagedAnimation],
  ['a TIFF of 12 channels of 16 bits', 'PICTURE_UNREADABLE', () => deepTiff(32, 12)],
  ['a JPEG of 5,000 passes', 'PICTURE_TOO_SLOW', () => manyScans(5000)],
  [
    'an SVG with entities in entities',
    'PICTURE_UNREADABLE',
    () =>
      Buffer.concat([Buffer.from('<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'), svg('<text>&b;</text>')]),
  ],
  ['an SVG that nests without end', 'PICTURE_TOO_LARGE', () => svg('<g>'.repeat(5000))],
  ['an SVG that is no XML', 'PICTURE_UNREADABLE', () => svg('<g <<')],
];

describe('a picture that can not be made into variants', () => {
  it.each(BAD)('fails once, with a reason and a remedy, and is not tried again: %s', async (_, code, make) => {
    const picture = await garden.plant(await make(), QUICK);
    const failure = await failureOf(picture);
    expect(failure?.code).toBe(code);
    expect(failure?.detail).toMatch(/upload|Simplify|export/i);
    expect(await attemptsOf(picture)).toEqual([1, 1]); // The look, and the record of its failure.
    expect(garden.recorded<VariantBatch>(picture, 'variants')).toEqual([]);
  });

  it('leaves the worker as it was: the next picture is ready', async () => {
    const pictures = await Promise.all(BAD.map(async ([, , make]) => garden.plant(await make(), QUICK)));
    await Promise.all(pictures.map(({ run }) => run.result()));
    expect(await failureOf(await garden.plant(await jpeg(), QUICK))).toBeNull();
  });
});

describe('a picture with something wrong that does not show', () => {
  it.each([
    ['a damaged profile of colours', async () => withBrokenProfile(await jpeg())],
    ['damaged EXIF', async () => withBrokenExif(await jpeg())],
    ['bytes behind its end', async () => Buffer.concat([await jpeg(), Buffer.from('<script>alert(1)</script>')])],
  ])('is made into variants: %s', async (_, make) => {
    expect(await failureOf(await garden.plant(await make(), QUICK))).toBeNull();
  });
});

const SCRIPT = "fetch('http://127.0.0.1:9/')";

describe('an SVG', () => {
  it('is drawn to pixels: no script, handler or address of it is in what is delivered', async () => {
    const hostile = svg(
      `<script>${SCRIPT}</script><script href="http://127.0.0.1:9/x.js"/><style>@import "http://127.0.0.1:9/x.css";</style>
       <rect width="80" height="60" fill="#20a040" onclick="${SCRIPT}" onmouseover="${SCRIPT}"/>
       <a href="javascript:${SCRIPT}"><circle r="3"/></a>
       <animate attributeName="href" to="javascript:${SCRIPT}"/><set attributeName="onload" to="${SCRIPT}"/>
       <foreignObject width="80" height="60"><body xmlns="http://www.w3.org/1999/xhtml" onload="${SCRIPT}">
         <iframe src="javascript:${SCRIPT}"/><img src="x" onerror="${SCRIPT}"/></body></foreignObject>
       <image href="data:image/svg+xml,&lt;svg onload='${SCRIPT}'/&gt;" width="9" height="9"/>
       <image href="http://127.0.0.1:9/x.png" width="9" height="9"/><use href="http://127.0.0.1:9/x.svg#a"/>`,
      `onload="${SCRIPT}"`,
    );
    const picture = await garden.plant(hostile, { ...QUICK, formats: ['webp', 'fallback'] });
    expect(await failureOf(picture)).toBeNull();
    const variants = garden.recorded<VariantBatch>(picture, 'variants').flatMap((batch) => batch.variants);
    expect(variants.map(({ format, widthPx }) => `${format} ${String(widthPx)}`)).toEqual(['webp 80', 'png 80']);
    for (const variant of variants) {
      const path = garden.objects.localPath(variantKey(garden.workspaceId, variant));
      const { data } = await sharp(path)
        .extract({ left: 40, top: 50, width: 1, height: 1 })
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(Math.abs((data[1] ?? 0) - 0xa0)).toBeLessThan(12);
      const bytes = await sharp(path).toBuffer();
      expect(bytes.includes('fetch') || bytes.includes('javascript')).toBe(false);
    }
  });

  it('opens no file of the machine, neither by its name nor beside itself', async () => {
    const secret = await quarters(40, 30).png().toBuffer();
    await garden.objects.put(`${garden.workspaceId}/originals/secret.png`, secret);
    const path = garden.objects.localPath(`${garden.workspaceId}/originals/secret.png`);
    const images = [`file://${path}`, path, 'secret.png', './secret.png', '/etc/hostname'].map(
      (href) => `<image href="${href}" width="80" height="60"/>`,
    );
    const picture = await garden.plant(svg(`<rect width="80" height="60" fill="#fff"/>${images.join('')}`), QUICK);
    expect(await failureOf(picture)).toBeNull();
    const [variant] = garden.recorded<VariantBatch>(picture, 'variants').flatMap((batch) => batch.variants);
    if (variant === undefined) throw new Error('no variant');
    const { channels } = await sharp(garden.objects.localPath(variantKey(garden.workspaceId, variant))).stats();
    expect(Math.min(...channels.slice(0, 3).map(({ min }) => min))).toBeGreaterThan(250);
  });
});
