import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  KINDS,
  PAGE_SIZES,
  SORTS,
  STATUSES,
  isFiltered,
  isSameList,
  readView,
  withFilter,
  writeView,
  type ArtifactsView,
} from './artifacts-view.ts';

const read = (address: string): ArtifactsView => readView(new URLSearchParams(address));

function toAddress(view: ArtifactsView): URLSearchParams {
  const address = new URLSearchParams();
  for (const [name, value] of Object.entries(writeView(view))) {
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof each === 'string' || typeof each === 'number') address.append(name, String(each));
    }
  }
  return address;
}

describe('the address of the artifacts', () => {
  it('says nothing where all is as it is by itself', () => {
    expect(toAddress(read('')).toString()).toBe('');
    expect(toAddress(read('q=rose')).toString()).toBe('q=rose');
  });

  it('gives the same view again, whatever the view is', () => {
    const filter = fc.record({
      query: fc.string({ maxLength: 200 }),
      tags: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 50 }), { maxLength: 20 }),
      kind: fc.constantFrom(null, ...KINDS),
      status: fc.constantFrom(null, ...STATUSES),
      sort: fc.constantFrom(...SORTS),
    });
    const table = fc.record({ pageSize: fc.constantFrom(...PAGE_SIZES), page: fc.integer({ min: 2, max: 9 }) });
    fc.assert(
      fc.property(filter, table, fc.boolean(), (filter, { pageSize, page }, isTable) => {
        fc.pre(filter.sort !== 'relevance' || filter.query.trim() !== '');
        const view: ArtifactsView = isTable
          ? { filter, layout: 'table', pageSize, page, after: 'a-cursor' }
          : { filter, layout: 'grid', pageSize: PAGE_SIZES[0], page: 1, after: null };
        expect(readView(toAddress(view))).toEqual(view);
      }),
    );
  });

  it('leaves out what makes no sense', () => {
    const view = read('kind=tree&status=blue&sort=relevance&size=7&page=3&view=map&tag=&tag=a&tag=a');
    expect(view).toEqual({ ...read(''), filter: { ...read('').filter, tags: ['a'] } });
  });
});

describe('withFilter', () => {
  it('goes back to the first page', () => {
    const view = withFilter(read('view=table&page=3&after=x'), { kind: 'file' });
    expect([view.page, view.after]).toEqual([1, null]);
  });

  it('sorts by relevance while there is a query, unless another order was chosen', () => {
    expect(withFilter(read(''), { query: 'rose' }).filter.sort).toBe('relevance');
    expect(withFilter(read('q=rose'), { query: '' }).filter.sort).toBe('newest');
    expect(withFilter(read('sort=name'), { query: 'rose' }).filter.sort).toBe('name');
    expect(withFilter(read('q=rose&sort=newest'), { tags: ['a'] }).filter.sort).toBe('newest');
  });
});

it('tells a filtered list, and the list that is shown already', () => {
  expect(isFiltered(read('sort=name&view=table').filter)).toBe(false);
  expect(isFiltered(read('tag=a').filter)).toBe(true);
  expect(isSameList(read('size=50'), read(''))).toBe(true);
  expect(isSameList(read('view=table&size=50'), read('view=table'))).toBe(false);
  expect(isSameList(read('q=a'), read('q=b'))).toBe(false);
});
