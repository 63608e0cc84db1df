import { describe, expect, it } from '@jest/globals';
import { differences } from './apply.ts';

describe('the differences between what we set and what stands', () => {
  it('are the paths of our fields, and never those of others', () => {
    const desired = { metadata: { labels: { a: '1' } }, spec: { hard: { pods: '5', cpu: '1' } } };
    const observed = {
      metadata: { labels: { a: '1', theirs: 'x' }, resourceVersion: '7' },
      spec: { hard: { pods: '50', memory: '1Gi' } },
      status: {},
    };
    expect(differences(desired, observed)).toEqual(['spec.hard.pods', 'spec.hard.cpu']);
    expect(differences(desired, { ...desired, more: true })).toEqual([]);
  });

  it('in lists are told by place, and a list of another length differs as a whole', () => {
    expect(differences({ list: [{ a: 1 }, { b: 2 }] }, { list: [{ a: 1, c: 3 }, { b: 3 }] })).toEqual(['list[1].b']);
    expect(differences({ list: [1] }, { list: [1, 2] })).toEqual(['list']);
    expect(differences({ list: [] }, { list: [1] })).toEqual(['list']);
  });

  it('are none where we set an empty object, which the server does not keep', () => {
    expect(differences({ spec: { podSelector: {} } }, { spec: {} })).toEqual([]);
    expect(differences({ spec: { podSelector: { a: '1' } } }, { spec: {} })).toEqual(['spec.podSelector']);
    expect(differences({ a: undefined }, {})).toEqual([]);
  });
});
