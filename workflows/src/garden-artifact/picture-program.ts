/** A program of its own that decodes and encodes pictures, so that the worker never does: see `picture-work.ts`. */
import { answerParent } from '../child-process.ts';
import { decodeAt, encodeFirst, encodeVariants, type EncodedVariant } from './encode.ts';
import { lookAtPicture, makePlaceholder } from './inspect.ts';
import { prepareDecoder } from './picture-source.ts';
import type { LookAnswer, LookRequest, VariantsRequest } from './picture-work.ts';
import { planVariants } from './plan.ts';
import { screenPicture } from './screen.ts';

async function* look({ source: asked, preset }: LookRequest): AsyncGenerator<LookAnswer, void, undefined> {
  const screened = await screenPicture(asked);
  if ('failure' in screened) {
    yield screened;
    return;
  }
  const { source } = screened;
  const seen = await lookAtPicture(source);
  if ('failure' in seen) {
    yield seen;
    return;
  }
  const plan = planVariants(seen.facts, preset);
  const narrowest = Math.min(...(plan.formats[0]?.widthsPx ?? [1]));
  const pixels = await decodeAt(source, narrowest);
  const { widthPx, heightPx } = seen.facts;
  yield { seen: { widthPx, heightPx }, plan, placeholder: await makePlaceholder(pixels) };
  yield { first: await encodeFirst(source, plan, pixels) };
}

async function* makeVariants(request: VariantsRequest): AsyncGenerator<EncodedVariant, void, undefined> {
  const screened = await screenPicture(request.source);
  // It was looked at before; what is refused now was changed by somebody who can write into the object store.
  if ('failure' in screened) throw new Error('Input file contains unsupported image format');
  yield* encodeVariants(screened.source, request.plan, request.making, request.hints);
}

prepareDecoder();
answerParent((request: LookRequest | VariantsRequest): AsyncIterable<unknown> =>
  request.work === 'look' ? look(request) : makeVariants(request),
);
