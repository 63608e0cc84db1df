import { describe, expect, it } from '@jest/globals';
import type { Artifact } from '@hortus/contracts/artifact';
import fc from 'fast-check';
import { compareDrafts, draftOf, draftPatch, mergeDrafts, type ArtifactDraft } from './artifact-draft.ts';
import { addTags, parseTags } from './tag-list.ts';

const seen = { name: 'Dune', description: 'At dusk', tags: ['sand', 'sea'], revision: 3 } as unknown as Artifact;

describe('draftPatch', () => {
  it('sends nothing when nothing changed', () => {
    expect(draftPatch(seen, draftOf(seen))).toBeNull();
    expect(draftPatch(seen, { ...draftOf(seen), name: ' Dune ' })).toBeNull();
  });

  it('sends only what changed', () => {
    expect(draftPatch(seen, { ...draftOf(seen), name: ' Dunes ' })).toEqual({ name: 'Dunes' });
    expect(draftPatch(seen, { ...draftOf(seen), tags: ['sand'] })).toEqual({ tags: ['sand'] });
  });

  it('clears what was emptied', () => {
    expect(draftPatch(seen, { name: 'Dune', description: ' ', tags: [] })).toEqual({ description: null, tags: null });
  });
});

describe('two people who changed the same artifact', () => {
  const draft = (name: string, description: string, ...tags: string[]): ArtifactDraft => ({ name, description, tags });

  it('are asked only where they changed the same field to different things', () => {
    const compared = compareDrafts(draft('a', 'b', 'c'), draft('a2', 'b', 'mine'), draft('a', 'b2', 'theirs'));
    expect(compared).toEqual([
      { field: 'name', changedBy: 'mine' },
      { field: 'description', changedBy: 'theirs' },
      { field: 'tags', changedBy: 'both' },
    ]);
  });

  it('keep every change that is the only one', () => {
    const text = fc.constantFrom('a', 'b', 'c');
    const drafts = fc.record({ name: text, description: text, tags: fc.uniqueArray(text) });
    fc.assert(
      fc.property(drafts, drafts, drafts, (seen, mine, theirs) => {
        const compared = compareDrafts(seen, mine, theirs);
        const merged = mergeDrafts(mine, theirs, compared, {});
        if (theirs.name === seen.name) expect(merged.name).toBe(mine.name);
        if (mine.name === seen.name) expect(merged.name).toBe(theirs.name);
      }),
    );
  });

  it('get what they chose', () => {
    const [mine, theirs] = [draft('mine', 'x', 'm'), draft('theirs', 'y', 't')];
    const compared = compareDrafts(draft('a', 'b'), mine, theirs);
    expect(mergeDrafts(mine, theirs, compared, { name: 'theirs', tags: 'mine' })).toEqual(draft('theirs', 'x', 'm'));
  });
});

describe('tags that are typed', () => {
  it('are cut at commas, trimmed, each once', () => {
    expect(parseTags(' a,  b   c ,,a')).toEqual(['a', 'b c']);
  });

  it('are no longer and no more than the api takes', () => {
    expect(parseTags('x'.repeat(80))).toEqual(['x'.repeat(50)]);
    const many = Array.from({ length: 30 }, (_, index) => String(index));
    expect(addTags(['a'], many)).toHaveLength(20);
  });
});
