import { readFile } from 'node:fs/promises';
import { ApplicationFailure, Context, log } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { DroppedVariant, GardenFailure, VariantFormat } from '@hortus/contracts/artifact';
import type { GardenArtifactInput, GardenPreset } from '@hortus/contracts/gardener';
import { recordInspection, recordOutcome, recordVariants, type NewVariant } from '@hortus/contracts/internal-api';
import { originalKey, variantKey } from '@hortus/contracts/object-key';
import type { ObjectStore } from '@hortus/service/object-store';
import type { ApiClient } from '../api-client.ts';
import { ProcessDiedError, ProcessTooSlowError } from '../child-process.ts';
import type { GardenMetrics } from '../metrics.ts';
import { rememberAttempts } from './attempt-memory.ts';
import { classifyPictureError, gardenFailure } from './classify.ts';
import type { EncodedVariant } from './encode.ts';
import { SUPERSEDED } from './outcome.ts';
import type { PictureProcesses } from './picture-processes.ts';
import type { LookAnswer } from './picture-work.ts';
import type { PictureSource } from './picture-source.ts';
import { countVariants, type FormatPlan, type VariantPlan } from './plan.ts';
import { hashVariant } from './variant-hash.ts';

export interface GardenDeps {
  readonly api: ApiClient;
  readonly objects: ObjectStore;
  readonly metrics: GardenMetrics;
  readonly pictures: PictureProcesses;
  readonly maxPixels: number;
  /** What is made of a picture where nothing else is asked for. */
  readonly preset: GardenPreset;
}

type Version = Pick<GardenArtifactInput, 'workspaceId' | 'artifactId' | 'version'>;

/** A variant that stands, as far as later steps need it. */
export interface MadeVariant {
  readonly format: VariantFormat;
  readonly widthPx: number;
  readonly sizeBytes: number;
  readonly quality: number | null;
}

export interface Made {
  readonly variants: readonly MadeVariant[];
  readonly dropped: number;
}

export interface MakeVariantsInput extends GardenArtifactInput {
  readonly plan: VariantPlan;
  readonly making: FormatPlan;
  /** The variants that stand already; those of the same format are not made again. */
  readonly known: readonly MadeVariant[];
}

type Seen = Extract<LookAnswer, { seen: unknown }>;

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

/**
 * A variant that makes another useless: of a format that every browser prefers less but that is as good at the same width,
 * and not larger. The fallback is for browsers that know none of the others, so it is never left out, and nothing for it.
 */
function findCheaper(
  known: readonly MadeVariant[],
  { format, widthPx, bytes }: EncodedVariant,
): MadeVariant | undefined {
  if (format !== 'avif') return undefined;
  return known.find((one) => one.format === 'webp' && one.widthPx === widthPx && one.sizeBytes <= bytes.byteLength);
}

/** A signal that is aborted with another, or by hand. */
function stoppable(signal: AbortSignal): { signal: AbortSignal; stop: (reason: unknown) => void } {
  const controller = new AbortController();
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    stop: (reason) => {
      controller.abort(reason);
    },
  };
}

/** The steps of the gardener. Each may be repeated at any point: names are by content, and the api leaves what stands. */
export function createGardenActivities(deps: GardenDeps): GardenActivities {
  const { api, objects, metrics, pictures, maxPixels } = deps;

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
  async function* decoding<T>(source: PictureSource, answers: AsyncGenerator<T>): AsyncGenerator<T, void, undefined> {
    try {
      yield* answers;
    } catch (error) {
      // Not the picture's: a death, which is counted elsewhere, a cancelled step, and an answer of the api.
      if (error instanceof ProcessDiedError || error instanceof ApplicationFailure) throw error;
      if (Context.current().cancellationSignal.aborted) throw error;
      if (error instanceof ProcessTooSlowError) throw pictureFailure(gardenFailure('PICTURE_TOO_SLOW'));
      const failure = await classifyPictureError(error, () => readFile(source.path));
      if (failure === null) throw error;
      log.info('the picture can not be read', { code: failure.code, reason: String(error) });
      throw pictureFailure(failure);
    }
  }

  async function record(version: Version, batch: { variants: NewVariant[]; dropped: DroppedVariant[] }): Promise<void> {
    const { workspaceId, artifactId } = version;
    const params = { workspaceId, artifactId, version: version.version };
    await unlessGone(api.call(recordVariants, { params, body: batch }, Context.current().cancellationSignal));
  }

  /** Puts a variant into the object store, then tells the api, so that no address is ever given before its bytes lie there. */
  async function publish(version: Version, variant: EncodedVariant): Promise<void> {
    const { bytes, encodeMs, tries, ...said } = variant;
    const hash = hashVariant(bytes);
    await objects.put(variantKey(version.workspaceId, { hash, ...said }), bytes);
    const cost = { sizeBytes: bytes.byteLength, encodeMs: Math.round(encodeMs), tries: [...tries] };
    await record(version, { variants: [{ ...said, ...cost, hash }], dropped: [] });
    metrics.countVariant(variant);
  }

  async function drop(version: Version, { format, widthPx, bytes }: EncodedVariant, reason: string): Promise<void> {
    await record(version, { variants: [], dropped: [{ format, widthPx, sizeBytes: bytes.byteLength, reason }] });
    metrics.countDropped(format);
  }

  async function recordSeen(input: GardenArtifactInput, seen: Seen): Promise<void> {
    const { workspaceId, artifactId, version } = input;
    const params = { workspaceId, artifactId, version };
    const body = { ...seen.seen, placeholder: seen.placeholder, expectedVariants: countVariants(seen.plan) };
    await unlessGone(api.call(recordInspection, { params, body }, Context.current().cancellationSignal));
  }

  return {
    /**
     * Looks at the picture, records what it is, and makes the narrowest variant of the first format: one step, since the
     * trip from one step to the next would double the time until there is something to see.
     */
    inspectPicture: (input) =>
      rememberAttempts(async () => {
        await using source = await openOriginal(input);
        const { signal, stop } = stoppable(Context.current().cancellationSignal);
        const { path } = source;
        const request = { work: 'look', source: { path, maxPixels }, preset: input.preset ?? deps.preset } as const;
        // What was seen is recorded while the variant is being encoded.
        let recording: Promise<void> = Promise.resolve();
        let plan: VariantPlan | undefined;
        for await (const answer of decoding(source, pictures.look(request, signal))) {
          if ('failure' in answer) throw pictureFailure(answer.failure);
          if ('seen' in answer) {
            ({ plan } = answer);
            recording = recordSeen(input, answer);
            recording.catch(stop); // Heard below; what is encoded meanwhile is of no use to anybody.
            continue;
          }
          await recording;
          if (plan === undefined) break;
          metrics.observeEncoding(answer.first);
          await publish(input, answer.first);
          const { format, widthPx, quality, bytes } = answer.first;
          return { plan, first: { format, widthPx, quality, sizeBytes: bytes.byteLength } };
        }
        throw new Error('the process that decodes has given no variant');
      }),

    /** Makes the widths of one format that don't stand yet, ascending, and publishes each as soon as it is made. */
    makeVariants: (input) =>
      rememberAttempts<Step, Made>(async ({ done, remember }) => {
        await using source = await openOriginal(input);
        const { plan, making, known } = input;
        const { format } = making;
        const signal = Context.current().cancellationSignal;
        const stands = (widthPx: number): boolean =>
          [...known, ...done].some((one) => one.format === format && one.widthPx === widthPx);
        const widthsPx = making.widthsPx.filter((widthPx) => !stands(widthPx));
        const steps = [...done];

        async function keepOrDrop(variant: EncodedVariant): Promise<void> {
          const { widthPx, bytes, quality } = variant;
          const sizeBytes = bytes.byteLength;
          metrics.observeEncoding(variant);
          const cheaper = findCheaper(known, variant);
          if (cheaper) {
            const reason = `${cheaper.format} of the same width is not larger: ${String(cheaper.sizeBytes)} bytes`;
            await drop(input, variant, reason);
          } else {
            await publish(input, variant);
          }
          const step = { format, widthPx, sizeBytes, quality, dropped: cheaper !== undefined };
          steps.push(step);
          remember(step);
        }

        const { path } = source;
        const hints = [...known, ...done];
        const request = {
          work: 'variants',
          source: { path, maxPixels },
          plan,
          making: { format, widthsPx },
          hints,
        } as const;
        // While one width is being stored and recorded, the next is encoded already: the slot is never idle.
        let publishing: Promise<void> = Promise.resolve();
        for await (const variant of decoding(source, pictures.makeVariants(request, signal))) {
          await publishing;
          signal.throwIfAborted();
          publishing = keepOrDrop(variant);
          publishing.catch(() => undefined); // Heard by the next `await publishing`.
        }
        await publishing;
        return {
          variants: steps
            .filter(({ dropped }) => !dropped)
            .map(({ widthPx, sizeBytes, quality }) => ({ format, widthPx, sizeBytes, quality })),
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
