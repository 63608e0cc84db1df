import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KubeObject } from './resource.ts';
import { Store } from './store.ts';

interface Thing extends KubeObject {
  owners: string[];
}

describe('a store', () => {
  it('finds by each index what it holds, and nothing else, whatever was put in and taken out', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.oneof(
      fc.record({ set: name, owners: fc.uniqueArray(fc.constantFrom('x', 'y', 'z')) }),
      fc.record({ delete: name }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = new Store<Thing>({ owner: ({ owners }) => owners });
        const model = new Map<string, Thing>();
        for (const one of steps) {
          if ('set' in one) {
            const thing = { metadata: { name: one.set, namespace: 'n' }, owners: one.owners };
            expect(store.set(thing)).toBe(model.get(`n/${one.set}`));
            model.set(`n/${one.set}`, thing);
          } else {
            expect(store.delete(`n/${one.delete}`)).toBe(model.get(`n/${one.delete}`));
            model.delete(`n/${one.delete}`);
          }
          expect(store.size).toBe(model.size);
          for (const owner of ['x', 'y', 'z']) {
            const found = store.byIndex('owner', owner).map(({ metadata }) => metadata.name);
            const wanted = [...model.values()].filter(({ owners }) => owners.includes(owner));
            expect(found.sort()).toEqual(wanted.map(({ metadata }) => metadata.name).sort());
          }
        }
      }),
    );
  });

  it('has no index but those that it was made with', () => {
    expect(() => new Store().byIndex('owner', 'x')).toThrow('the store has no index "owner"');
  });
});
