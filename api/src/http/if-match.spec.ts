import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import fc from 'fast-check';
import { etagOf, matches, readIfMatch } from './if-match.ts';

const requestWith = (header: string | undefined) => ({ headers: { 'if-match': header } }) as unknown as FastifyRequest;
const revision = fc.integer({ min: 1, max: 2 ** 31 });

describe('If-Match', () => {
  it('lets a writer through who saw the revision, among any others and with any blanks', () => {
    const blank = fc.constantFrom('', ' ', '\t', '  ');
    fc.assert(
      fc.property(revision, fc.array(revision, { maxLength: 10 }), fc.nat(10), blank, (current, others, at, space) => {
        const tags = others.map(etagOf);
        tags.splice(at, 0, etagOf(current));
        expect(matches(readIfMatch(requestWith(tags.join(`${space},${space}`))), current)).toBe(true);
        const without = others.filter((other) => other !== current).map(etagOf);
        if (without.length > 0) expect(matches(readIfMatch(requestWith(without.join(','))), current)).toBe(false);
      }),
    );
  });

  it('takes a weak tag as one that nothing has, and * for whatever there is', () => {
    fc.assert(
      fc.property(revision, (current) => {
        expect(matches(readIfMatch(requestWith(`W/${etagOf(current)}`)), current)).toBe(false);
        expect(matches(readIfMatch(requestWith('*')), current)).toBe(true);
      }),
    );
  });

  it('asks for the header', () => {
    expect(() => readIfMatch(requestWith(undefined))).toThrow(expect.objectContaining({ code: 'IF_MATCH_REQUIRED' }));
  });

  it('refuses what is no list of entity tags', () => {
    for (const header of [
      '',
      'r1',
      "'r1'",
      '"r1',
      '"r1" "r2"',
      'w/"r1"',
      '"a"b"',
      '"ü"',
      Array.from({ length: 51 }, () => '"a"').join(),
    ]) {
      expect(() => readIfMatch(requestWith(header))).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    }
  });
});
