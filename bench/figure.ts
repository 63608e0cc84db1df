import { loadavg } from 'node:os';

/** One line of a bench's table. */
export interface Figure {
  readonly what: string;
  /** What was measured, with its unit. */
  readonly measured: string;
  /** What it is held against, in the same run; empty where nothing is. */
  readonly against: string;
  /** What must be reached; empty for a figure that is only printed. */
  readonly bar: string;
  /** Null for a figure that is only printed. */
  readonly isReached: boolean | null;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = low] = Number.isInteger(middle)
    ? [sorted[middle - 1], sorted[middle]]
    : [sorted[Math.floor(middle)], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** The table, with the load of the machine when it was printed. */
export function printTable(name: string, figures: readonly Figure[]): string {
  const head = ['', 'what', 'measured', 'against', 'must reach'];
  const rows = figures.map(({ what, measured, against, bar, isReached }) => {
    const mark = isReached === null ? '·' : isReached ? '✓' : '✗';
    return [mark, what, measured, against, bar];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  return [`${name} (load of the machine: ${load})`, line(head), ...rows.map(line)].join('\n');
}
