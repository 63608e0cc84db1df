import type { VariantFormat } from '@hortus/contracts/artifact';
import type { GardenPreset } from '@hortus/contracts/gardener';

/** What the plan is made from: the picture upright, without a pixel decoded. */
export interface PictureFacts {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 1 for a picture that stands still. */
  readonly frames: number;
  /** What its bytes are. */
  readonly kind: 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'svg';
  readonly hasAlpha: boolean;
  /** Its profile holds colours that sRGB does not. */
  readonly isWide: boolean;
  readonly copyright: Copyright | null;
}

/** Names that the original carries, as EXIF has them. */
export interface Copyright {
  readonly artist?: string;
  readonly copyright?: string;
}

/** The variants of one format. */
export interface FormatPlan {
  readonly format: VariantFormat;
  /** Ascending, at least one. */
  readonly widthsPx: readonly number[];
}

/** Which variants a picture gets, and how. */
export interface VariantPlan {
  /** In the order in which they are made; at least one. */
  readonly formats: readonly FormatPlan[];
  readonly animated: boolean;
  /** Of sRGB, or those of the original with its profile. */
  readonly colours: 'srgb' | 'own';
  readonly targetScore: number | null;
  readonly copyright: Copyright | null;
}

/** WebP stores a side in 14 bits. The smallest limit of the formats holds for all, so that each has the same widths. */
export const VARIANT_MAX_SIDE_PX = 16_383;

/** A step that is nearly as wide as the original is left out: the original's own width stands in for it. */
const STEP_MAX_SHARE = 0.9;

/** Height that keeps the proportions, at least 1. */
export function heightAt(widthPx: number, facts: Pick<PictureFacts, 'widthPx' | 'heightPx'>): number {
  return Math.max(1, Math.round((widthPx * facts.heightPx) / facts.widthPx));
}

/**
 * Steps that are narrower than the source, and the source's own width where it is below the largest step; nothing is
 * enlarged. A width that would make the variant taller than a format allows is left out; a strip for which that leaves
 * nothing gets the widest that fits.
 */
function chooseWidths(facts: PictureFacts, stepsPx: readonly number[]): readonly number[] {
  const steps = [...new Set(stepsPx)].sort((a, b) => a - b);
  const largest = steps.at(-1) ?? facts.widthPx;
  const isOwnAdded = facts.widthPx < largest;
  const below = steps.filter((step) => (isOwnAdded ? step <= facts.widthPx * STEP_MAX_SHARE : step <= facts.widthPx));
  const wanted = isOwnAdded ? [...below, facts.widthPx] : below;
  const fitting = wanted.filter((widthPx) => heightAt(widthPx, facts) <= VARIANT_MAX_SIDE_PX);
  const widest = Math.max(1, Math.floor((facts.widthPx * VARIANT_MAX_SIDE_PX) / facts.heightPx));
  return fitting.length > 0 ? fitting : [Math.min(widest, facts.widthPx)];
}

/** What a browser gets that knows neither WebP nor AVIF: the source's kind, or what holds the same. */
function fallbackOf({ kind, hasAlpha, frames }: PictureFacts): VariantFormat {
  if (frames > 1) return 'gif';
  if (kind === 'jpeg' || kind === 'png' || kind === 'gif') return kind;
  return hasAlpha || kind === 'svg' ? 'png' : 'jpeg';
}

/** An animated picture gets no AVIF: libvips writes AVIF of one frame only, and a still is no variant of an animation. */
export function planVariants(facts: PictureFacts, preset: GardenPreset): VariantPlan {
  const animated = facts.frames > 1;
  const widthsPx = chooseWidths(facts, preset.widthsPx);
  const fallbackPx = widthsPx.findLast((widthPx) => widthPx <= preset.fallbackWidthMaxPx) ?? widthsPx[0] ?? 1;
  const formats = preset.formats.flatMap((format): FormatPlan[] => {
    if (format === 'fallback') return [{ format: fallbackOf(facts), widthsPx: [fallbackPx] }];
    return animated && format === 'avif' ? [] : [{ format, widthsPx }];
  });
  return {
    formats: formats.length > 0 ? formats : [{ format: 'webp', widthsPx }],
    animated,
    colours: preset.keepsWideColours && facts.isWide && !animated ? 'own' : 'srgb',
    targetScore: animated ? null : preset.targetScore,
    copyright: preset.keepsCopyright ? facts.copyright : null,
  };
}

export function countVariants(plan: VariantPlan): number {
  return plan.formats.reduce((sum, { widthsPx }) => sum + widthsPx.length, 0);
}
