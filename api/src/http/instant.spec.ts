import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toInstant } from './instant.ts';

describe('a moment of a request', () => {
  it.each([
    ['2026-11-24T15:00:00Z', '2026-11-24T15:00:00Z'],
    ['2026-11-24T15:00:00.123456Z', '2026-11-24T15:00:00.123456Z'],
    ['2026-11-24T15:00:00.123456789Z', '2026-11-24T15:00:00.123456Z'],
    ['2026-11-24t15:00:00z', '2026-11-24T15:00:00Z'],
    ['2000-03-25T15:55:21+23:03', '2000-03-24T16:52:21Z'],
    ['2000-01-01T00:00:00.5-23:59', '2000-01-01T23:59:00.5Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['0001-01-01T00:00:00+01:00', '0001-01-01T00:00:00Z'],
  ])('%s is %s', (given, instant) => {
    expect(toInstant(given)).toBe(instant);
  });

  it('stays the same moment at whatever offset it is written', () => {
    const dates = fc.date({ noInvalidDate: true, min: new Date('0001-01-03'), max: new Date('9998-12-31') });
    fc.assert(
      fc.property(dates, fc.integer({ min: -1439, max: 1439 }), (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const two = (value: number) => String(value).padStart(2, '0');
        const size = Math.abs(minutes);
        const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        expect(new Date(toInstant(`${local}${offset}`))).toEqual(date);
      }),
    );
  });
});
