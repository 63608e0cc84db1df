/**
 * Tells from a file's own lengths whether it ends before the picture does. Only containers that state lengths can be asked;
 * for all else the answer is no. Bytes that follow the end are none of its business.
 */
export function isCutOff(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const has = (text: string, offset: number): boolean =>
    bytes.byteLength >= offset + text.length &&
    [...text].every((letter, index) => bytes[offset + index] === letter.charCodeAt(0));
  if (has('\x89PNG\r\n\x1a\n', 0)) return isPngCutOff(view);
  if (has('RIFF', 0) && has('WEBP', 8)) return view.getUint32(4, true) + 8 > bytes.byteLength;
  if (has('ftyp', 4)) return isIsoMediaCutOff(view);
  if (has('II*\0', 0) && bytes.byteLength >= 8) return view.getUint32(4, true) >= bytes.byteLength;
  if (has('MM\0*', 0) && bytes.byteLength >= 8) return view.getUint32(4) >= bytes.byteLength;
  return false;
}

/** Chunks of length, type, data and checksum, up to `IEND` (PNG §5.3). */
function isPngCutOff(view: DataView): boolean {
  const iend = 0x49454e44;
  let offset = 8;
  while (offset + 8 <= view.byteLength) {
    if (view.getUint32(offset + 4) === iend) return false;
    offset += view.getUint32(offset) + 12;
  }
  return true;
}

/** Boxes of length and type, up to the end of the file (ISO 14496-12 §4.2); AVIF and HEIC. */
function isIsoMediaCutOff(view: DataView): boolean {
  let offset = 0;
  while (offset + 8 <= view.byteLength) {
    const length = view.getUint32(offset);
    if (length === 0) return false; // Up to the end of the file, wherever that is.
    if (length < 8) return false; // Nonsense, or a 64-bit length that no picture here needs.
    offset += length;
    const next = offset + 8 <= view.byteLength ? view.getUint32(offset + 4) : 0;
    if (offset < view.byteLength && !isBoxType(next)) return false; // Padding after the end.
  }
  return offset > view.byteLength;
}

function isBoxType(type: number): boolean {
  return [24, 16, 8, 0].every((shift) => {
    const letter = (type >>> shift) & 0xff;
    return letter >= 0x20 && letter < 0x7f;
  });
}
