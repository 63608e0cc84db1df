import type { Artifact, ArtifactPatch } from '@hortus/contracts/artifact';

/** What a person says of an artifact. */
export interface ArtifactDraft {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}
export type DraftField = keyof ArtifactDraft;
export const DRAFT_FIELDS = ['name', 'description', 'tags'] as const satisfies readonly DraftField[];

export const emptyDraft: ArtifactDraft = { name: '', description: '', tags: [] };

export function draftOf({ name, description, tags }: Artifact): ArtifactDraft {
  return { name, description, tags };
}

export function isSame(field: DraftField, a: ArtifactDraft, b: ArtifactDraft): boolean {
  if (field === 'tags') return a.tags.join(',') === b.tags.join(',');
  return a[field].trim() === b[field].trim();
}

/** Only what differs from what the person saw; null when nothing does. */
export function draftPatch(seen: Artifact, draft: ArtifactDraft): ArtifactPatch | null {
  const before = draftOf(seen);
  const patch: ArtifactPatch = {};
  if (!isSame('name', before, draft)) patch.name = draft.name.trim();
  if (!isSame('description', before, draft)) patch.description = draft.description.trim() || null;
  if (!isSame('tags', before, draft)) patch.tags = draft.tags.length === 0 ? null : [...draft.tags];
  return Object.keys(patch).length === 0 ? null : patch;
}

export type Choice = 'mine' | 'theirs';

export interface FieldComparison {
  readonly field: DraftField;
  /**
   * `mine`, `theirs`: only one of us changed it, and that change holds. `both`: we changed it to different things, and a
   * person must choose.
   */
  readonly changedBy: Choice | 'both';
}

/** Field by field what became of an artifact that two people changed at once. Fields that are the same are left out. */
export function compareDrafts(seen: ArtifactDraft, mine: ArtifactDraft, theirs: ArtifactDraft): FieldComparison[] {
  return DRAFT_FIELDS.flatMap((field): FieldComparison[] => {
    if (isSame(field, mine, theirs)) return [];
    if (isSame(field, seen, mine)) return [{ field, changedBy: 'theirs' }];
    return [{ field, changedBy: isSame(field, seen, theirs) ? 'mine' : 'both' }];
  });
}

/** One draft out of two. What nobody chose for keeps the change that is the only one, else mine. */
export function mergeDrafts(
  mine: ArtifactDraft,
  theirs: ArtifactDraft,
  compared: readonly FieldComparison[],
  choices: Partial<Record<DraftField, Choice>>,
): ArtifactDraft {
  const of = (field: DraftField): ArtifactDraft => {
    const changedBy = compared.find((item) => item.field === field)?.changedBy ?? 'theirs';
    const choice = choices[field] ?? (changedBy === 'theirs' ? 'theirs' : 'mine');
    return choice === 'mine' ? mine : theirs;
  };
  return { name: of('name').name, description: of('description').description, tags: of('tags').tags };
}
