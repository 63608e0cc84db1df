/** A picture that is being uploaded, as this browser can show it before anybody else knows of it. */
export interface LocalPreview {
  /** A `blob:` address, good until it is revoked. */
  readonly url: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Null for what the browser can't show. */
export async function makeLocalPreview(file: File): Promise<LocalPreview | null> {
  if (!file.type.startsWith('image/')) return null;
  const img = new Image();
  img.src = URL.createObjectURL(file);
  try {
    await img.decode();
    if (img.naturalWidth === 0 || img.naturalHeight === 0) throw new Error('a picture without size');
    return { url: img.src, widthPx: img.naturalWidth, heightPx: img.naturalHeight };
  } catch {
    URL.revokeObjectURL(img.src);
    return null;
  }
}
