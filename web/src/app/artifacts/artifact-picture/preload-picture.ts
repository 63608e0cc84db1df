import type { PictureSources } from '../picture-sources.ts';

/**
 * Lets the browser choose, load and decode what a `<picture>` would show, without showing it. What is put on the screen
 * afterwards is there at once. Throws when the picture can't be loaded.
 */
export async function preloadPicture(picture: PictureSources, sizes: string): Promise<void> {
  const element = document.createElement('picture');
  for (const { type, srcset } of picture.sources) {
    const source = document.createElement('source');
    source.type = type;
    source.sizes = sizes;
    source.srcset = srcset;
    element.append(source);
  }
  const img = document.createElement('img');
  element.append(img);
  img.src = picture.src;
  await img.decode();
}
