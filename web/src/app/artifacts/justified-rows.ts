/** Measures of the grid in pixels. */
export interface GridMeasures {
  readonly widthPx: number;
  /** How high the pictures of a row are at the most. */
  readonly rowPx: number;
  /** The room below a picture for what is said of it. */
  readonly captionPx: number;
  readonly gapPx: number;
  readonly rowGapPx: number;
}

export interface GridRow {
  /** Index of its first tile. */
  readonly first: number;
  readonly topPx: number;
  /** Of its pictures. */
  readonly heightPx: number;
}

export interface GridLayout {
  readonly rows: readonly GridRow[];
  readonly heightPx: number;
}

/**
 * Puts pictures of any shape into rows of one height that fill the width. A row ends with the tile that fills it, so it is
 * never higher than `rowPx`; the last row keeps that height, so that a lone picture is not blown up.
 *
 * @param ratios width ÷ height of each tile
 */
export function layOutRows(ratios: readonly number[], measures: GridMeasures): GridLayout {
  const { widthPx, rowPx, captionPx, gapPx, rowGapPx } = measures;
  const rows: GridRow[] = [];
  let first = 0;
  let ratioSum = 0;
  let topPx = 0;
  for (let index = 0; index < ratios.length; index += 1) {
    ratioSum += ratios[index] ?? 1;
    const roomPx = widthPx - gapPx * (index - first);
    const isFull = ratioSum * rowPx >= roomPx;
    if (!isFull && index < ratios.length - 1) continue;
    const heightPx = Math.max(1, isFull ? roomPx / ratioSum : rowPx);
    rows.push({ first, topPx, heightPx });
    topPx += heightPx + captionPx + rowGapPx;
    first = index + 1;
    ratioSum = 0;
  }
  return { rows, heightPx: Math.max(0, topPx - rowGapPx) };
}

/** The rows that have a part between two heights: from the first, to before the second. */
export function rowsBetween({ rows, heightPx }: GridLayout, fromPx: number, toPx: number): [number, number] {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bottomPx = rows[middle + 1]?.topPx ?? heightPx + 1;
    if (bottomPx <= fromPx) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < rows.length && (rows[end]?.topPx ?? 0) < toPx) end += 1;
  return [low, end];
}
