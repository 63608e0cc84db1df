import { describe, expect, it } from '@jest/globals';
import { boundsOfMarks, fitMarks } from './marks.ts';
import { PLANTS } from './plants.ts';
import { createRandom } from './random.ts';

describe('fitMarks', () => {
  it('puts a plant wholly inside its frame, and touches two sides of it', () => {
    const frame = { x: 100, y: 50, width: 800, height: 1200 };
    for (const name of ['iris', 'olive', 'snowdrop', 'bean-grid'] as const) {
      const { left, top, right, bottom } = boundsOfMarks(fitMarks(PLANTS[name](createRandom('fit')), frame));
      expect(left).toBeGreaterThanOrEqual(frame.x - 0.01);
      expect(top).toBeGreaterThanOrEqual(frame.y - 0.01);
      expect(right).toBeLessThanOrEqual(frame.x + frame.width + 0.01);
      expect(bottom).toBeLessThanOrEqual(frame.y + frame.height + 0.01);
      expect(Math.max((right - left) / frame.width, (bottom - top) / frame.height)).toBeCloseTo(1, 5);
    }
  });
});
