import type { Copyright } from './plan.ts';

const ARTIST = 0x013b;
const COPYRIGHT = 0x8298;
const ASCII = 2;
const TEXT_MAX_LENGTH = 500;

/**
 * The names of author and owner in EXIF (CIPA DC-008, tags 013B and 8298 of the first directory). Everything else that a
 * camera writes, places and serial numbers among it, is not read.
 *
 * @param exif as `sharp` gives it: with or without the mark `Exif` before the TIFF header
 * @returns null where there is neither, or the block is damaged
 */
export function readCopyright(exif: Buffer): Copyright | null {
  const tiff = exif.toString('latin1', 0, 4) === 'Exif' ? exif.subarray(6) : exif;
  try {
    const isLittle = tiff.toString('latin1', 0, 2) === 'II';
    const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
    const long = (at: number) => (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
    const directory = long(4);
    const names: { artist?: string; copyright?: string } = {};
    for (let index = 0; index < short(directory); index += 1) {
      const entry = directory + 2 + index * 12;
      const tag = short(entry);
      if ((tag !== ARTIST && tag !== COPYRIGHT) || short(entry + 2) !== ASCII) continue;
      const length = long(entry + 4);
      const at = length <= 4 ? entry + 8 : long(entry + 8);
      if (at + length > tiff.length) return null;
      const bytes = tiff.toString('utf8', at, at + Math.min(length, TEXT_MAX_LENGTH));
      const text = bytes.replaceAll('\0', ' ').trim();
      if (text !== '') names[tag === ARTIST ? 'artist' : 'copyright'] = text;
    }
    return Object.keys(names).length > 0 ? names : null;
  } catch {
    return null;
  }
}
