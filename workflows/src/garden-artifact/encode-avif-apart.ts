import { askLowPriorityProcess } from '../low-priority-process.ts';
import type { AvifRequest } from './encode-avif.ts';
import type { EncodedVariant } from './encode.ts';

const PROGRAM = new URL('./encode-avif.ts', import.meta.url);

/** Encodes AVIF in a process of low priority; see `low-priority-process.ts` for what it throws. */
export function encodeAvifApart(
  request: AvifRequest,
  signal: AbortSignal,
): AsyncGenerator<EncodedVariant, void, undefined> {
  return askLowPriorityProcess<EncodedVariant>(PROGRAM, request, signal);
}
