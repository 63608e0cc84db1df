/**
 * Tells from a file's own lengths whether it ends before the picture does. Only containers that state lengths can be asked;
 * for all else the answer is no. Bytes that follow the end are none of its business.
 */
export function isCutOff(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const has = (text: string, offset: number): boolean =>
    bytes.byteLength >= offset + text.length &&
    Buffer.from(text, 'latin1').every((byte, index) => bytes[offset + index] === byte);
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

/** What a picture's boxes are at the top level; anything else is what somebody put behind the end. */
const BOX_TYPES: ReadonlySet<number> = new Set([
  0x66747970, // ftyp
  0x6d657461, // meta
  0x6d646174, // mdat
  0x6d6f6f76, // moov
  0x66726565, // free
]);

/** Boxes of length and type, up to the end of the file (ISO 14496-12 §4.2); AVIF and HEIC. */
function isIsoMediaCutOff(view: DataView): boolean {
  let offset = 0;
  let hasData = false;
  while (offset + 8 <= view.byteLength) {
    const length = view.getUint32(offset);
    const type = view.getUint32(offset + 4);
    // Shorter than its own head: up to the end of the file (0), 64 bits (1), or nonsense.
    if (length < 8 || !BOX_TYPES.has(type)) return false;
    hasData ||= type === 0x6d646174;
    offset += length;
  }
  return offset > view.byteLength || !hasData;
}
