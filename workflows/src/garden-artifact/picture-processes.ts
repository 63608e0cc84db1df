import { ProcessPool } from '../child-process.ts';
import type { EncodedVariant } from './encode.ts';
import type { LookAnswer, LookRequest, VariantsRequest } from './picture-work.ts';

/** The processes that decode and encode pictures. */
export interface PictureProcesses extends Disposable {
  look(request: LookRequest, signal: AbortSignal): AsyncGenerator<LookAnswer, void, undefined>;
  makeVariants(request: VariantsRequest, signal: AbortSignal): AsyncGenerator<EncodedVariant, void, undefined>;
}

/** What a process of libvips keeps to itself grows with what it has seen; a new one costs 150 ms. */
const PICTURES_PER_PROCESS = 100;

/**
 * AVIF costs ten times as much as all else, so it is made at the lowest priority, each time by a new process; everything
 * else by processes that stay, so that no picture waits for one to start.
 */
export function createPictureProcesses(limits: { answerCpuMsMax?: number } = {}): PictureProcesses {
  const program = new URL('./picture-program.ts', import.meta.url);
  const swift = new ProcessPool({ ...limits, program, isLowPriority: false, requestsMax: PICTURES_PER_PROCESS });
  const patient = new ProcessPool({ ...limits, program, isLowPriority: true, requestsMax: 1 });
  swift.warm();
  return {
    look: (request, signal) => swift.ask<LookAnswer>(request, signal),
    makeVariants: (request, signal) =>
      (request.making.format === 'avif' ? patient : swift).ask<EncodedVariant>(request, signal),
    [Symbol.dispose]() {
      swift[Symbol.dispose]();
      patient[Symbol.dispose]();
    },
  };
}
