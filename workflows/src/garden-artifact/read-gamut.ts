const HEADER_BYTES = 128;
const TAG_BYTES = 12;
const TAGS_MAX = 200;
const PRIMARIES = ['rXYZ', 'gXYZ', 'bXYZ'] as const;

/** Of the triangle of sRGB's primaries in the plane of chromaticities, as profiles hold them (adapted to D50). */
const SRGB_AREA = 0.1091;
/** Twice the error of a profile's fixed-point numbers and of makers' own idea of sRGB; Display P3 has 1.32. */
const WIDE_SHARE = 1.1;

/** Where a tag of the profile lies, by its four letters (ICC.1:2022 §7.3). */
function findTag(icc: Buffer, name: string): number | null {
  const count = Math.min(TAGS_MAX, icc.readUInt32BE(HEADER_BYTES));
  for (let index = 0; index < count; index += 1) {
    const at = HEADER_BYTES + 4 + index * TAG_BYTES;
    if (icc.toString('latin1', at, at + 4) === name) return icc.readUInt32BE(at + 4);
  }
  return null;
}

/** A profile travels with every variant: one of tables, which is larger than small variants are, is not worth that. */
const PROFILE_MAX_BYTES = 16_384;

/** Whether a profile of three primaries holds clearly more colours than sRGB, in a few bytes; false for damaged ones and all others. */
export function isWideGamut(icc: Buffer): boolean {
  if (icc.length > PROFILE_MAX_BYTES) return false;
  try {
    const points = PRIMARIES.map((name) => {
      const at = findTag(icc, name);
      if (at === null) return null;
      const [x = 0, y = 0, z = 0] = [8, 12, 16].map((offset) => icc.readInt32BE(at + offset) / 65_536);
      return { x: x / (x + y + z), y: y / (x + y + z) };
    });
    const [red, green, blue] = points;
    if (!red || !green || !blue) return false;
    const twice = (green.x - red.x) * (blue.y - red.y) - (blue.x - red.x) * (green.y - red.y);
    return Math.abs(twice) / 2 > SRGB_AREA * WIDE_SHARE;
  } catch {
    return false; // It ends where a number should stand.
  }
}
