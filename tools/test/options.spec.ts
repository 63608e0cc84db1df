import { describe, expect, it } from '@jest/globals';
import { TEST_PARTS, parseTestOptions } from './options.ts';

describe('the arguments of npm test', () => {
  it('stand for everything where there are none', () => {
    expect(parseTestOptions([])).toEqual({ parts: TEST_PARTS, pattern: undefined, isHelp: false });
  });

  it('name parts, which run in their own order, and a pattern', () => {
    expect(parseTestOptions(['browser', 'check', '--pattern', 'outbox'])).toEqual({
      parts: ['check', 'browser'],
      pattern: 'outbox',
      isHelp: false,
    });
  });

  it.each([['nothing-like-this'], ['--no-such-flag']])('are refused with a sentence: %s', (argument) => {
    expect(() => parseTestOptions([argument])).toThrow(/See npm test -- --help/);
  });
});
