/** A program of its own, run by {@link encodeAvif}: decodes a picture and encodes it as AVIF, width by width. */
import { answerParent } from '../low-priority-process.ts';
import { encodeVariants } from './encode.ts';
import { prepareDecoder, type PictureSource } from './picture-source.ts';
import type { VariantPlan } from './plan.ts';

export interface AvifRequest {
  readonly source: PictureSource;
  readonly plan: VariantPlan;
  readonly widthsPx: readonly number[];
}

prepareDecoder();
answerParent(({ source, plan, widthsPx }: AvifRequest) => encodeVariants(source, plan, 'avif', widthsPx));
