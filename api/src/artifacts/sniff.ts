/** What bytes are, told from how they begin. */
export interface Sniffed {
  readonly contentType: string;
  /** Whether the gardener can make variants of it. */
  readonly isPicture: boolean;
}

const isPictureType = (contentType: string): boolean => /^image\/(jpeg|png|gif|webp|tiff|avif)$/.test(contentType);

/** Bytes at places, as Latin-1: all of a line must be there. Longer marks before those that they begin with. */
const MARKS: readonly (readonly [contentType: string, ...marks: readonly (readonly [at: number, bytes: string])[]])[] =
  [
    ['image/jpeg', [0, '\xff\xd8\xff']],
    ['image/png', [0, '\x89PNG\r\n\x1a\n']],
    ['image/gif', [0, 'GIF87a']],
    ['image/gif', [0, 'GIF89a']],
    ['image/webp', [0, 'RIFF'], [8, 'WEBP']],
    ['audio/wav', [0, 'RIFF'], [8, 'WAVE']],
    ['video/x-msvideo', [0, 'RIFF'], [8, 'AVI ']],
    ['image/tiff', [0, 'II*\0']],
    ['image/tiff', [0, 'MM\0*']],
    ['image/jxl', [0, '\xff\x0a']],
    ['image/jxl', [0, '\0\0\0\x0cJXL \r\n\x87\n']],
    ['image/vnd.adobe.photoshop', [0, '8BPS']],
    ['application/pdf', [0, '%PDF-']],
    ['application/postscript', [0, '%!PS']],
    ['application/zip', [0, 'PK\x03\x04']],
    ['application/zip', [0, 'PK\x05\x06']],
    ['application/gzip', [0, '\x1f\x8b\x08']],
    ['application/zstd', [0, '\x28\xb5\x2f\xfd']],
    ['application/x-xz', [0, '\xfd7zXZ\0']],
    ['application/x-7z-compressed', [0, "7z\xbc\xaf'\x1c"]],
    ['application/vnd.rar', [0, 'Rar!\x1a\x07']],
    ['application/x-tar', [257, 'ustar']],
    ['video/webm', [0, '\x1a\x45\xdf\xa3'], [31, 'webm']],
    ['video/x-matroska', [0, '\x1a\x45\xdf\xa3']],
    ['audio/mpeg', [0, 'ID3']],
    ['audio/flac', [0, 'fLaC']],
    ['audio/ogg', [0, 'OggS']],
    ['font/woff', [0, 'wOFF']],
    ['font/woff2', [0, 'wOF2']],
  ];

/** The brands of an ISO base media file (`ftyp`), the main one first. */
function brandsOf(ascii: (start: number, end: number) => string): string[] {
  return [ascii(8, 12), ...Array.from({ length: 8 }, (_, index) => ascii(16 + index * 4, 20 + index * 4))];
}

function typeOfMedia(brands: readonly string[]): string {
  const [main = ''] = brands;
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'image/avif';
  if (main.startsWith('hei') || main.startsWith('hev') || main === 'mif1') return 'image/heic';
  if (main.startsWith('M4A')) return 'audio/mp4';
  return main.startsWith('qt') ? 'video/quicktime' : 'video/mp4';
}

/** What may stand before the first element: a declaration, comments, a document type, space. */
const BEFORE_ELEMENT = /^(?:<\?[^>]*>|<!--[\s\S]*?-->|<!(?!--)[^>]*>|\s+|\ufeff)/;

/** Text whose first element is `svg`: the gardener draws it, and never gives it to a browser. */
function isSvg(head: Buffer): boolean {
  let text = head.toString('utf8');
  for (let before = BEFORE_ELEMENT.exec(text); before !== null; before = BEFORE_ELEMENT.exec(text)) {
    text = text.slice(before[0].length);
  }
  return /^<svg[\s>/]/i.test(text);
}

/**
 * Told from the first bytes, never from a name: a name and a declared type are what the uploader says. Null where the bytes
 * do not say what they are; so is text, HTML and script among it, which nothing here shall ever call by a type that a
 * browser runs. SVG is a picture by what it is, and bytes without a type by what it is called. What begins like a picture and goes on like a script is the picture, and nosniff keeps it one.
 *
 * @param head the first bytes of the file; 300 are enough
 */
export function sniff(head: Buffer): Sniffed | null {
  const ascii = (start: number, end: number) => head.toString('latin1', start, end);
  const found = MARKS.find(([, ...marks]) => marks.every(([at, bytes]) => ascii(at, at + bytes.length) === bytes));
  const contentType = found?.[0] ?? (ascii(4, 8) === 'ftyp' ? typeOfMedia(brandsOf(ascii)) : null);
  if (contentType === null && isSvg(head)) return { contentType: 'application/octet-stream', isPicture: true };
  return contentType === null ? null : { contentType, isPicture: isPictureType(contentType) };
}

/** Formats that a program would expect the gardener to handle when somebody declares them. */
const PICTURE_TYPE = /^image\/(jpe?g|pjpeg|png|gif|webp|avif|tiff?)$/i;
const PICTURE_NAME = /\.(jpe?g|png|gif|webp|avif|tiff?)$/i;

/** Whether the uploader says that the bytes are a picture, by the declared type or by the name of the artifact. */
export function claimsPicture(declaredType: string | undefined, name: string): boolean {
  return PICTURE_TYPE.test(declaredType?.split(';', 1)[0]?.trim() ?? '') || PICTURE_NAME.test(name);
}
