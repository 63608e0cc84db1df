import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findHighlights } from './highlights.ts';
import { countSlips, mendTerms, parseSearchTerms, writeSearchTerms } from './search-terms.ts';

const term = (text: string, more = {}) => ({ text, isExcluded: false, isPrefix: false, ...more });

describe('the terms of a query', () => {
  it.each([
    ['old  oak', [term('old'), term('oak', { isPrefix: true })]],
    ['"old oak" tr', [term('old oak'), term('tr', { isPrefix: true })]],
    ['-"dead wood" oak', [term('dead wood', { isExcluded: true }), term('oak', { isPrefix: true })]],
    ['"never closed', [term('never closed')]],
    ['   ', []],
  ])('of %j are words, phrases and exclusions; the last word may be just begun', (query, terms) => {
    expect(parseSearchTerms(query)).toEqual(terms);
  });
});

describe('a query that finds nothing', () => {
  it.each([
    ['garden', 'garden', 0],
    ['gadren', 'garden', 1],
    ['gardn', 'garden', 1],
    ['gaarden', 'garden', 1],
    ['gerdan', 'garden', 2],
    ['', 'oak', 3],
  ])('%s is so many slips from %s', (a, b, slips) => {
    expect([countSlips(a, b), countSlips(b, a)]).toEqual([slips, slips]);
  });

  const similar = [
    { said: 'gadren', word: 'gardens' },
    { said: 'gadren', word: 'garden' },
    { said: 'speccim', word: 'specimen' },
    { said: 'tree', word: 'three' },
  ];
  const mend = (query: string) => {
    const terms = mendTerms(parseSearchTerms(query), similar, (word) => word.toLowerCase());
    return terms === null ? null : writeSearchTerms(terms);
  };
  it.each([
    ['Gadren', 'garden'],
    ['old "the gadren, red" -gadren x', 'old "the garden, red" -gadren x'],
    ['gadren speccim', 'garden specimen'],
    ['"gadren speccim"', '"garden speccim"'],
    ['oak', null],
    ['-gadren', null],
  ])('%s is mended to %s', (query, mended) => {
    expect(mend(query)).toBe(mended);
  });

  it('is written so that reading it gives the same terms', () => {
    const word = fc.stringMatching(/^[a-zé花]{1,6}$/);
    const part = fc.oneof(
      word,
      word.map((text) => `-${text}`),
      fc.array(word).map((texts) => `"${texts.join(' ')}"`),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const terms = parseSearchTerms(parts.join(' '));
        expect(parseSearchTerms(writeSearchTerms(terms))).toEqual(terms);
      }),
    );
  });
});

describe('highlights', () => {
  const find = (query: string, said = {}) =>
    findHighlights({ name: '', description: '', tags: [], metadata: {}, ...said }, parseSearchTerms(query));
  const marked = (query: string, said = {}) =>
    find(query, said).map(({ field, text, ranges }) => [
      field,
      ...ranges.map(({ start, end }) => text.slice(start, end)),
    ]);

  it('mark words whatever their case and accents, phrases as a whole, and what was begun', () => {
    const said = { name: 'Résumé of an OLD oak and a Sycamore', tags: ['elm'], metadata: { oak: 'resume' } };
    expect(marked('resume "old oak" -elm sy', said)).toEqual([
      ['name', 'Résumé', 'OLD oak', 'Sycamore'],
      ['metadata', 'resume'],
    ]);
    expect(marked('海棠', { name: '春天的海棠花' })).toEqual([['name', '海棠']]);
  });

  it('cut long texts between words, around the first match, with ranges that still fit', () => {
    const [highlight] = find('oak', { description: `${'🌳 word '.repeat(300)}oak${' after 🌳'.repeat(300)}` });
    expect(highlight?.text).toMatch(/^…word.* oak after.*after…$/u);
    expect(highlight?.text.length).toBeLessThanOrEqual(162);
    expect(highlight?.ranges.map(({ start, end }) => highlight.text.slice(start, end))).toEqual(['oak']);
  });
});
