/** One thing that is asked for; the words of `text` must stand one behind the other. */
export interface SearchTerm {
  readonly text: string;
  /** `-word`: must not be there. */
  readonly isExcluded: boolean;
  /** The last word may have just been begun. */
  readonly isPrefix: boolean;
}

/**
 * `oak "old tree" -dead syc` asks for oak, the phrase, nothing dead, and what begins with syc. Whatever else is written is
 * text: there is no syntax to get wrong. A quote that is not closed reaches to the end.
 */
export function parseSearchTerms(query: string): SearchTerm[] {
  const found = [...query.matchAll(/(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))/gu)];
  return found.map(([, minus = '', phrase, word = ''], index) => ({
    text: phrase ?? word,
    isExcluded: minus === '-',
    isPrefix: phrase === undefined && minus === '' && index === found.length - 1,
  }));
}

/** A word that the workspace does not have, and one of it that is like it; both as the index has them. */
export interface SimilarWord {
  readonly said: string;
  readonly word: string;
}

/** How many slips two words are apart: a letter too many, too few, another, or two changed about (Damerau, OSA). */
export function countSlips(a: string, b: string): number {
  const [from, to] = [Array.from(a), Array.from(b)];
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of from.entries()) {
    const line = [row + 1];
    for (const [column, other] of to.entries()) {
      const isSame = letter === other;
      let least = Math.min(
        (above[column + 1] ?? 0) + 1,
        (line[column] ?? 0) + 1,
        (above[column] ?? 0) + (isSame ? 0 : 1),
      );
      if (row > 0 && column > 0 && letter === to[column - 1] && from[row - 1] === other) {
        least = Math.min(least, (before[column - 1] ?? 0) + 1);
      }
      line.push(least);
    }
    before = above;
    above = line;
  }
  return above[to.length] ?? 0;
}

/** A word of up to six letters is mended by one slip, a longer one by two. */
function slipsMax(word: string): number {
  return Array.from(word).length <= 6 ? 1 : 2;
}

/**
 * The terms with the nearest word for each that the workspace does not have; what was only begun may be the beginning of one.
 *
 * @param similar the nearest by letters in common first
 * @param fold as the index folds a word
 * @returns null where nothing is near enough to be meant
 */
export function mendTerms(
  terms: readonly SearchTerm[],
  similar: readonly SimilarWord[],
  fold: (word: string) => string,
): SearchTerm[] | null {
  function nearest(word: string, isPrefix: boolean): string | undefined {
    const said = fold(word);
    const begun = Array.from(said).length;
    return similar
      .filter((one) => one.said === said)
      .map(({ word }) => {
        const whole = countSlips(said, word);
        const start = Array.from(word).slice(0, begun).join('');
        return { word, whole, slips: isPrefix ? Math.min(whole, countSlips(said, start)) : whole };
      })
      .filter(({ slips }) => slips <= slipsMax(said))
      .toSorted((a, b) => a.slips - b.slips || a.whole - b.whole)[0]?.word;
  }
  const mended = terms.map((term) =>
    term.isExcluded
      ? term
      : { ...term, text: term.text.replaceAll(/[\p{L}\p{M}]+/gu, (word) => nearest(word, term.isPrefix) ?? word) },
  );
  return mended.some(({ text }, index) => text !== terms[index]?.text) ? mended : null;
}

/** A query that says these terms. */
export function writeSearchTerms(terms: readonly SearchTerm[]): string {
  return terms
    .map(({ text, isExcluded, isPrefix }, index) => {
      const isWord = /^[^\s"-][^\s"]*$/u.test(text) && (isPrefix || isExcluded || index < terms.length - 1);
      return `${isExcluded ? '-' : ''}${isWord ? text : `"${text}"`}`;
    })
    .join(' ');
}
