import type { ArtifactFilters, ArtifactSort, Facets } from '@hortus/contracts/artifact-api';
import { ProblemError } from '@hortus/service/problem';
import type { Ask } from '../db/one-trip.ts';
import type { Position } from '../http/cursor.ts';
import { toInstant } from '../http/instant.ts';
import * as repo from './find-repo.ts';
import type { ArtifactFilter, ListedArtifact } from './find-repo.ts';
import { fold } from './highlights.ts';
import { mendTerms, parseSearchTerms, writeSearchTerms, type SearchTerm } from './search-terms.ts';

const FACET_TAGS_MAX = 50;

/** Parts the key from the query that was answered, in the position of a cursor; neither can have it in itself. */
const SEPARATOR = '\0';

/** What was asked for, in one form for each meaning. A query of nothing but spaces is none. */
export function readFilter(asked: ArtifactFilters): ArtifactFilter {
  const { query = '', tag = [], kind = null, status = null, createdFrom = null, createdTo = null } = asked;
  return {
    terms: query.trim() === '' ? null : parseSearchTerms(query),
    tags: [...new Set(tag)].sort(),
    kind,
    status,
    createdFrom: createdFrom === null ? null : toInstant(createdFrom),
    createdTo: createdTo === null ? null : toInstant(createdTo),
  };
}

/** @throws ProblemError REQUEST_INVALID for `relevance` without a query */
export function readSort(sort: ArtifactSort | undefined, { terms }: ArtifactFilter): ArtifactSort {
  if (sort === 'relevance' && terms === null) {
    throw new ProblemError('REQUEST_INVALID', 'Sorting by `relevance` needs a `query`.');
  }
  return sort ?? (terms === null ? 'newest' : 'relevance');
}

async function mend(ask: Ask, terms: readonly SearchTerm[] | null): Promise<readonly SearchTerm[] | null> {
  if (terms === null) return null;
  const similar = await repo.findSimilarWords(ask, terms);
  return similar.length === 0 ? null : mendTerms(terms, similar, fold);
}

export interface FoundPage {
  readonly listed: readonly ListedArtifact[];
  /** Where the next page begins; null at the end. */
  readonly next: Position | null;
  /** By which they were found, and what is to be highlighted. */
  readonly terms: readonly SearchTerm[] | null;
  /** The query that was answered, where nothing has the words that were given. */
  readonly correctedQuery: string | null;
  readonly total: number | undefined;
}

/**
 * One page. A query that finds nothing is mended where words of the workspace are near enough; the cursor then carries the
 * mended query, so that the pages after the first are of the same one, whatever is written in the meantime.
 */
export async function findPage(
  ask: Ask,
  asked: ArtifactFilter,
  page: { sort: ArtifactSort; limit: number; after: Position | null; count: boolean },
): Promise<FoundPage> {
  const { sort, limit, count } = page;
  const [key = '', carried] = page.after?.key.split(SEPARATOR) ?? [];
  const after = page.after === null ? null : { id: page.after.id, key };
  let correctedQuery = carried ?? null;
  let filter = carried === undefined ? asked : { ...asked, terms: parseSearchTerms(carried) };
  let listed = await repo.listArtifacts(ask, filter, { sort, limit, after });
  if (listed.length === 0 && after === null) {
    const mended = await mend(ask, asked.terms);
    if (mended !== null) {
      const found = await repo.listArtifacts(ask, { ...asked, terms: mended }, { sort, limit, after });
      if (found.length > 0) {
        listed = found;
        filter = { ...asked, terms: mended };
        correctedQuery = writeSearchTerms(mended);
      }
    }
  }
  const last = listed.length > limit ? listed[limit - 1] : undefined;
  const mark = correctedQuery === null ? '' : `${SEPARATOR}${correctedQuery}`;
  return {
    listed: listed.slice(0, limit),
    next: last === undefined ? null : { id: last.row.id, key: `${last.key}${mark}` },
    terms: filter.terms,
    correctedQuery,
    total: count ? await repo.countFound(ask, filter) : undefined,
  };
}

/** How what the filters leave is spread, of the mended query where the list would be. */
export async function findFacets(ask: Ask, asked: ArtifactFilter): Promise<Facets> {
  const facets = await repo.findFacets(ask, asked, FACET_TAGS_MAX);
  if (facets.total > 0) return facets;
  const mended = await mend(ask, asked.terms);
  return mended === null ? facets : repo.findFacets(ask, { ...asked, terms: mended }, FACET_TAGS_MAX);
}
