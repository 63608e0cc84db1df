import type { Frame, Point } from './geometry.ts';
import { onBlade, type Mark } from './marks.ts';

const CELL = 20;

/** Which parts of a sheet are taken, so that labels and stamps lie beside the plant and not on it. */
export interface Occupancy {
  take(frame: Frame): void;
  /** Share of a frame that is taken, 0…1. */
  share(frame: Frame): number;
}

export function createOccupancy(sheet: Frame, marks: readonly Mark[]): Occupancy {
  const columns = Math.ceil(sheet.width / CELL);
  const rows = Math.ceil(sheet.height / CELL);
  const taken = new Uint8Array(columns * rows);
  const cell = (value: number, limit: number): number => Math.max(0, Math.min(limit - 1, Math.floor(value / CELL)));
  const takePoint = ({ x, y }: Point): void => {
    taken[cell(y, rows) * columns + cell(x, columns)] = 1;
  };
  for (const mark of marks) {
    if (mark.kind === 'blade') {
      for (let t = 0; t <= 1; t += 0.1) for (let u = -1; u <= 1; u += 0.25) takePoint(onBlade(mark, t, u));
    } else if (mark.kind === 'strand') {
      mark.line.forEach(takePoint);
    } else {
      mark.dots.forEach(takePoint);
    }
  }
  const each = (frame: Frame, visit: (index: number) => void): void => {
    for (let row = cell(frame.y, rows); row <= cell(frame.y + frame.height, rows); row += 1) {
      for (let column = cell(frame.x, columns); column <= cell(frame.x + frame.width, columns); column += 1) {
        visit(row * columns + column);
      }
    }
  };
  return {
    take: (frame) => {
      each(frame, (index) => {
        taken[index] = 1;
      });
    },
    share: (frame) => {
      let all = 0;
      let hit = 0;
      each(frame, (index) => {
        all += 1;
        hit += taken[index] ?? 0;
      });
      return all === 0 ? 1 : hit / all;
    },
  };
}
