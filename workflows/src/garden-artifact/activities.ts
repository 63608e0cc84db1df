import { readFile } from 'node:fs/promises';
import { ApplicationFailure, Context, log } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { DroppedVariant, GardenFailure, VariantFormat } from '@hortus/contracts/artifact';
import type { GardenArtifactInput } from '@hortus/contracts/gardener';
import { recordInspection, recordOutcome, recordVariants, type NewVariant } from '@hortus/contracts/internal-api';
import { originalKey, variantKey } from '@hortus/contracts/object-key';
import type { ObjectStore } from '@hortus/service/object-store';
import type { ApiClient } from '../api-client.ts';
import { ProcessDiedError } from '../low-priority-process.ts';
import type { GardenMetrics } from '../metrics.ts';
import { rememberAttempts } from './attempt-memory.ts';
import { classifyPictureError, gardenFailure } from './classify.ts';
import { encodeAvifApart } from './encode-avif-apart.ts';
import { decodeAt, encodeAnimation, encodePixels, encodeVariants, type EncodedVariant } from './encode.ts';
import { lookAtPicture, makePlaceholder } from './inspect.ts';
import { SUPERSEDED } from './outcome.ts';
import type { PictureSource } from './picture-source.ts';
import { hashVariant } from './variant-hash.ts';
import { countVariants, planVariants, type VariantPlan } from './plan.ts';

export interface GardenDeps {
  readonly api: ApiClient;
  readonly objects: ObjectStore;
  readonly metrics: GardenMetrics;
  readonly maxPixels: number;
}

type Version = Pick<GardenArtifactInput, 'workspaceId' | 'artifactId' | 'version'>;

/** A variant that stands, as far as later steps need it. */
export interface MadeVariant {
  readonly format: VariantFormat;
  readonly widthPx: number;
  readonly sizeBytes: number;
}

export interface Made {
  readonly variants: readonly MadeVariant[];
  readonly dropped: number;
}

export interface MakeVariantsInput extends GardenArtifactInput {
  readonly plan: VariantPlan;
  readonly format: VariantFormat;
  /** The variants that stand already; those of the same format are not made again. */
  readonly known: readonly MadeVariant[];
}

type Step = MadeVariant & { readonly dropped: boolean };

export interface GardenActivities {
  readonly inspectPicture: (input: GardenArtifactInput) => Promise<{ plan: VariantPlan; first: MadeVariant }>;
  readonly makeVariants: (input: MakeVariantsInput) => Promise<Made>;
  readonly recordOutcome: (input: Version & { failure: GardenFailure | null }) => Promise<void>;
}

function pictureFailure(failure: GardenFailure): ApplicationFailure {
  return ApplicationFailure.create({
    type: failure.code,
    message: failure.detail,
    nonRetryable: true,
    details: [failure],
    category: ApplicationFailureCategory.BENIGN, // The picture's, not the operator's: no warning, no count of errors.
  });
}

/** The answers that mean: the artifact, its workspace or this version of it is gone. */
const GONE: ReadonlySet<string | null | undefined> = new Set([
  'ARTIFACT_VERSION_STALE',
  'ARTIFACT_NOT_FOUND',
  'WORKSPACE_NOT_FOUND',
  'ORIGINAL_NOT_FOUND',
]);

async function unlessGone<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApplicationFailure && GONE.has(error.type))
      throw ApplicationFailure.create({
        type: SUPERSEDED,
        message: error.message,
        nonRetryable: true,
        category: ApplicationFailureCategory.BENIGN,
      });
    throw error;
  }
}

/** The steps of the gardener. Each may be repeated at any point: names are by content, and the api leaves what stands. */
export function createGardenActivities({ api, objects, metrics, maxPixels }: GardenDeps): GardenActivities {
  /** The original as a file that the decoder can open, for as long as it is not disposed of. */
  async function openOriginal(input: GardenArtifactInput): Promise<PictureSource & AsyncDisposable> {
    const copy = await objects.localCopy(originalKey(input.workspaceId, input.original.sha256));
    if (copy !== null) return { maxPixels, path: copy.path, [Symbol.asyncDispose]: () => copy[Symbol.asyncDispose]() };
    throw ApplicationFailure.retryable(
      'The original is not in the object store; the worker must be given the same store as the api',
      'ORIGINAL_MISSING',
    );
  }

  /** Turns what the decoder says into a failure of the picture; everything else passes as it is. */
  async function decoding<T>(source: PictureSource, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof ProcessDiedError || Context.current().cancellationSignal.aborted) throw error;
      const failure = await classifyPictureError(error, () => readFile(source.path));
      if (failure === null) throw error;
      log.info('the picture can not be read', { code: failure.code, reason: String(error) });
      throw pictureFailure(failure);
    }
  }

  async function* decodingEach<T>(source: PictureSource, items: AsyncGenerator<T>): AsyncGenerator<T> {
    try {
      for (;;) {
        const next = await decoding(source, items.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await items.return(undefined);
    }
  }

  async function record(version: Version, batch: { variants: NewVariant[]; dropped: DroppedVariant[] }): Promise<void> {
    const { workspaceId, artifactId } = version;
    const params = { workspaceId, artifactId, version: version.version };
    await unlessGone(api.call(recordVariants, { params, body: batch }, Context.current().cancellationSignal));
  }

  /** Puts a variant into the object store, then tells the api, so that no address is ever given before its bytes lie there. */
  async function publish(version: Version, variant: EncodedVariant): Promise<void> {
    const { format, widthPx, heightPx, bytes } = variant;
    const hash = hashVariant(bytes);
    await objects.put(variantKey(version.workspaceId, { hash, widthPx, format }), bytes);
    const sizeBytes = bytes.byteLength;
    await record(version, { variants: [{ format, widthPx, heightPx, sizeBytes, hash }], dropped: [] });
    metrics.countVariant(variant);
  }

  async function drop(version: Version, { format, widthPx, bytes }: EncodedVariant, reason: string): Promise<void> {
    await record(version, { variants: [], dropped: [{ format, widthPx, sizeBytes: bytes.byteLength, reason }] });
    metrics.countDropped(format);
  }

  /** Encodes the narrowest WebP and makes the placeholder meanwhile, which is small enough to be done first. */
  async function makeFirst(source: PictureSource, plan: VariantPlan) {
    const [widthPx = 1] = plan.widthsPx;
    const pixels = await decodeAt(source, widthPx);
    const encoding = plan.animated ? encodeAnimation(source, widthPx) : encodePixels(pixels, 'webp', widthPx);
    encoding.catch(() => undefined); // Heard by the caller, who is not there yet: a rejection now would end the worker.
    return { placeholder: await makePlaceholder(pixels), encoding };
  }

  return {
    /**
     * Looks at the picture, records what it is, and makes the narrowest WebP: one step, since the trip from one step to
     * the next would double the time until there is something to see.
     */
    inspectPicture: (input) =>
      rememberAttempts(async () => {
        await using source = await openOriginal(input);
        if (input.original.sizeBytes === 0) throw pictureFailure(gardenFailure('NOT_A_PICTURE'));
        const look = await decoding(source, lookAtPicture(source));
        if ('failure' in look) throw pictureFailure(look.failure);
        const plan = planVariants(look.facts);
        const { placeholder, encoding } = await decoding(source, makeFirst(source, plan));
        const { workspaceId, artifactId, version } = input;
        const { widthPx, heightPx } = look.facts;
        const inspected = unlessGone(
          api.call(
            recordInspection,
            {
              params: { workspaceId, artifactId, version },
              body: { widthPx, heightPx, placeholder, expectedVariants: countVariants(plan) },
            },
            Context.current().cancellationSignal,
          ),
        );
        // Both at once; when one fails, the other is not left to fail unheard.
        const [recorded, encoded] = await Promise.allSettled([inspected, decoding(source, encoding)]);
        if (recorded.status === 'rejected') throw recorded.reason;
        if (encoded.status === 'rejected') throw encoded.reason;
        const first = encoded.value;
        metrics.observeEncoding(first);
        await publish(input, first);
        return { plan, first: { format: first.format, widthPx: first.widthPx, sizeBytes: first.bytes.byteLength } };
      }),

    /** Makes the widths of one format that don't stand yet, ascending, and publishes each as soon as it is made. */
    makeVariants: (input) =>
      rememberAttempts<Step, Made>(async ({ done, remember }) => {
        await using source = await openOriginal(input);
        const { plan, format, known } = input;
        const signal = Context.current().cancellationSignal;
        const stands = (widthPx: number): boolean =>
          [...known, ...done].some((one) => one.format === format && one.widthPx === widthPx);
        const widthsPx = plan.widthsPx.filter((widthPx) => !stands(widthPx));
        const steps = [...done];

        async function keepOrDrop(variant: EncodedVariant): Promise<void> {
          const { widthPx, bytes } = variant;
          const sizeBytes = bytes.byteLength;
          metrics.observeEncoding(variant);
          const cheaper = known.find(
            (one) => one.format !== format && one.widthPx === widthPx && one.sizeBytes <= sizeBytes,
          );
          if (cheaper) {
            const reason = `${cheaper.format} of the same width is not larger: ${String(cheaper.sizeBytes)} bytes`;
            await drop(input, variant, reason);
          } else {
            await publish(input, variant);
          }
          const step = { format, widthPx, sizeBytes, dropped: cheaper !== undefined };
          steps.push(step);
          remember(step);
        }

        const variants =
          format === 'avif'
            ? encodeAvifApart({ source, plan, widthsPx }, signal)
            : encodeVariants(source, plan, format, widthsPx);
        // While one width is being stored and recorded, the next is encoded already: the slot is never idle.
        let publishing: Promise<void> = Promise.resolve();
        for await (const variant of decodingEach(source, variants)) {
          await publishing;
          signal.throwIfAborted();
          publishing = keepOrDrop(variant);
          publishing.catch(() => undefined); // Heard by the next `await publishing`.
        }
        await publishing;
        return {
          variants: steps
            .filter(({ dropped }) => !dropped)
            .map(({ widthPx, sizeBytes }) => ({ format, widthPx, sizeBytes })),
          dropped: steps.filter(({ dropped }) => dropped).length,
        };
      }),

    async recordOutcome({ workspaceId, artifactId, version, failure }) {
      const params = { workspaceId, artifactId, version };
      await unlessGone(api.call(recordOutcome, { params, body: { failure } }, Context.current().cancellationSignal));
      metrics.countOutcome(failure?.code ?? 'ready');
    },
  };
}
