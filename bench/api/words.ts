import type { BenchDatabase } from './database.ts';
import { wordOf, type BenchWorkspace } from './seed.ts';

export const RARE_ROWS_MAX = 500;
export const FREQUENT_ROWS_MIN = 10_000;

export interface BenchWords {
  /** Words that at most 500 artifacts of the largest workspace have. */
  readonly rare: readonly string[];
  /** Words that more than 10,000 of them have; none where it is too small. */
  readonly frequent: readonly string[];
  /** A word with about as many hits in the large database as another has in the small one. */
  readonly alike: { readonly large: string; readonly small: string; readonly hits: readonly [number, number] };
}

const CANDIDATES = [...Array(12).keys(), ...Array.from({ length: 60 }, (_, index) => 20 + 15 * index ** 1.6)].map(
  (number) => Math.min(19_999, Math.floor(number)),
);

async function countHits(database: BenchDatabase, { id }: BenchWorkspace): Promise<Map<string, number>> {
  const rows = await database.query<{ word: string; count: string }>(
    `select word, (select count(*) from artifacts a where a.workspace_id = $1
                   and a.words @@ (select hortus_query($1, jsonb_build_array(jsonb_build_object('text', word))))) as count
     from unnest($2::text[]) as word`,
    [id, [...new Set(CANDIDATES)].map(wordOf)],
  );
  return new Map(rows.map(({ word, count }) => [word, Number(count)]));
}

export async function chooseWords(
  large: BenchDatabase,
  largest: BenchWorkspace,
  small: BenchDatabase,
  only: BenchWorkspace,
): Promise<BenchWords> {
  const [inLarge, inSmall] = await Promise.all([countHits(large, largest), countHits(small, only)]);
  const hits = [...inLarge];
  const pairs = hits.flatMap(([a, many]) =>
    [...inSmall].map(([b, few]) => ({ large: a, small: b, hits: [many, few] as const })),
  );
  const alike = pairs
    .filter(({ hits: [, few] }) => few >= 21 && few <= 200)
    .toSorted((a, b) => Math.abs(Math.log(a.hits[0] / a.hits[1])) - Math.abs(Math.log(b.hits[0] / b.hits[1])))[0];
  if (alike === undefined) throw new Error('no word is as frequent in both databases');
  return {
    rare: hits.filter(([, count]) => count > 0 && count <= RARE_ROWS_MAX).map(([word]) => word),
    frequent: hits.filter(([, count]) => count > FREQUENT_ROWS_MIN).map(([word]) => word),
    alike,
  };
}
