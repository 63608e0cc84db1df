import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { layOutRows, rowsBetween } from './justified-rows.ts';

const measures = { widthPx: 1000, rowPx: 240, captionPx: 50, gapPx: 20, rowGapPx: 30 };
const ratios = fc.array(fc.double({ min: 0.5, max: 2.8, noNaN: true }), { maxLength: 200 });

describe('layOutRows', () => {
  it('fills the width with every row but the last, at no more than the height of a row', () => {
    fc.assert(
      fc.property(ratios, (ratios) => {
        const { rows } = layOutRows(ratios, measures);
        rows.forEach(({ first, heightPx }, row) => {
          const end = rows[row + 1]?.first ?? ratios.length;
          const widthPx = ratios
            .slice(first, end)
            .reduce((sumPx, ratio) => sumPx + ratio * heightPx, measures.gapPx * (end - first - 1));
          expect(heightPx).toBeLessThanOrEqual(measures.rowPx);
          if (row < rows.length - 1) expect(widthPx).toBeCloseTo(measures.widthPx);
          else expect(widthPx).toBeLessThanOrEqual(measures.widthPx + 0.001);
        });
      }),
    );
  });

  it('does not blow up a lone picture', () => {
    expect(layOutRows([1], measures).rows).toEqual([{ first: 0, topPx: 0, heightPx: 240 }]);
  });

  it('is empty without tiles', () => {
    expect(layOutRows([], measures)).toEqual({ rows: [], heightPx: 0 });
  });
});

describe('rowsBetween', () => {
  it('finds every row that can be seen', () => {
    fc.assert(
      fc.property(ratios, fc.nat(20_000), fc.nat(3000), (ratios, fromPx, lengthPx) => {
        const layout = layOutRows(ratios, measures);
        const [start, end] = rowsBetween(layout, fromPx, fromPx + lengthPx);
        layout.rows.forEach(({ topPx, heightPx }, row) => {
          const isSeen = topPx < fromPx + lengthPx && topPx + heightPx + measures.captionPx > fromPx;
          if (isSeen) expect(row >= start && row < end).toBe(true);
        });
      }),
    );
  });

  it('finds none below the end', () => {
    const layout = layOutRows([1, 1, 1], measures);
    expect(rowsBetween(layout, 5000, 6000)).toEqual([1, 1]);
  });
});
