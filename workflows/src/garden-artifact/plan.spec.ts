import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_PRESET } from '@hortus/contracts/gardener';
import { VARIANT_MAX_SIDE_PX, countVariants, heightAt, planVariants, type PictureFacts } from './plan.ts';

const FACTS: PictureFacts = {
  widthPx: 2725,
  heightPx: 2225,
  frames: 1,
  kind: 'jpeg',
  hasAlpha: false,
  isWide: false,
  copyright: null,
};

const plan = (facts: Partial<PictureFacts>, preset = {}) =>
  planVariants({ ...FACTS, ...facts }, { ...DEFAULT_PRESET, ...preset });
const widthsOf = (facts: Partial<PictureFacts>) => plan(facts).formats[0]?.widthsPx;

describe('planVariants', () => {
  it('gives a large picture every width in WebP and AVIF, WebP first, and a fallback at one width', () => {
    const widthsPx = [320, 640, 960, 1280, 1920, 2560];
    expect(plan({}).formats).toEqual([
      { format: 'webp', widthsPx },
      { format: 'jpeg', widthsPx: [1280] },
      { format: 'avif', widthsPx },
    ]);
    expect(countVariants(plan({}))).toBe(13);
  });

  it('adds the own width of a source that is narrower than the largest step, and nothing wider', () => {
    expect(widthsOf({ widthPx: 600 })).toEqual([320, 600]);
    expect(widthsOf({ widthPx: 2400 })).toEqual([320, 640, 960, 1280, 1920, 2400]);
    expect(widthsOf({ widthPx: 960, heightPx: 10 })).toEqual([320, 640, 960]);
    expect(widthsOf({ widthPx: 2560 })?.at(-1)).toBe(2560);
    expect(widthsOf({ widthPx: 9000 })?.at(-1)).toBe(2560);
  });

  it('leaves out a step that is nearly as wide as the source', () => {
    expect(widthsOf({ widthPx: 700 })).toEqual([320, 700]);
    expect(widthsOf({ widthPx: 1300 })).toEqual([320, 640, 960, 1300]);
  });

  it('gives a picture narrower than the smallest width its own width', () => {
    for (const widthPx of [1, 319, 320]) expect(widthsOf({ widthPx, heightPx: 900 })).toEqual([widthPx]);
  });

  it('falls back to the kind of the source, or to what holds the same', () => {
    const fallback = (facts: Partial<PictureFacts>) => plan(facts).formats[1]?.format;
    expect([fallback({ kind: 'jpeg' }), fallback({ kind: 'png' }), fallback({ kind: 'gif' })]).toEqual([
      'jpeg',
      'png',
      'gif',
    ]);
    for (const kind of ['webp', 'avif', 'tiff'] as const) {
      expect([fallback({ kind }), fallback({ kind, hasAlpha: true })]).toEqual(['jpeg', 'png']);
    }
    expect([fallback({ kind: 'svg' }), fallback({ kind: 'webp', frames: 4 })]).toEqual(['png', 'gif']);
  });

  it('keeps an animation in WebP and GIF, leaves AVIF out, and seeks no score', () => {
    expect(plan({ widthPx: 700, heightPx: 500, frames: 12, kind: 'gif' })).toMatchObject({
      formats: [
        { format: 'webp', widthsPx: [320, 700] },
        { format: 'gif', widthsPx: [700] },
      ],
      animated: true,
      targetScore: null,
    });
  });

  it('keeps wide colours and names where that is asked for and there are some', () => {
    const copyright = { artist: 'Anna' };
    expect(plan({ isWide: true, copyright })).toMatchObject({ colours: 'srgb', copyright: null });
    const asked = { keepsWideColours: true, keepsCopyright: true };
    expect(plan({ isWide: true, copyright }, asked)).toMatchObject({ colours: 'own', copyright });
    expect(plan({}, asked)).toMatchObject({ colours: 'srgb', copyright: null });
  });

  it('makes what a preset asks for', () => {
    const asked = { widthsPx: [800, 400], formats: ['avif'] as const, targetScore: 85 };
    expect(plan({}, asked)).toMatchObject({
      formats: [{ format: 'avif', widthsPx: [400, 800] }],
      targetScore: 85,
    });
  });

  it('leaves out a width that would be taller than a format allows, and shrinks a strip to what fits', () => {
    expect(widthsOf({ widthPx: 1300, heightPx: 40_000 })).toEqual([320]);
    expect(widthsOf({ widthPx: 100, heightPx: 60_000 })).toEqual([27]);
  });

  it('makes a plan that can be carried out for every picture', () => {
    const side = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(side, side, (widthPx, heightPx) => {
        const { formats } = plan({ widthPx, heightPx });
        for (const { widthsPx } of formats) {
          expect(widthsPx.length).toBeGreaterThan(0);
          expect([...new Set(widthsPx)].sort((a, b) => a - b)).toEqual(widthsPx);
          for (const one of widthsPx) {
            expect(one).toBeLessThanOrEqual(widthPx);
            if (one > 1) expect(heightAt(one, { widthPx, heightPx })).toBeLessThanOrEqual(VARIANT_MAX_SIDE_PX);
          }
        }
      }),
    );
  });
});
