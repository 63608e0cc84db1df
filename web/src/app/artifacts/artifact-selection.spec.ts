import { expect, it } from '@jest/globals';
import { extendTo, nothingSelected, toggle, without } from './artifact-selection.ts';

const order = ['a', 'b', 'c', 'd', 'e'];
const ids = (selection: { ids: ReadonlySet<string> }): string => [...selection.ids].sort().join('');

it('takes one in and out', () => {
  const one = toggle(nothingSelected, 'b');
  expect(ids(one)).toBe('b');
  expect(ids(toggle(one, 'b'))).toBe('');
});

it('extends from where it began, up or down, and keeps what was selected', () => {
  const begun = toggle(toggle(nothingSelected, 'a'), 'd');
  expect(ids(extendTo(begun, order, 'b'))).toBe('abcd');
  expect(ids(extendTo(extendTo(begun, order, 'b'), order, 'e'))).toBe('abcde');
});

it('selects one where nothing was begun, or where it began is not in the list any more', () => {
  expect(ids(extendTo(nothingSelected, order, 'c'))).toBe('c');
  expect(ids(extendTo(toggle(nothingSelected, 'z'), order, 'c'))).toBe('cz');
});

it('forgets what is gone', () => {
  const two = toggle(toggle(nothingSelected, 'a'), 'b');
  expect(ids(without(two, ['b', 'x']))).toBe('a');
  expect(without(two, ['b']).anchor).toBeNull();
  expect(without(two, ['x'])).toBe(two);
});
