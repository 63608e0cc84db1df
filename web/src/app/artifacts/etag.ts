/** The `ETag` of an artifact at a revision, as the api writes it; lists carry the revision only. */
export function etagOf(artifact: { readonly revision: number }): string {
  return `"r${String(artifact.revision)}"`;
}
