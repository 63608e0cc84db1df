import type { Artifact, ArtifactPatch } from '@hortus/contracts/artifact';

/** What a person types of an artifact. */
export interface ArtifactDraft {
  readonly name: string;
  readonly description: string;
  /** Separated by commas. */
  readonly tags: string;
}

export function draftOf(artifact: Artifact): ArtifactDraft {
  return { name: artifact.name, description: artifact.description, tags: artifact.tags.join(', ') };
}

export function parseTags(text: string): string[] {
  const tags = text
    .split(',')
    .map((tag) => tag.trim().replace(/\s+/g, ' '))
    .filter((tag) => tag !== '');
  return [...new Set(tags)];
}

/** Only what differs from what the person saw; null when nothing does. */
export function draftPatch(seen: Artifact, draft: ArtifactDraft): ArtifactPatch | null {
  const patch: ArtifactPatch = {};
  const name = draft.name.trim();
  if (name !== seen.name) patch.name = name;
  const description = draft.description.trim();
  if (description !== seen.description) patch.description = description === '' ? null : description;
  const tags = parseTags(draft.tags);
  if (tags.join(',') !== seen.tags.join(',')) patch.tags = tags.length === 0 ? null : tags;
  return Object.keys(patch).length === 0 ? null : patch;
}
