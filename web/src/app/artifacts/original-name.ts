const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'image/tiff': 'tif',
  'text/plain': 'txt',
  'application/octet-stream': '',
};

/** The ending that files of a media type usually have; empty where there is none. */
export function fileEnding(contentType: string): string {
  const type = contentType.replace(/;.*$/, '').trim().toLowerCase();
  return ENDINGS[type] ?? type.replace(/^.*\/(?:x-)?/, '').replace(/[^a-z0-9].*$/, '');
}

/** A file name for a downloaded original: the artifact's name without what file systems refuse, and an ending by type. */
export function originalName(name: string, contentType: string): string {
  const ending = fileEnding(contentType);
  const clean = name
    .replace(/[\p{Cc}<>:"/\\|?*]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const base = clean === '' ? 'original' : clean;
  return ending === '' || base.toLowerCase().endsWith(`.${ending}`) ? base : `${base}.${ending}`;
}
