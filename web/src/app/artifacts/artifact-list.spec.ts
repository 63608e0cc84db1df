import { describe, expect, it } from '@jest/globals';
import type { Artifact } from '@hortus/contracts/artifact';
import { appendPage, followChange, placeArtifact } from './artifact-list.ts';
import { readView } from './artifacts-view.ts';

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

describe('followChange', () => {
  const list = [artifact('d', 40), artifact('c', 30), artifact('a', 10)];
  const follow = (address: string, changed: Artifact): string => {
    const { list: after, isUnsure } = followChange(list, changed, readView(new URLSearchParams(address)), true);
    return isUnsure ? 'unsure' : ids(after);
  };

  it('takes off what does not match any more, and leaves out what never did', () => {
    expect(follow('status=empty', artifact('c', 30, { status: 'ready' }))).toBe('da');
    expect(follow('tag=rose', artifact('e', 50))).toBe('dca');
    expect(follow('kind=file', artifact('c', 30, { kind: 'picture' }))).toBe('da');
  });

  it('puts what matches at its place in the order of the list', () => {
    expect(follow('tag=rose', artifact('e', 50, { tags: ['rose'] }))).toBe('edca');
    const oldest = followChange(
      [...list].reverse(),
      artifact('b', 20),
      readView(new URLSearchParams('sort=oldest')),
      true,
    );
    expect(ids(oldest.list)).toBe('abcd');
  });

  it('is unsure of a new one where words or an order of the api decide', () => {
    expect(follow('q=rose', artifact('e', 50))).toBe('unsure');
    expect(follow('sort=name', artifact('e', 50))).toBe('unsure');
  });

  it('keeps a found one where it is, with why it was found', () => {
    const highlights = [{ field: 'name' as const, text: 'c', ranges: [] }];
    const found = [{ ...artifact('c', 30), highlights }];
    const { list: after } = followChange(
      found,
      artifact('c', 30, { status: 'ready' }),
      readView(new URLSearchParams('q=c')),
      false,
    );
    expect(after).toEqual([{ ...artifact('c', 30, { status: 'ready' }), highlights }]);
  });

  it('leaves a later page of the table as it is', () => {
    expect(follow('view=table&page=2&after=x', artifact('e', 50))).toBe('dca');
  });
});
