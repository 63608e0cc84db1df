import type { NewArtifact } from '@hortus/contracts/artifact';
import type { Highlight } from '@hortus/contracts/artifact-api';
import type { SearchTerm } from './search-terms.ts';

const EXCERPT_CHARS = 160;
const BEFORE_MATCH_CHARS = 40;
const HIGHLIGHTS_MAX = 10;
const RANGES_MAX = 20;

/** Letters that have no decomposition, as the dictionary `unaccent` of the database writes them. */
const PLAIN: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l', ħ: 'h', ı: 'i' };
/** Scripts without spaces between words: each character is a word, as in the migration `0003_search.ts`. */
const WORD =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}]|(?:(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}])[\p{L}\p{N}\p{M}])+/gu;

interface Range {
  readonly start: number;
  readonly end: number;
}
interface Word extends Range {
  readonly folded: string;
}

/** Most texts have no accents to level, which takes longer than all else that is done with a page. */

const ASCII = /^[\0-\x7f]*$/;

/** Case and accents levelled, as the index of the database has a word. */
export function fold(word: string): string {
  if (ASCII.test(word)) return word.toLowerCase();
  const lower = word.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return lower.replaceAll(/[ßæœøđłħı]/gu, (letter) => PLAIN[letter] ?? letter);
}

function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
    folded: fold(word),
  }));
}

function isMatch(words: readonly Word[], at: number, wanted: readonly Word[], isPrefix: boolean): boolean {
  return wanted.every(({ folded }, offset) => {
    const word = words[at + offset]?.folded;
    if (isPrefix && offset === wanted.length - 1) return word?.startsWith(folded) ?? false;
    return word === folded;
  });
}

/** Where the terms stand in the text, in order and without overlaps. */
function findRanges(words: readonly Word[], terms: readonly { wanted: readonly Word[]; isPrefix: boolean }[]): Range[] {
  const ranges: { start: number; end: number }[] = [];
  for (const [index, { start }] of words.entries()) {
    for (const { wanted, isPrefix } of terms) {
      if (!isMatch(words, index, wanted, isPrefix)) continue;
      const end = words[index + wanted.length - 1]?.end ?? start;
      const last = ranges.at(-1);
      if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
      else ranges.push({ start, end });
    }
  }
  return ranges;
}

/** Cuts a long text down to the surroundings of its first match, between words. */
function excerpt(field: Highlight['field'], text: string, words: readonly Word[], ranges: readonly Range[]): Highlight {
  const first = ranges[0]?.start ?? 0;
  if (text.length <= EXCERPT_CHARS) return { field, text, ranges: ranges.slice(0, RANGES_MAX) };
  const from = first <= BEFORE_MATCH_CHARS ? 0 : (words.find(({ start }) => start >= first - BEFORE_MATCH_CHARS)?.start ?? first); // prettier-ignore
  const matchEnd = ranges[0]?.end ?? first;
  const to = words.findLast(({ end }) => end <= Math.max(from + EXCERPT_CHARS, matchEnd))?.end ?? text.length;
  const head = from === 0 ? '' : '…';
  const shift = head.length - from;
  return {
    field,
    text: `${head}${text.slice(from, to)}${to === text.length ? '' : '…'}`,
    ranges: ranges
      .filter(({ end }) => end <= to)
      .slice(0, RANGES_MAX)
      .map(({ start, end }) => ({ start: start + shift, end: end + shift })),
  };
}

/** Why an artifact was found: the texts of it that match, with the places. Plain text, whatever somebody wrote in it. */
export function findHighlights(artifact: Required<NewArtifact>, terms: readonly SearchTerm[]): Highlight[] {
  const asked = terms
    .filter(({ isExcluded }) => !isExcluded)
    .map(({ text, isPrefix }) => ({ wanted: wordsOf(text), isPrefix }))
    .filter(({ wanted }) => wanted.length > 0);
  const fields: [Highlight['field'], string][] = [
    ['name', artifact.name],
    ...artifact.tags.map((tag): [Highlight['field'], string] => ['tags', tag]),
    ['description', artifact.description],
    ...Object.entries(artifact.metadata).map(([key, value]): [Highlight['field'], string] => [
      'metadata',
      `${key}: ${String(value)}`,
    ]),
  ];
  return fields
    .flatMap(([field, text]) => {
      // Most texts have none of the words, which is told far sooner than where theirs are.
      const whole = fold(text);
      if (!asked.some(({ wanted: [first] }) => first !== undefined && whole.includes(first.folded))) return [];
      const words = wordsOf(text);
      const ranges = findRanges(words, asked);
      return ranges.length === 0 ? [] : [excerpt(field, text, words, ranges)];
    })
    .slice(0, HIGHLIGHTS_MAX);
}
