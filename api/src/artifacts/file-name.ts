const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/tiff': ['tif', 'tiff'],
  'image/svg+xml': ['svg'],
  'text/plain': ['txt'],
  'application/octet-stream': [],
};
/** Of the name without its ending, in UTF-8; file systems take 255 for both. */
const BASE_BYTES_MAX = 200;

/** Endings that files of a media type have, the usual one first; none where nobody knows. */
function endingsOf(contentType: string): readonly string[] {
  const type = contentType.replace(/;.*$/, '').trim().toLowerCase();
  const ending = type.replace(/^.*\/(?:x-)?/, '').replace(/[^a-z0-9].*$/, '');
  return ENDINGS[type] ?? (ending === '' ? [] : [ending]);
}

/** As many whole characters as fit. */
function cut(text: string, bytesMax: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > bytesMax) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

/**
 * What a file may be called that is saved from an artifact, on any file system: no path, nothing that steers a terminal or
 * turns the direction of writing (which would hide the true ending), no name that Windows keeps for devices, an ending by type.
 */
export function fileNameOf(name: string, contentType: string): string {
  const clean = name
    .normalize('NFC')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const endings = endingsOf(contentType);
  const given = endings.find((ending) => clean.toLowerCase().endsWith(`.${ending}`));
  const ending = given === undefined ? (endings[0] ?? '') : clean.slice(-given.length);
  const base = cut(given === undefined ? clean : clean.slice(0, -given.length - 1), BASE_BYTES_MAX).replace(
    /[. ]+$/,
    '',
  );
  const safe = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(base) ? `_${base}` : base === '' ? 'original' : base;
  return ending === '' ? safe : `${safe}.${ending}`;
}

/** The same names, each once, as file systems see it that know no case: `a.jpg`, `A (2).jpg`. */
export function makeUnique(names: readonly string[]): string[] {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return names.map((name) => {
    const [, base = name, ending = ''] = /^(.+?)(\.[^.]{1,10})?$/s.exec(name) ?? [];
    let unique = name;
    for (let number = next.get(name.toLowerCase()) ?? 2; taken.has(unique.toLowerCase()); number += 1) {
      unique = `${base} (${String(number)})${ending}`;
      next.set(name.toLowerCase(), number + 1);
    }
    taken.add(unique.toLowerCase());
    return unique;
  });
}
