/**
 * Finds the lowest quality at which a picture is as alike to its original as is asked for, in few encodings. Each is
 * encoded and scored; from what they say the next is guessed, by how much a point of quality adds to the score. It ends
 * when a score is at the target or a little above, when there is no quality left between one that reaches it and one that
 * does not, and at the latest after {@link TRIES_MAX}.
 */

/** One encoding of a search. */
export interface Try {
  readonly quality: number;
  readonly score: number;
  readonly sizeBytes: number;
}

export interface Search {
  /** The score to reach. */
  readonly target: number;
  /** Where to begin: as close as can be told beforehand. */
  readonly start: number;
  readonly min: number;
  readonly max: number;
  /** What one point of quality adds to the score, roughly; the search learns better. */
  readonly slope: number;
}

export const TRIES_MAX = 5;

/** So far above the target is near enough: it costs about 3 % of the bytes, and another encoding costs as much again. */
export const TOLERANCE = 2;

/** Aimed at, so that a guess that is a little off is still within the tolerance. */
const AIM = 0.9;

function nextQuality({ target, min, max, slope }: Search, tries: readonly Try[]): number | null {
  const last = tries.at(-1);
  if (last === undefined) return null;
  const reaching = tries.filter(({ score }) => score >= target).toSorted((a, b) => a.quality - b.quality)[0];
  const failing = tries.filter(({ score }) => score < target).toSorted((a, b) => b.quality - a.quality)[0];
  if (reaching !== undefined && reaching.score <= target + TOLERANCE) return null;
  const aim = target + AIM;
  let guess: number;
  if (reaching !== undefined && failing !== undefined) {
    if (reaching.quality - failing.quality <= 1) return null;
    const share = (aim - failing.score) / (reaching.score - failing.score);
    guess = failing.quality + share * (reaching.quality - failing.quality);
    guess = Math.min(reaching.quality - 1, Math.max(failing.quality + 1, Math.round(guess)));
  } else {
    const before = tries.at(-2);
    const learnt = before === undefined ? slope : (last.score - before.score) / (last.quality - before.quality);
    const step = (aim - last.score) / Math.max(learnt, slope / 3);
    guess = Math.round(last.quality + (step < 0 ? Math.min(step, -1) : Math.max(step, 1)));
  }
  const quality = Math.min(max, Math.max(min, guess));
  return tries.some((one) => one.quality === quality) ? null : quality;
}

/**
 * @param attempt encodes at a quality and scores it
 * @returns what reaches the target at the lowest quality, or is nearest to it where nothing does; and all that was tried
 */
export async function searchQuality<Encoded>(
  search: Search,
  attempt: (quality: number) => Promise<Try & { readonly encoded: Encoded }>,
): Promise<{ readonly best: Try & { readonly encoded: Encoded }; readonly tries: readonly Try[] }> {
  let best: (Try & { readonly encoded: Encoded }) | undefined;
  const tries: Try[] = [];
  const isBetter = (one: Try, other: Try): boolean =>
    other.score < search.target ? one.score > other.score : one.score >= search.target && one.quality < other.quality;
  let quality: number | null = Math.min(search.max, Math.max(search.min, Math.round(search.start)));
  while (quality !== null && tries.length < TRIES_MAX) {
    const made = await attempt(quality);
    tries.push({ quality, score: made.score, sizeBytes: made.sizeBytes });
    // The others' bytes are let go at once.
    if (best === undefined || isBetter(made, best)) best = made;
    quality = nextQuality(search, tries);
  }
  if (best === undefined) throw new Error('a search needs one try at least');
  return { best, tries };
}
