import { VARIANT_WIDTHS_PX, type VariantFormat } from '@hortus/contracts/artifact';

/** What the plan is made from: the picture upright, without a pixel decoded. */
export interface PictureFacts {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 1 for a picture that stands still. */
  readonly frames: number;
}

/** Which variants a picture gets: every width in every format. */
export interface VariantPlan {
  readonly formats: readonly VariantFormat[];
  /** Ascending, at least one. */
  readonly widthsPx: readonly number[];
  readonly animated: boolean;
}

/** WebP stores a side in 14 bits. The smallest limit of the formats holds for all, so that each has the same widths. */
export const VARIANT_MAX_SIDE_PX = 16_383;

/** Height that keeps the proportions, at least 1. */
export function heightAt(widthPx: number, facts: PictureFacts): number {
  return Math.max(1, Math.round((widthPx * facts.heightPx) / facts.widthPx));
}

/**
 * Widths never above the source's; a source narrower than the smallest width gets its own. A width that would make the
 * variant taller than a format allows is left out; a strip for which that leaves nothing gets the widest that fits.
 *
 * An animated picture gets no AVIF: libvips writes AVIF of one frame only, and a still is no variant of an animation.
 */
export function planVariants(facts: PictureFacts): VariantPlan {
  const animated = facts.frames > 1;
  const own = Math.min(facts.widthPx, VARIANT_WIDTHS_PX[0]);
  const wanted = [own, ...VARIANT_WIDTHS_PX.filter((widthPx) => widthPx > own && widthPx <= facts.widthPx)];
  const fitting = wanted.filter((widthPx) => heightAt(widthPx, facts) <= VARIANT_MAX_SIDE_PX);
  const widest = Math.max(1, Math.floor((facts.widthPx * VARIANT_MAX_SIDE_PX) / facts.heightPx));
  return {
    formats: animated ? ['webp'] : ['webp', 'avif'],
    widthsPx: fitting.length > 0 ? fitting : [widest],
    animated,
  };
}

export function countVariants(plan: VariantPlan): number {
  return plan.formats.length * plan.widthsPx.length;
}
