import { describe, expect, it } from '@jest/globals';
import { colour, hex, layOver, mixColour, toBytes } from './colour.ts';

describe('colour', () => {
  it('writes black, white and grey', () => {
    expect(hex(colour(0, 0, 0))).toBe('#000000');
    expect(hex(colour(1, 0, 0))).toBe('#ffffff');
    const [red, green, blue] = toBytes(colour(0.5, 0, 0));
    expect(new Set([red, green, blue]).size).toBe(1);
  });

  it('keeps a colour that no screen shows inside the bytes', () => {
    for (const byte of toBytes(colour(0.7, 0.4, 140))) expect(byte >= 0 && byte <= 255).toBe(true);
  });

  it('mixes opposite colours to a grey and not to a rainbow', () => {
    expect(mixColour(colour(0.6, 0.1, 30), colour(0.6, 0.1, 210), 0.5).chroma).toBeLessThan(0.001);
  });

  it('hides the ground below an opaque colour', () => {
    expect(layOver(colour(0.5, 0, 0), 1, colour(1, 0, 0), 1)).toEqual({ fill: hex(colour(0.5, 0, 0)), opacity: 1 });
  });
});
