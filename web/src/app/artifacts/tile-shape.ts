/** Until the gardener has looked at a picture nobody knows its shape; this one is the most frequent. */
const RATIO_UNKNOWN = 4 / 3;
/** A file is drawn as a sheet of paper. */
const RATIO_FILE = 1;
/** Beyond these a tile would be a sliver; the picture inside is cropped a little instead. */
const RATIO_MIN = 0.5;
const RATIO_MAX = 2.8;

export interface Shape {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Width ÷ height of a tile. The grid gives each tile `flex-grow` and `flex-basis` in proportion to it, whereupon all tiles
 * of a row come out at the same height without a line of layout code, and nothing moves when a picture arrives.
 */
export function tileRatio(picture: Shape | null, isFile = false): number {
  if (picture === null) return isFile ? RATIO_FILE : RATIO_UNKNOWN;
  if (picture.widthPx <= 0 || picture.heightPx <= 0) return RATIO_UNKNOWN;
  return Math.min(RATIO_MAX, Math.max(RATIO_MIN, picture.widthPx / picture.heightPx));
}
