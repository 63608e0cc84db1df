import type { VariantFormat } from '@hortus/contracts/artifact';

export const VARIANT_FORMAT_NAMES: Readonly<Record<VariantFormat, string>> = {
  webp: 'WebP',
  avif: 'AVIF',
  jpeg: 'JPEG',
  png: 'PNG',
  gif: 'GIF',
};
