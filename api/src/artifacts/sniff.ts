/** What bytes are, told from how they begin. */
export interface Sniffed {
  readonly contentType: string;
  /** Whether the gardener can make variants of it. */
  readonly isPicture: boolean;
}

function picture(contentType: string): Sniffed {
  return { contentType, isPicture: true };
}

/** `ftyp` brands of ISO base media files that hold an AVIF picture. */
const AVIF_BRANDS = ['avif', 'avis'];

/**
 * Told from the first bytes, never from a name: a name and a declared type are what the uploader says. Null where the bytes
 * do not say what they are.
 *
 * @param head the first bytes of the file; 32 are enough
 */
export function sniff(head: Buffer): Sniffed | null {
  const ascii = (start: number, end: number) => head.toString('latin1', start, end);
  if (head.length >= 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return picture('image/jpeg');
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return picture('image/png');
  if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') return picture('image/gif');
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return picture('image/webp');
  if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*') return picture('image/tiff');
  if (ascii(4, 8) === 'ftyp') {
    const brands = [ascii(8, 12), ...Array.from({ length: 8 }, (_, index) => ascii(16 + index * 4, 20 + index * 4))];
    if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return picture('image/avif');
    return { contentType: brands[0]?.startsWith('hei') ? 'image/heic' : 'video/mp4', isPicture: false };
  }
  if (ascii(0, 5) === '%PDF-') return { contentType: 'application/pdf', isPicture: false };
  if (ascii(0, 4) === 'PK\x03\x04') return { contentType: 'application/zip', isPicture: false };
  return null;
}

/** Formats that a program would expect the gardener to handle when somebody declares them. */
const PICTURE_TYPE = /^image\/(jpe?g|pjpeg|png|gif|webp|avif|tiff?)$/i;
const PICTURE_NAME = /\.(jpe?g|png|gif|webp|avif|tiff?)$/i;

/** Whether the uploader says that the bytes are a picture, by the declared type or by the name of the artifact. */
export function claimsPicture(declaredType: string | undefined, name: string): boolean {
  return PICTURE_TYPE.test(declaredType?.split(';', 1)[0]?.trim() ?? '') || PICTURE_NAME.test(name);
}
