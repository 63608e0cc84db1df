import sharp from 'sharp';
import { finishPicture } from './finish.ts';
import { drawPlate, finishOf, sheetSize, type Plate } from './plates.ts';

export interface RenderedPlate {
  /** A JPEG. */
  readonly bytes: Buffer;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Draws a plate as SVG, lays it on paper and light, and gives a JPEG of 1600 px on its long side. */
export async function renderPlate(plate: Plate): Promise<RenderedPlate> {
  const { width, height } = sheetSize(plate.sheet);
  const drawn = await sharp(Buffer.from(drawPlate(plate)), { limitInputPixels: width * height, unlimited: true })
    .flatten({ background: '#ffffff' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  const pixels = await finishPicture(drawn, width, height, finishOf(plate), plate.seed);
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 88, mozjpeg: false, chromaSubsampling: '4:4:4' })
    .toBuffer();
  return { bytes, widthPx: width, heightPx: height };
}
