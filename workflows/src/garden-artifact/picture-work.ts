/**
 * What a process that decodes pictures is asked, and answers. Two kinds of work: the first look with the first variant, and
 * the variants of one format.
 */
import type { GardenFailure, Placeholder } from '@hortus/contracts/artifact';
import type { GardenPreset } from '@hortus/contracts/gardener';
import type { EncodedVariant, Hint } from './encode.ts';
import type { PictureSource } from './picture-source.ts';
import type { PictureFacts, FormatPlan, VariantPlan } from './plan.ts';

export interface LookRequest {
  readonly work: 'look';
  readonly source: PictureSource;
  readonly preset: GardenPreset;
}

/** In this order: either the failure alone, or what was seen, and then the first variant. */
export type LookAnswer =
  | { readonly failure: GardenFailure }
  | {
      readonly seen: Pick<PictureFacts, 'widthPx' | 'heightPx'>;
      readonly plan: VariantPlan;
      readonly placeholder: Placeholder;
    }
  | { readonly first: EncodedVariant };

export interface VariantsRequest {
  readonly work: 'variants';
  readonly source: PictureSource;
  readonly plan: VariantPlan;
  readonly making: FormatPlan;
  readonly hints: readonly Hint[];
}
