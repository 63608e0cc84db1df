import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { outcomeSentence, putBack, tagged, undoTagging } from './bulk-outcome.ts';

const result = (outcome: 'done' | 'unchanged' | 'stale' | 'not_found' | 'too_many_tags') => ({
  id: crypto.randomUUID(),
  outcome,
  revision: 1,
});

describe('outcomeSentence', () => {
  it('says what became of each, with nothing left out', () => {
    const results = [result('done'), result('done'), result('stale'), result('not_found')];
    expect(outcomeSentence(results, { done: 'in the trash now', unchanged: null })).toBe(
      '2 artifacts are in the trash now. 1 artifact is left as before, since somebody changed it meanwhile. ' +
        '1 artifact is not here any more.',
    );
  });

  it('takes what was so already as done, where it makes no difference', () => {
    const results = [result('done'), result('unchanged')];
    expect(outcomeSentence(results, { done: 'in the trash now', unchanged: null })).toBe(
      '2 artifacts are in the trash now.',
    );
    expect(outcomeSentence(results, { done: 'tagged', unchanged: 'tagged so already' })).toBe(
      '1 artifact is tagged. 1 artifact is tagged so already.',
    );
  });
});

describe('undoTagging', () => {
  const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 });

  it('brings every artifact back to the tags that it had', () => {
    fc.assert(
      fc.property(fc.array(tags, { maxLength: 8 }), tags, tags, (all, add, remove) => {
        const before = all.map((tags, index) => ({ id: String(index), tags }));
        const after = new Map(before.map(({ id, tags }) => [id, tagged(tags, { add, remove })]));
        for (const group of undoTagging(before, { add, remove })) {
          for (const id of group.ids) after.set(id, tagged(after.get(id) ?? [], group));
        }
        for (const { id, tags } of before) expect(after.get(id)?.toSorted()).toEqual(tags.toSorted());
      }),
    );
  });

  it('asks once for all that need the same', () => {
    const before = [
      { id: '1', tags: ['a'] },
      { id: '2', tags: [] },
      { id: '3', tags: [] },
    ];
    expect(undoTagging(before, { add: ['a'], remove: [] })).toEqual([{ ids: ['2', '3'], add: [], remove: ['a'] }]);
  });
});

it('puts back what was taken off where it was, and keeps what came meanwhile', () => {
  const list = (ids: string) => Array.from(ids, (id) => ({ id }));
  const after = putBack(list('nac'), list('abcd'), new Set(['b']));
  expect(after.map(({ id }) => id).join('')).toBe('nabc');
});
