import type { Artifact } from '@hortus/contracts/artifact';
import type { BatchResult } from '@hortus/contracts/artifact-batch-api';

export interface Wording {
  /** What became of those that were done, such as `in the trash now`. */
  readonly done: string;
  /** What holds of those that were so already; null where that is as good as done. */
  readonly unchanged: string | null;
}

function countOf(count: number): string {
  return count === 1 ? '1 artifact is' : `${new Intl.NumberFormat('en').format(count)} artifacts are`;
}

/** What became of a request about many, without hiding those that were left out. */
export function outcomeSentence(results: readonly BatchResult[], wording: Wording): string {
  const count = (outcome: BatchResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const done = count('done') + (wording.unchanged === null ? count('unchanged') : 0);
  const parts: [number, string][] = [
    [done, wording.done],
    [wording.unchanged === null ? 0 : count('unchanged'), wording.unchanged ?? ''],
    [count('stale'), 'left as before, since somebody changed it meanwhile'],
    [count('too_many_tags'), 'left as before: no artifact has more than 20 tags'],
    [count('not_found'), 'not here any more'],
  ];
  const said = parts.filter(([number]) => number > 0);
  return said.map(([number, words]) => `${countOf(number)} ${words}.`).join(' ');
}

export function idsOf(results: readonly BatchResult[], ...outcomes: readonly BatchResult['outcome'][]): string[] {
  return results.filter(({ outcome }) => outcomes.includes(outcome)).map(({ id }) => id);
}

export interface Tagging {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** The tags after it; as the api does it, a tag in both lists is added. */
export function tagged(tags: readonly string[], { add, remove }: Tagging): string[] {
  const kept = tags.filter((tag) => add.includes(tag) || !remove.includes(tag));
  return [...kept, ...add.filter((tag) => !kept.includes(tag))];
}

export interface UndoGroup extends Tagging {
  readonly ids: readonly string[];
}

/** What brings the tags of artifacts back to what they were: one request for all that need the same. */
export function undoTagging(before: readonly Pick<Artifact, 'id' | 'tags'>[], tagging: Tagging): UndoGroup[] {
  const groups = new Map<string, UndoGroup & { ids: string[] }>();
  for (const { id, tags } of before) {
    const after = tagged(tags, tagging);
    const remove = after.filter((tag) => !tags.includes(tag));
    const add = tags.filter((tag) => !after.includes(tag));
    if (add.length + remove.length === 0) continue;
    const key = JSON.stringify([add, remove]);
    const group = groups.get(key) ?? { ids: [], add, remove };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The list with some of the artifacts that were taken off it, each where it was. */
export function putBack<Item extends { readonly id: string }>(
  list: readonly Item[],
  before: readonly Item[],
  ids: ReadonlySet<string>,
): Item[] {
  const known = new Map(list.map((item) => [item.id, item]));
  const old = before.filter(({ id }) => known.has(id) || ids.has(id)).map((item) => known.get(item.id) ?? item);
  const wasThere = new Set(before.map(({ id }) => id));
  return [...list.filter(({ id }) => !wasThere.has(id)), ...old];
}
