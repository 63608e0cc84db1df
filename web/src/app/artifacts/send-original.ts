import type { putOriginal } from '@hortus/contracts/artifact-api';
import { ConnectionError, errorFromAnswer } from '../api/problem-error.ts';
import type { EndpointRef } from '../api/request.ts';
import { requestUrl } from '../api/request-url.ts';

const ENDPOINT: EndpointRef<typeof putOriginal> = { method: 'PUT', url: '/api/v1/artifacts/:id/original' };

export interface OriginalTransfer {
  readonly artifactId: string;
  readonly file: File;
  readonly headers: Readonly<Record<string, string>>;
  readonly onProgress: (sentBytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends the bytes of a file. XMLHttpRequest, since `fetch` can't tell how far an upload is.
 *
 * Throws `ProblemError`, `ConnectionError`, or an `AbortError` when `signal` aborts.
 */
export async function sendOriginal(transfer: OriginalTransfer): Promise<void> {
  const { artifactId, file, headers, onProgress, signal } = transfer;
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = (): void => {
      xhr.abort();
    };
    // The connection is dead; without this the request would hang until the system notices.
    const lose = (): void => {
      reject(new ConnectionError('The connection broke while the file was sent.'));
      xhr.abort();
    };
    signal.addEventListener('abort', abort);
    addEventListener('offline', lose);
    xhr.upload.addEventListener('progress', ({ loaded }) => {
      onProgress(loaded);
    });
    xhr.addEventListener('load', () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve();
      else reject(errorFromAnswer(xhr.status, xhr.getResponseHeader('Content-Type'), xhr.responseText));
    });
    xhr.addEventListener('error', lose);
    xhr.addEventListener('abort', () => {
      reject(new DOMException('The upload was cancelled', 'AbortError'));
    });
    xhr.addEventListener('loadend', () => {
      signal.removeEventListener('abort', abort);
      removeEventListener('offline', lose);
    });
    xhr.open(ENDPOINT.method, requestUrl(ENDPOINT.url, { params: { id: artifactId } }));
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.setRequestHeader('Content-Type', file.type === '' ? 'application/octet-stream' : file.type);
    xhr.send(file);
  });
}
