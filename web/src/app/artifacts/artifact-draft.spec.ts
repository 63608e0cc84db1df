import { describe, expect, it } from '@jest/globals';
import type { Artifact } from '@hortus/contracts/artifact';
import { draftOf, draftPatch, parseTags } from './artifact-draft.ts';

const artifact: Artifact = {
  id: 'a',
  name: 'Fern',
  description: 'From the north slope',
  tags: ['fern', 'dry'],
  metadata: {},
  kind: 'picture',
  status: 'ready',
  failure: null,
  original: null,
  picture: null,
  revision: 3,
  createdAt: '2026-11-20T10:00:00.000Z',
  updatedAt: '2026-11-20T10:00:00.000Z',
};

describe('draftPatch', () => {
  it('sends nothing when nothing changed', () => {
    expect(draftPatch(artifact, draftOf(artifact))).toBeNull();
    expect(draftPatch(artifact, { name: ' Fern ', description: artifact.description, tags: 'fern,dry' })).toBeNull();
  });

  it('sends only the fields that changed', () => {
    expect(draftPatch(artifact, { ...draftOf(artifact), name: 'Male fern' })).toEqual({ name: 'Male fern' });
    expect(draftPatch(artifact, { ...draftOf(artifact), tags: 'fern' })).toEqual({ tags: ['fern'] });
  });

  it('clears what was emptied', () => {
    expect(draftPatch(artifact, { name: 'Fern', description: '', tags: ' , ' })).toEqual({
      description: null,
      tags: null,
    });
  });
});

describe('parseTags', () => {
  it('trims, and drops empty and repeated tags', () => {
    expect(parseTags(' fern,dry  leaf ,, fern')).toEqual(['fern', 'dry leaf']);
    expect(parseTags('')).toEqual([]);
  });
});
