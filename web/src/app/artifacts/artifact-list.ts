import type { Artifact } from '@hortus/contracts/artifact';
import type { FoundArtifact } from '@hortus/contracts/artifact-api';
import type { ArtifactsFilter, ArtifactsView } from './artifacts-view.ts';

/** The order of the list that the api gives: newest first. */
export function compareNewestFirst(a: Artifact, b: Artifact): number {
  const byTime = Date.parse(b.createdAt) - Date.parse(a.createdAt);
  if (byTime !== 0) return byTime;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/**
 * Puts a new or changed artifact into the loaded part of the list. One that belongs behind it is left out while the list
 * goes on (`hasMore`), since a later page brings it at its place.
 */
export function placeArtifact(
  list: readonly FoundArtifact[],
  artifact: Artifact,
  hasMore: boolean,
  compare = compareNewestFirst,
): readonly FoundArtifact[] {
  if (list.some(({ id }) => id === artifact.id)) {
    // Why it was found stays as it was told; the next answer tells anew.
    return list.map((known) => (known.id === artifact.id ? { ...known, ...artifact } : known));
  }
  const index = list.findIndex((known) => compare(artifact, known) < 0);
  if (index === -1) return hasMore ? list : [...list, artifact];
  return [...list.slice(0, index), artifact, ...list.slice(index)];
}

/** Appends the next page. What a live event brought before it is not repeated. */
export function appendPage(list: readonly FoundArtifact[], page: readonly FoundArtifact[]): readonly FoundArtifact[] {
  const known = new Set(list.map(({ id }) => id));
  return [...list, ...page.filter(({ id }) => !known.has(id))];
}

/** Whether it belongs into the list; null where only the api can tell. */
export function matchesFilter(artifact: Artifact, { query, tags, kind, status }: ArtifactsFilter): boolean | null {
  if (kind !== null && artifact.kind !== kind) return false;
  if (status !== null && artifact.status !== status) return false;
  if (!tags.every((tag) => artifact.tags.includes(tag))) return false;
  return query.trim() === '' ? true : null;
}

export interface FollowedList {
  readonly list: readonly FoundArtifact[];
  /** Only the api can tell whether and where the artifact belongs. */
  readonly isUnsure: boolean;
}

/** The list after a live event about an artifact. */
export function followChange(
  list: readonly FoundArtifact[],
  artifact: Artifact,
  { filter, page }: ArtifactsView,
  hasMore: boolean,
): FollowedList {
  const matches = matchesFilter(artifact, filter);
  const isKnown = list.some(({ id }) => id === artifact.id);
  if (matches === false) {
    return { list: isKnown ? list.filter(({ id }) => id !== artifact.id) : list, isUnsure: false };
  }
  if (isKnown) return { list: placeArtifact(list, artifact, hasMore), isUnsure: false };
  if (page > 1) return { list, isUnsure: false };
  if (matches === null || filter.sort === 'name' || filter.sort === 'relevance') return { list, isUnsure: true };
  const compare =
    filter.sort === 'oldest' ? (a: Artifact, b: Artifact) => -compareNewestFirst(a, b) : compareNewestFirst;
  return { list: placeArtifact(list, artifact, hasMore, compare), isUnsure: false };
}
