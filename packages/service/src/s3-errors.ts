import { S3ServiceException } from '@aws-sdk/client-s3';
import { ObjectStoreAwayError, ObjectStoreFullError } from './object-store.ts';

export function isMissingObject(error: unknown): boolean {
  return error instanceof S3ServiceException && ['NoSuchKey', 'NotFound'].includes(error.name);
}

const FULL = /^(QuotaExceeded|InsufficientStorage|StorageFull|XMinioStorageFull|EntityTooLargeForQuota)$/;
/** How Node and the SDK name a server that can't be reached, or stops to answer. */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT|TimeoutError|AbortError)$/;

/** An error of the SDK as one of the store: full, away, or as it is, where it is a fault of this program or its settings. */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name } = error;
  const code = 'code' in error ? String(error.code) : '';
  const status = error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0;
  if (FULL.test(name) || status === 507) {
    return new ObjectStoreFullError('the bucket takes no more bytes', { cause: error });
  }
  if (AWAY.test(name) || AWAY.test(code) || status >= 500 || status === 429) {
    return new ObjectStoreAwayError(`the object store does not answer: ${error.message}`, { cause: error });
  }
  return error;
}
