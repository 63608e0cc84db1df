import type { Manifest, Variant } from '@hortus/contracts/artifact';

/** One `<source>` of a `<picture>`. */
export interface PictureSource {
  readonly type: string;
  readonly srcset: string;
}

/** What a `<picture>` shows; `src` is for the browser that takes none of the sources, hence JPEG, PNG or GIF once there is one. */
export interface PictureSources {
  readonly sources: readonly PictureSource[];
  readonly src: string;
}

/**
 * The sources of a picture for what exists so far; null while nothing does.
 *
 * A browser takes the first source whose type it knows and looks no further. While AVIF exists at 320 px only, a pure AVIF
 * source would thus show 320 px where WebP has 2560 px. So the first source fills the widths that AVIF lacks with WebP,
 * which every browser that shows AVIF shows as well.
 */
export function pictureSources(manifest: Manifest): PictureSources | null {
  const webp = byWidth(manifest.variants, 'webp');
  const avif = byWidth(manifest.variants, 'avif');
  const old = manifest.variants.find(({ format }) => format !== 'webp' && format !== 'avif');
  const fallback = old ?? [...(webp.size > 0 ? webp : avif).values()].at(-1);
  if (fallback === undefined) return null;
  const sources: PictureSource[] = [];
  if (avif.size > 0) sources.push({ type: 'image/avif', srcset: srcsetOf(new Map([...webp, ...avif])) });
  if (webp.size > 0) sources.push({ type: 'image/webp', srcset: srcsetOf(webp) });
  return { sources, src: fallback.url };
}

export function sameSources(a: PictureSources | null, b: PictureSources | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The variant that the browser chose, by the `currentSrc` of the `<img>`. */
export function shownVariant(variants: readonly Variant[], currentSrc: string): Variant | null {
  const path = addressPath(currentSrc);
  return variants.find(({ url }) => addressPath(url) === path) ?? null;
}

function byWidth(variants: readonly Variant[], format: Variant['format']): ReadonlyMap<number, Variant> {
  const ofFormat = variants.filter((variant) => variant.format === format);
  return new Map(ofFormat.sort((a, b) => a.widthPx - b.widthPx).map((variant) => [variant.widthPx, variant]));
}

function srcsetOf(variants: ReadonlyMap<number, Variant>): string {
  const inOrder = [...variants.values()].sort((a, b) => a.widthPx - b.widthPx);
  return inOrder.map(({ url, widthPx }) => `${url} ${String(widthPx)}w`).join(', ');
}

/** An address without origin and signature. */
function addressPath(url: string): string {
  return url.replace(/^https?:\/\/[^/]+/, '').replace(/\?.*$/, '');
}
