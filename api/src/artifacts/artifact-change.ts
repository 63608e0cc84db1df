import type { NewArtifact } from '@hortus/contracts/artifact';

/** What people say of an artifact. */
export type Said = Required<NewArtifact>;

const FIELDS = ['name', 'description', 'tags', 'metadata'] as const satisfies (keyof Said)[];

/** One text for equal values; PostgreSQL gives the fields of an object back in an order of its own. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** The fields that differ, as they were and as they became. */
export function changedFields(before: Said, after: Said): { before: Partial<Said>; after: Partial<Said> } {
  const changed = FIELDS.filter((field) => textOf(before[field]) !== textOf(after[field]));
  const pick = (said: Said): Partial<Said> => Object.fromEntries(changed.map((field) => [field, said[field]]));
  return { before: pick(before), after: pick(after) };
}

/** The tags after some were taken off and some added, in their order; null where there would be more than an artifact may have. */
export function changeTags(
  tags: readonly string[],
  { add = [], remove = [] }: { add?: readonly string[]; remove?: readonly string[] },
): string[] | null {
  const changed = [...new Set([...tags.filter((tag) => !remove.includes(tag) || add.includes(tag)), ...add])];
  return changed.length > 20 && changed.length > tags.length ? null : changed;
}
