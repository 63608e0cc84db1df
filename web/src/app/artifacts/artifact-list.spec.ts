import { describe, expect, it } from '@jest/globals';
import type { Artifact } from '@hortus/contracts/artifact';
import { appendPage, placeArtifact } from './artifact-list.ts';

function artifact(id: string, minute: number, more: Partial<Artifact> = {}): Artifact {
  const time = `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
  return {
    id,
    name: id,
    description: '',
    tags: [],
    metadata: {},
    kind: null,
    status: 'empty',
    failure: null,
    original: null,
    picture: null,
    revision: 1,
    createdAt: time,
    updatedAt: time,
    ...more,
  };
}
const ids = (list: readonly Artifact[]): string => list.map(({ id }) => id).join('');

describe('placeArtifact', () => {
  const list = [artifact('d', 40), artifact('c', 30), artifact('a', 10)];

  it('puts a new artifact at its place, newest first', () => {
    expect(ids(placeArtifact(list, artifact('e', 50), true))).toBe('edca');
    expect(ids(placeArtifact(list, artifact('b', 20), true))).toBe('dcba');
  });

  it('orders artifacts of the same moment by id, as the api does', () => {
    expect(ids(placeArtifact(list, artifact('z', 30), true))).toBe('dzca');
    expect(ids(placeArtifact(list, artifact('b', 30), true))).toBe('dcba');
  });

  it('replaces a known one where it stands', () => {
    const changed = placeArtifact(list, artifact('c', 30, { name: 'new' }), true);
    expect(ids(changed)).toBe('dca');
    expect(changed[1]?.name).toBe('new');
  });

  it('leaves out what a later page will bring, and appends at the end of a complete list', () => {
    expect(ids(placeArtifact(list, artifact('0', 1), true))).toBe('dca');
    expect(ids(placeArtifact(list, artifact('0', 1), false))).toBe('dca0');
  });
});

describe('appendPage', () => {
  it('does not repeat what is known', () => {
    expect(ids(appendPage([artifact('b', 2)], [artifact('b', 2), artifact('a', 1)]))).toBe('ba');
  });
});
