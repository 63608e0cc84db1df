import type { Usage } from '@hortus/contracts/quota-api';
import { ProblemError } from '@hortus/service/problem';

/** What migration 0016 raises. */
const SQLSTATE = 'HQ001';

interface Excess {
  readonly resource: 'bytes' | 'artifacts';
  readonly used: number;
  readonly max: number;
}

export function quotaExceeded({ resource, used, max }: Excess, cause?: unknown): ProblemError {
  const detail =
    `The workspace keeps ${String(used)} of ${String(max)} ${resource}. Delete something for good, or ask whoever runs ` +
    'this instance for more.';
  return new ProblemError('QUOTA_EXCEEDED', detail, { quota: { resource, used, max }, cause });
}

/** The refusal of the database, as a problem; undefined for any other error. */
export function readQuotaError(error: Error & { code?: unknown; detail?: unknown }): ProblemError | undefined {
  if (error.code !== SQLSTATE) return undefined;
  return quotaExceeded(JSON.parse(String(error.detail)) as Excess, error);
}

/** Bytes that still fit; without a limit, more than any upload has. */
export function bytesLeft({ bytes, uploadBytes, bytesMax }: Usage): number {
  return bytesMax === null ? Number.MAX_SAFE_INTEGER : Math.max(0, bytesMax - bytes - uploadBytes);
}

/** @throws ProblemError QUOTA_EXCEEDED where so many bytes do not fit */
export function assertFits(usage: Usage, sizeBytes: number): void {
  if (sizeBytes <= bytesLeft(usage)) return;
  throw quotaExceeded({ resource: 'bytes', used: usage.bytes + usage.uploadBytes, max: usage.bytesMax ?? 0 });
}
