import { ApplicationFailure } from '@temporalio/common';
import type { Endpoint, Input, Output } from '@hortus/contracts/endpoint';
import type { ErrorCode, Problem } from '@hortus/contracts/errors';

/** Calls operations of the api that only the product's own programs may call. */
export interface ApiClient {
  /**
   * @throws ApplicationFailure whose type is the problem's code; non-retryable where the same call would be refused again,
   *   retryable where the api is away, overloaded or in trouble
   */
  call<E extends Endpoint>(endpoint: E, input: Input<E>, signal?: AbortSignal): Promise<Output<E>>;
}

interface Parts {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly querystring?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
}

const TIMEOUT_MS = 30_000;

/**
 * Answers that may differ next time: too many requests, trouble on the api's side, a service key that is being changed,
 * and an address that is not there, which is what a proxy without its api answers, unlike an artifact that is not there.
 */
function mayPass(status: number, code: ErrorCode | undefined): boolean {
  if (status === 404) return code === undefined || code === 'NOT_FOUND';
  return status === 401 || status === 408 || status === 429 || status >= 500;
}

function urlOf(base: string, endpoint: Endpoint, { params, querystring }: Parts): string {
  const path = endpoint.url.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params?.[name];
    if (value === undefined) throw new Error(`${endpoint.schema.operationId} needs the parameter ${name}`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(querystring ?? {})) query.set(name, String(value));
  return query.size > 0 ? `${base}${path}?${query.toString()}` : base + path;
}

async function problemOf(response: Response): Promise<Partial<Problem>> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return {}; // Not the api's own answer: a proxy's page.
  }
}

async function failureOf(endpoint: Endpoint, response: Response): Promise<ApplicationFailure> {
  const { code, title, detail } = await problemOf(response);
  const said = detail ?? title ?? `the api answered ${String(response.status)}`;
  return ApplicationFailure.create({
    type: code ?? `HTTP_${String(response.status)}`,
    message: code === 'DEMO_REFUSED' ? said : `${endpoint.schema.operationId}: ${said}`,
    nonRetryable: !mayPass(response.status, code),
  });
}

export function createApiClient(options: { url: string; serviceKey: string }): ApiClient {
  return {
    async call<E extends Endpoint>(endpoint: E, input: Input<E>, signal?: AbortSignal): Promise<Output<E>> {
      const parts = input as Parts;
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      let response: Response;
      try {
        response = await fetch(urlOf(options.url, endpoint, parts), {
          method: endpoint.method,
          headers: {
            authorization: `Bearer ${options.serviceKey}`,
            accept: 'application/json, application/problem+json',
            ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        });
      } catch (error) {
        signal?.throwIfAborted();
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        throw ApplicationFailure.retryable(
          `${endpoint.schema.operationId}: the api at ${options.url} does not answer (${String(cause)})`,
          'API_AWAY',
        );
      }
      if (!response.ok) throw await failureOf(endpoint, response);
      return (response.status === 204 ? undefined : await response.json()) as Output<E>;
    },
  };
}
