import { describe, expect, it } from '@jest/globals';
import { createRandom } from './random.ts';

describe('createRandom', () => {
  it('repeats itself for the same seed', () => {
    const [one, two] = [createRandom('fern'), createRandom('fern')];
    expect(Array.from({ length: 20 }, one.next)).toEqual(Array.from({ length: 20 }, two.next));
  });

  it('differs for seeds that are nearly equal', () => {
    expect(createRandom('fern 1').next()).not.toBe(createRandom('fern 2').next());
  });

  it('keeps a fork unmoved by what its parent has drawn', () => {
    const [one, two] = [createRandom('fern'), createRandom('fern')];
    one.next();
    expect(one.fork('leaf').next()).toBe(two.fork('leaf').next());
  });

  it('stays inside its bounds', () => {
    const random = createRandom('bounds');
    for (let round = 0; round < 2000; round += 1) {
      expect(random.next()).toBeLessThan(1);
      expect(random.between(3, 4)).toBeGreaterThanOrEqual(3);
      expect([1, 2, 3]).toContain(random.integer(1, 3));
    }
  });
});
