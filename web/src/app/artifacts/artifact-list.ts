import type { Artifact } from '@hortus/contracts/artifact';

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
export function placeArtifact(list: readonly Artifact[], artifact: Artifact, hasMore: boolean): readonly Artifact[] {
  if (list.some(({ id }) => id === artifact.id)) {
    return list.map((known) => (known.id === artifact.id ? artifact : known));
  }
  const index = list.findIndex((known) => compareNewestFirst(artifact, known) < 0);
  if (index === -1) return hasMore ? list : [...list, artifact];
  return [...list.slice(0, index), artifact, ...list.slice(index)];
}

/** Appends the next page. What a live event brought before it is not repeated. */
export function appendPage(list: readonly Artifact[], page: readonly Artifact[]): readonly Artifact[] {
  const known = new Set(list.map(({ id }) => id));
  return [...list, ...page.filter(({ id }) => !known.has(id))];
}
