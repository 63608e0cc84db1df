import { readFile } from 'node:fs/promises';
import type { Endpoint, Input, Output } from '@hortus/contracts/endpoint';
import type { Problem } from '@hortus/contracts/errors';
import { Agent, request, type Dispatcher } from 'undici';
import { startDeadline } from './kube/deadline.ts';

/** What the api answered instead of what was asked for. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** Stable code of the problem; empty where it was no answer of the api. */
  readonly code: string;
  /** Whether the same call may be taken later without a change of it. */
  readonly mayPass: boolean;

  constructor(message: string, options: { code: string; mayPass: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.mayPass = options.mayPass;
  }
}

export interface ApiClient {
  /** @throws ApiError */
  call<E extends Endpoint>(endpoint: E, input: Input<E>, signal: AbortSignal): Promise<Output<E>>;
  close(): Promise<void>;
}

interface Parts {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly querystring?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
}

const TIMEOUT_MS = 20_000;

/** Calls the api's internal operations, by the token of a service account, which is read anew, or by the service key. */
export function createApiClient(options: {
  readonly url: string;
  readonly serviceKey?: string | undefined;
  readonly tokenFile?: string | undefined;
}): ApiClient {
  const agent = new Agent({ connections: 32, connect: { timeout: 5_000 } });

  async function authorization(): Promise<string> {
    const { tokenFile, serviceKey = '' } = options;
    return `Bearer ${tokenFile === undefined ? serviceKey : (await readFile(tokenFile, 'utf8')).trim()}`;
  }

  async function send(endpoint: Endpoint, parts: Parts, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return request(urlOf(options.url, endpoint, parts), {
      method: endpoint.method,
      headers: {
        authorization: await authorization(),
        accept: 'application/json, application/problem+json',
        ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: parts.body === undefined ? null : JSON.stringify(parts.body),
      dispatcher: agent,
      signal,
    });
  }

  return {
    async call<E extends Endpoint>(endpoint: E, input: Input<E>, signal: AbortSignal): Promise<Output<E>> {
      const deadline = startDeadline(TIMEOUT_MS, signal);
      try {
        const response = await send(endpoint, input, deadline.signal);
        const text = await response.body.text();
        if (response.statusCode >= 300) throw refusalOf(response.statusCode, text);
        return (text === '' ? undefined : JSON.parse(text)) as Output<E>;
      } catch (error) {
        if (error instanceof ApiError) throw error;
        signal.throwIfAborted();
        const message = `Hortus at ${options.url} does not answer (${String(error)})`;
        throw new ApiError(message, { code: '', mayPass: true, cause: error });
      } finally {
        deadline.clear();
      }
    },
    close: () => agent.destroy(),
  };
}

function urlOf(base: string, endpoint: Endpoint, { params, querystring }: Parts): URL {
  const path = endpoint.url.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''));
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(querystring ?? {})) url.searchParams.set(name, String(value));
  return url;
}

function refusalOf(status: number, text: string): ApiError {
  const { code = '', title, detail, errors = [] } = parseProblem(text);
  const fields = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  const said = [detail ?? title ?? `the answer was ${String(status)}`, fields].filter((part) => part !== '').join(' ');
  // An address that is not there is what a proxy without its api, or an older api, answers.
  const isNoAnswer = status === 404 && (code === '' || code === 'NOT_FOUND');
  const mayPass =
    isNoAnswer || code === 'REMOVAL_UNDER_WAY' || status === 401 || status === 408 || status === 429 || status >= 500;
  return new ApiError(said, { code, mayPass });
}

function parseProblem(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return {};
  }
}
