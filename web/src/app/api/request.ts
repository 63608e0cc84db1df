import type { Endpoint, Input, Output } from '@hortus/contracts/endpoint';
import { ConnectionError, errorFromAnswer } from './problem-error.ts';
import { requestUrl } from './request-url.ts';

/** Names an operation by what the compiler can check against the contracts: its constant's method and address. */
export type EndpointRef<E extends Endpoint> = Pick<E, 'method' | 'url'>;

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Sends a request and answers what the operation answers. Throws `ProblemError`, `ConnectionError`, or `AbortError`. */
export async function request<E extends Endpoint>(
  ref: EndpointRef<E>,
  input: Input<E>,
  options: RequestOptions = {},
): Promise<Output<E>> {
  const { body } = input as { readonly body?: unknown };
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await send(requestUrl(ref.url, input), {
    method: ref.method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal: options.signal ?? null,
  });
  return (response.status === 204 ? null : await response.json()) as Output<E>;
}

/** `fetch` that throws for every answer that is not a success. */
export async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ConnectionError('Hortus can’t be reached. Check the connection and try again.');
  }
  if (response.ok) return response;
  const body = await response.text().catch(() => '');
  const { headers, status } = response;
  throw errorFromAnswer(status, headers.get('Content-Type'), body, headers.get('Retry-After'));
}

/** The headers that say who asks, in which workspace, and which revision was seen. */
export function requestHeaders(
  accessToken: string,
  options: { readonly workspaceId?: string; readonly ifMatch?: string },
): Record<string, string> {
  const headers: Record<string, string> = { Authorization: `Bearer ${accessToken}` };
  if (options.workspaceId !== undefined) headers['Hortus-Workspace'] = options.workspaceId;
  if (options.ifMatch !== undefined) headers['If-Match'] = options.ifMatch;
  return headers;
}
