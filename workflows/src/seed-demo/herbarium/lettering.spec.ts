import { describe, expect, it } from '@jest/globals';
import { canWrite, measureText, writeText } from './lettering.ts';
import { createRandom } from './random.ts';

const STYLE = { hand: 'italic', capHeight: 20, colour: '#000000' } as const;

describe('lettering', () => {
  it('has a form for every letter, digit and sign that a label uses', () => {
    expect(canWrite("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,°'-()/:&×")).toBe(true);
  });

  it('says when it cannot write a character, and refuses to leave it out', () => {
    expect(canWrite('☂')).toBe(false);
    expect(() => writeText('☂', { x: 0, y: 0 }, STYLE, createRandom('pen'))).toThrow('no form');
  });

  it('measures longer text as wider', () => {
    expect(measureText('Salix alba', STYLE)).toBeGreaterThan(measureText('Salix', STYLE));
  });

  it('ends a line that is aligned to the end at its origin', () => {
    const path = writeText('lll', { x: 500, y: 100 }, { ...STYLE, hand: 'roman', align: 'end' }, createRandom('pen'));
    const starts = [...path.matchAll(/M(-?[\d.]+)/g)].map((match) => Number(match[1]));
    expect(starts.length).toBeGreaterThan(2);
    expect(Math.max(...starts)).toBeLessThan(500);
  });
});
