import { thumbHashToDataURL } from 'thumbhash';

/** The blurred preview of a picture as an address that paints at once; null when the hash can't be read. */
export function placeholderUrl(thumbhash: string): string | null {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}
