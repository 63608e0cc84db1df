/**
 * What is refused by a look at the bytes, before any decoder sees them: pictures that take minutes to decode though they
 * are small, and SVG that is more than a drawing.
 *
 * **SVG** is never delivered: it is drawn to pixels, and the pixels are. So a script in it, wherever it stands, is never
 * given to a browser, and the library that draws runs none, follows no address and opens no file, since it is given bytes
 * without an address of their own. What is refused here is what makes drawing dear: entities, which grow when they are
 * replaced, nesting, and numbers of elements. What is left is bounded by the processor time that one answer may take.
 */
import { open, readFile, stat } from 'node:fs/promises';
import type { GardenFailure } from '@hortus/contracts/artifact';
import { gardenFailure } from './classify.ts';
import type { PictureSource } from './picture-source.ts';

/** A picture of 100 megapixels without compression of any kind is larger than this by half; nobody has uploaded one. */
export const PICTURE_MAX_BYTES = 256 * 1024 * 1024;
export const SVG_MAX_BYTES = 2 * 1024 * 1024;
export const SVG_MAX_ELEMENTS = 20_000;
export const SVG_MAX_DEPTH = 100;
/** A progressive JPEG has ten, a careful one some dozens. Each is a pass over all pixels: thousands take hours. */
export const JPEG_MAX_SCANS = 100;

const HEAD_BYTES = 4096;
const CHUNK_BYTES = 1024 * 1024;

export type Screened = { readonly source: PictureSource } | { readonly failure: GardenFailure };

/** Whether the bytes begin like SVG: text, whose first element is `svg`, whatever comes before that. */
export function isSvg(head: Uint8Array): boolean {
  const text = Buffer.from(head)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  return text.startsWith('<') && /<svg[\s>/]/i.test(text);
}

/** What is wrong with an SVG; null when it may be drawn. */
export function judgeSvg(text: string): GardenFailure | null {
  if (/<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST)/i.test(text)) {
    const detail = 'The SVG has a document type, by which entities can be declared. Export it without and upload that.';
    return gardenFailure('PICTURE_UNREADABLE', detail);
  }
  let depth = 0;
  let elements = 0;
  for (const [tag] of text.matchAll(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\/?[A-Za-z_][^<>]*>/g)) {
    if (tag.startsWith('<!')) continue;
    if (tag.startsWith('</')) depth -= 1;
    else {
      elements += 1;
      if (!tag.endsWith('/>')) depth += 1;
    }
    if (elements > SVG_MAX_ELEMENTS || depth > SVG_MAX_DEPTH) {
      const limit = `${String(SVG_MAX_ELEMENTS)} elements and ${String(SVG_MAX_DEPTH)} levels`;
      return gardenFailure('PICTURE_TOO_LARGE', `The SVG has more than ${limit}. Simplify it and upload it again.`);
    }
  }
  return null;
}

/** How many scans a JPEG says that it has; counts no further than one above the limit. */
async function countJpegScans(path: string): Promise<number> {
  await using file = await open(path);
  const buffer = Buffer.alloc(CHUNK_BYTES + 1);
  let count = 0;
  for (let position = 0; count <= JPEG_MAX_SCANS; position += CHUNK_BYTES) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    const read = buffer.subarray(0, bytesRead);
    // In the data of a scan, FF is always followed by 00 or a restart, so that every FF DA begins one.
    for (let at = read.indexOf('ffda', 0, 'hex'); at >= 0; at = read.indexOf('ffda', at + 2, 'hex')) count += 1;
    if (bytesRead < buffer.length) break;
  }
  return count;
}

async function readHead(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

/** Tells whether a decoder may have it, and how it is to be opened. */
export async function screenPicture(source: PictureSource): Promise<Screened> {
  const { size } = await stat(source.path);
  if (size === 0) return { failure: gardenFailure('NOT_A_PICTURE') };
  if (size > PICTURE_MAX_BYTES) return { failure: gardenFailure('PICTURE_TOO_LARGE') };
  const head = await readHead(source.path);
  if (head.toString('latin1', 0, 3) === '\xff\xd8\xff' && (await countJpegScans(source.path)) > JPEG_MAX_SCANS) {
    const detail = `The JPEG is written in more than ${String(JPEG_MAX_SCANS)} passes. Save it anew and upload that.`;
    return { failure: gardenFailure('PICTURE_TOO_SLOW', detail) };
  }
  if (!isSvg(head)) return { source };
  if (size > SVG_MAX_BYTES) {
    const detail = `An SVG may have ${String(SVG_MAX_BYTES)} bytes. Simplify it, or export it as PNG.`;
    return { failure: gardenFailure('PICTURE_TOO_LARGE', detail) };
  }
  const svg = await readFile(source.path);
  const failure = judgeSvg(svg.toString('utf8'));
  return failure === null ? { source: { ...source, svg } } : { failure };
}
