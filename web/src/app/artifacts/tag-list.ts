export const TAGS_MAX = 20;
export const TAG_LENGTH_MAX = 50;

/** What a person typed, separated by commas. */
export function parseTags(text: string): string[] {
  const tags = text
    .split(',')
    .map((tag) => tag.trim().replace(/\s+/g, ' ').slice(0, TAG_LENGTH_MAX).trim())
    .filter((tag) => tag !== '');
  return [...new Set(tags)];
}

/** Each once, and no more than an artifact may have. */
export function addTags(tags: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...tags, ...more])].slice(0, TAGS_MAX);
}
