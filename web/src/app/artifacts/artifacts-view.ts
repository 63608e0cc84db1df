import type { ArtifactKind, ArtifactStatus } from '@hortus/contracts/artifact';
import type { ArtifactSort } from '@hortus/contracts/artifact-api';

export const KINDS = ['picture', 'file'] as const satisfies readonly ArtifactKind[];
export const STATUSES = ['ready', 'gardening', 'failed', 'empty'] as const satisfies readonly ArtifactStatus[];
export const SORTS = ['relevance', 'newest', 'oldest', 'name'] as const satisfies readonly ArtifactSort[];
export const PAGE_SIZES = [25, 50, 100] as const;

const QUERY_LENGTH_MAX = 200;
const TAG_LENGTH_MAX = 50;
const TAGS_MAX = 20;

/** Which artifacts, in which order. */
export interface ArtifactsFilter {
  readonly query: string;
  readonly tags: readonly string[];
  readonly kind: ArtifactKind | null;
  readonly status: ArtifactStatus | null;
  readonly sort: ArtifactSort;
}

/** What the page of artifacts shows and how; its address says all of it. */
export interface ArtifactsView {
  readonly filter: ArtifactsFilter;
  readonly layout: 'grid' | 'table';
  readonly pageSize: number;
  /** Of the table, from 1. */
  readonly page: number;
  /** The cursor behind which the page of the table begins; null for the first. */
  readonly after: string | null;
}

/** What an address says beside its path; both `URLSearchParams` and the router's `ParamMap` are one. */
export interface AddressQuery {
  get(name: string): string | null;
  getAll(name: string): string[];
}

export function defaultSort(query: string): ArtifactSort {
  return query.trim() === '' ? 'newest' : 'relevance';
}

function oneOf<Choice>(choices: readonly Choice[], value: unknown): Choice | null {
  return choices.find((choice) => choice === value) ?? null;
}

/** Reads an address that anybody may have written: what makes no sense is left out. */
export function readView(address: AddressQuery): ArtifactsView {
  const query = (address.get('q') ?? '').slice(0, QUERY_LENGTH_MAX);
  const tags = [...new Set(address.getAll('tag'))]
    .filter((tag) => tag !== '' && tag.length <= TAG_LENGTH_MAX)
    .slice(0, TAGS_MAX);
  const sort = oneOf(SORTS, address.get('sort'));
  const hasOrder = sort !== null && (sort !== 'relevance' || query.trim() !== '');
  const after = address.get('after');
  const page = Number(address.get('page') ?? 1);
  const isBehind = after !== null && after.length <= 2000 && Number.isSafeInteger(page) && page > 1;
  return {
    filter: {
      query,
      tags,
      kind: oneOf(KINDS, address.get('kind')),
      status: oneOf(STATUSES, address.get('status')),
      sort: hasOrder ? sort : defaultSort(query),
    },
    layout: address.get('view') === 'table' ? 'table' : 'grid',
    pageSize: oneOf(PAGE_SIZES, Number(address.get('size'))) ?? PAGE_SIZES[0],
    page: isBehind ? page : 1,
    after: isBehind ? after : null,
  };
}

/** The parameters of the address; null takes one away. What is as it is by itself does not stand in the address. */
export function writeView({ filter, layout, pageSize, page, after }: ArtifactsView): Record<string, unknown> {
  const { query, tags, kind, status, sort } = filter;
  const isTable = layout === 'table';
  return {
    q: query === '' ? null : query,
    tag: tags.length === 0 ? null : tags,
    kind,
    status,
    sort: sort === defaultSort(query) ? null : sort,
    view: isTable ? 'table' : null,
    size: isTable && pageSize !== PAGE_SIZES[0] ? pageSize : null,
    page: isTable && page > 1 ? page : null,
    after: isTable && page > 1 ? after : null,
  };
}

/** The view with another filter begins at its first page. An order that the new query can't have falls back. */
export function withFilter(view: ArtifactsView, changes: Partial<ArtifactsFilter>): ArtifactsView {
  const filter = { ...view.filter, ...changes };
  const wasDefault = view.filter.sort === defaultSort(view.filter.query);
  const keepsSort =
    changes.sort !== undefined || (!wasDefault && !(filter.sort === 'relevance' && filter.query === ''));
  return {
    ...view,
    filter: { ...filter, sort: keepsSort ? filter.sort : defaultSort(filter.query) },
    page: 1,
    after: null,
  };
}

export function isFiltered({ query, tags, kind, status }: ArtifactsFilter): boolean {
  return query.trim() !== '' || tags.length > 0 || kind !== null || status !== null;
}

/** The same rows come for both. */
export function isSameList(a: ArtifactsView, b: ArtifactsView): boolean {
  if (JSON.stringify(a.filter) !== JSON.stringify(b.filter) || a.layout !== b.layout) return false;
  return a.layout === 'grid' || (a.pageSize === b.pageSize && a.after === b.after);
}

/** The filter as the api takes it; the order where it is not the one that comes by itself. */
export function filterQuery({ query, tags, kind, status }: ArtifactsFilter): {
  query?: string;
  tag?: string[];
  kind?: ArtifactKind;
  status?: ArtifactStatus;
} {
  return {
    ...(query.trim() === '' ? {} : { query }),
    ...(tags.length === 0 ? {} : { tag: [...tags] }),
    ...(kind === null ? {} : { kind }),
    ...(status === null ? {} : { status }),
  };
}
